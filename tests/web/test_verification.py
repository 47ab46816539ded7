"""验签 for anybody: what may be handed in, what is kept and how long, and what the page says."""

import hashlib
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.sealing.errors import PdfTooComplex
from server.sealing.report import Answer, CheckName, Overall, Revision, RevisionBy
from server.validation import service
from server.validation.models import Verification
from server.validation.sentences import CHECKS
from tests.factories import pdf, reports
from tests.factories.product import Product
from tests.factories.verifying import SayingSandbox, Verifier, parts_of, saying
from tests.web.partner.test_uploads import BAD

LARGEST = 20 * 1024 * 1024
MIB = 1024 * 1024


@pytest.fixture
def verifier(product: Product) -> Verifier:
    """A browser of somebody who is not logged in; every file is found to be good."""
    return Verifier.at(saying(product, reports.report()))


def refused(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def kept(product: Product) -> int:
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(Verification)) or 0


@pytest.mark.row("F-49", "S-32")
def test_twenty_mebibytes_are_verified_and_one_byte_more_is_not(
    product: Product, verifier: Verifier
) -> None:
    content = pdf.padded_pdf(LARGEST)

    assert verifier.hand_in(content).status_code == 201
    assert refused(verifier.hand_in(content + b"\n")) == (413, "pdf_too_large")
    assert refused(verifier.hand_in(content + b" " * MIB)) == (413, "too_large")
    assert kept(product) == 1


@pytest.mark.row("F-49")
def test_it_takes_one_pdf_or_the_data_of_a_seal_and_not_both(verifier: Verifier) -> None:
    assert refused(verifier.hand_in_parts()) == (422, "nothing_to_verify")
    assert refused(verifier.hand_in_parts(seal=b"")) == (422, "nothing_to_verify")
    assert refused(verifier.hand_in(b"")) == (422, "no_file")
    both = verifier.hand_in_parts(file=pdf.make_pdf(), seal=b"x")
    assert refused(both) == (422, "nothing_to_verify")
    assert refused(verifier.hand_in_parts(other=b"x"))[0] == 422
    for parts in ({"seal": b"x"}, {"signature": b"x"}, {"seal": b"x", "signature": b"y"}):
        assert verifier.hand_in_parts(**parts).status_code == 201
    assert verifier.hand_in_parts(seal=b"x" * MIB).status_code == 201
    late = verifier.hand_in_parts(seal=b"x", signature=b"x" * (MIB + 1))
    assert refused(late) == (413, "seal_data_too_large")


@pytest.mark.row("S-33", "S-35")
@pytest.mark.parametrize("kind", ["not a pdf", "a picture", "an svg", "encrypted", "damaged"])
def test_what_cannot_be_opened_is_refused_by_name(product: Product, kind: str) -> None:
    content, _ = BAD[kind]

    answer = Verifier.at(product).hand_in(content)

    assert answer.status_code == 422
    told = answer.get_json()
    assert told["code"] in ("not_a_pdf", "pdf_encrypted", "pdf_damaged")
    assert (told["detail"] and told["next_step"]) != ""
    assert kept(product) == 0


@pytest.mark.row("S-34", "R-15")
def test_a_file_that_outlasts_its_child_is_refused_and_the_next_one_is_served(
    product: Product,
) -> None:
    class Worn(SayingSandbox):
        def run(self, *_: object) -> object:  # type: ignore[override]
            raise PdfTooComplex()

    worn = saying(product, reports.report(), Worn)

    assert refused(Verifier.at(worn).hand_in(pdf.make_pdf())) == (422, "pdf_too_complex")
    assert Verifier.at(product).hand_in(pdf.make_pdf()).status_code == 201


@pytest.mark.row("F-49")
def test_the_file_is_forgotten_and_its_report_lives_half_an_hour(
    product: Product, verifier: Verifier
) -> None:
    content = pdf.make_pdf() + b"% a secret of the file"
    data = product.parts.settings.data_dir

    token = verifier.verified(content)

    digest = hashlib.sha256(content).hexdigest()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert not [path for path in files if digest in path.name or b"a secret of" in read(path)]
    product.clock.advance(minutes=29, seconds=59)
    assert verifier.get(f"/verify/{token}/report.json").status_code == 200
    product.clock.advance(seconds=1)
    for path in ("", "/report.json", "/report.pdf", "/seals/1.png"):
        assert refused(verifier.get(f"/verify/{token}{path}")) == (404, "verification_not_found")
    assert kept(product) == 1
    with product.parts.db.begin() as uow:
        service.sweep(uow)
    assert kept(product) == 0


def read(path: Path) -> bytes:
    return path.read_bytes()


def test_reports_that_are_still_read_are_not_swept(product: Product, verifier: Verifier) -> None:
    verifier.verified()
    product.clock.advance(minutes=20)
    verifier.verified()
    product.clock.advance(minutes=10)

    with product.parts.db.begin() as uow:
        service.sweep(uow)

    assert kept(product) == 1


@pytest.mark.row("F-49")
def test_an_id_of_a_report_is_long_and_never_the_same(verifier: Verifier) -> None:
    tokens = {verifier.verified() for _ in range(5)}

    assert len(tokens) == 5
    assert all(re.fullmatch(r"[\w-]{32}", one) for one in tokens)


@pytest.mark.row("F-49", "P-29")
def test_an_address_may_have_so_many_files_verified_in_a_minute(product: Product) -> None:
    few = saying(product, reports.report()).restarted(verifications_per_minute=2)
    verifier = Verifier.at(few)
    assert [verifier.hand_in(pdf.make_pdf()).status_code for _ in range(3)] == [201, 201, 429]

    answer = verifier.hand_in(pdf.make_pdf())

    assert refused(answer) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "60"
    assert verifier.client.get("/verify").status_code == 200


@pytest.mark.row("R-12", "P-12")
def test_a_request_that_is_sent_again_gets_the_report_that_it_made(
    product: Product, verifier: Verifier
) -> None:
    first = verifier.hand_in(pdf.make_pdf(), **{"Idempotency-Key": "k"}).get_json()
    again = verifier.hand_in(pdf.make_pdf(), **{"Idempotency-Key": "k"}).get_json()
    other = verifier.hand_in(pdf.make_pdf() + b"\n", **{"Idempotency-Key": "k"}).get_json()

    assert (first == again, first == other, kept(product)) == (True, False, 2)
    product.clock.advance(minutes=30)
    late = verifier.hand_in(pdf.make_pdf(), **{"Idempotency-Key": "k"})
    assert refused(late) == (410, "repeat_too_late")


@pytest.mark.row("F-50", "P-20")
@pytest.mark.parametrize("path", ["/verify", "/m/verify"])
def test_the_page_says_each_check_in_words_and_signs(product: Product, path: str) -> None:
    checks = reports.failing(CheckName.DOCUMENT_DIGEST, Answer.FAILED, "seal_digest_differs")
    bad = reports.seal(checks=checks, overall=Overall.INVALID, cause="seal_digest_differs")
    whole = reports.report(bad, overall=Overall.INVALID, cause="seal_digest_differs")
    verifier = Verifier.at(saying(product, whole))

    shown = verifier.page(f"{path}/{verifier.verified()}")

    assert "<h1" in shown
    assert "验签详情</h1>" in shown
    rows = re.findall(r'<li class="check-(\w+)">(.*?)</li>', shown, re.DOTALL)
    assert [kind for kind, _ in rows] == ["passed"] * 7 + ["failed"]
    for (_, row), name in zip(rows, CheckName, strict=True):
        assert f"<b>{CHECKS[name][0]}</b>" in row
        assert "<svg" in row
    assert all("<em>通过</em>" in row for _, row in rows[:7])
    assert "<em>未通过</em>" in rows[7][1]
    assert "原文与签章时不一致：文件已被修改，或印章来自其他文件。" in rows[7][1]
    assert re.search(r'verdict-invalid".*?<svg.*?无效', shown, re.DOTALL)
    assert "请向文件提供者索取未经改动的原文件，再重新验证。" in shown


@pytest.mark.row("F-50")
def test_the_page_says_it_in_english_too(verifier: Verifier) -> None:
    shown = verifier.page(f"/m/verify/{verifier.verified()}", lang="en")

    assert "Verification report" in shown
    assert "<b>Digest of the document</b><em>Passed</em>" in shown


@pytest.mark.row("F-50")
def test_the_page_names_the_seal_its_people_times_and_places(verifier: Verifier) -> None:
    shown = verifier.page(f"/verify/{verifier.verified(name='施工合同.pdf')}")

    for told in ("施工合同.pdf", "南宁桂印科技有限公司", "桂印演示制章者", "seal-01"):
        assert told in shown
    for told in ("2026-11-20 16:30:00", "1、2", "GB/T 38540-2020", "ab" * 32, "0a1b2c3d4e5f"):
        assert told in shown
    assert "CN=桂印演示根, C=CN" in shown


@pytest.mark.row("F-50", "S-37")
def test_the_page_lists_what_was_changed_after_sealing(product: Product) -> None:
    later = Revision(3, 200_000, RevisionBy.CHANGE, ("page_content:2", "metadata"))
    seal = reports.seal(changed_later=True, overall=Overall.CHANGED, cause="changed_later")
    whole = reports.report(
        seal,
        revisions=(*reports.report().revisions, later),
        overall=Overall.CHANGED,
        cause="changed_later",
        uncounted=("Seal9",),
    )
    verifier = Verifier.at(saying(product, whole))

    shown = verifier.page(f"/m/verify/{verifier.verified()}")

    assert "签章后有改动" in shown
    assert "文件在签章后被修改。" in shown
    assert "第 2 页的内容被改动" in shown
    assert "文件属性被改动" in shown
    assert re.search("不属于任何签章.*Seal9", shown)


@pytest.mark.row("S-45", "S-11")
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "甲\u202e乙", "甲\u200b乙\r\nx: y"])
def test_words_out_of_a_foreign_file_are_only_words(product: Product, name: str) -> None:
    facts = {"name": name, "owner": name, "maker": name, "id": name}
    whole = reports.report(reports.seal(**facts), uncounted=(name,))
    verifier = Verifier.at(saying(product, whole))
    token = verifier.verified(name="合同.pdf")

    for page in (f"/verify/{token}", f"/m/verify/{token}"):
        shown = verifier.page(page)
        assert "<script>alert" not in shown
        assert not set("\u202e\u200b") & set(shown)
    assert "\\u202e" not in verifier.get(f"/verify/{token}/report.json").text


@pytest.mark.row("P-49", "S-33")
def test_no_bare_picture_of_a_seal_is_handed_out(product: Product) -> None:
    signing = product.signing()
    verifier = Verifier.at(product)

    token = verifier.verified(signing.seal())

    picture = verifier.get(f"/verify/{token}/seals/1.png")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert grey_share(picture.data) > 0.02
    assert refused(verifier.get(f"/verify/{token}/seals/2.png"))[0] == 404


def grey_share(png: bytes) -> float:
    """How much of a picture is neither red nor white: the rows that lie over it."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    grey = sum(n for n, one in counted if max(one) - min(one) < 24 and max(one) < 235)
    return grey / (picture.width * picture.height)


@pytest.mark.row("S-25")
def test_another_site_cannot_have_a_file_verified(verifier: Verifier) -> None:
    answer = verifier.hand_in(pdf.make_pdf(), Origin="https://evil.test")

    assert refused(answer) == (403, "cross_site")


def test_the_data_of_a_seal_reaches_the_child_as_it_came(product: Product) -> None:
    watched = saying(product, reports.report())

    parts_of(watched, seal=b"a seal", signature=b"a signature")

    child = watched.parts.verifying
    assert isinstance(child, SayingSandbox)
    assert child.asked == [b"a seal", b"a signature"]
