"""验签详情 as people read it: words and signs, changes, foreign words, marked pictures."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PIL import Image

from server.sealing.report import Answer, CheckName, Overall, Revision, RevisionBy
from server.validation.sentences import CHECKS
from tests.factories import reports
from tests.factories.product import Product
from tests.factories.verifying import Verifier, saying


@pytest.fixture
def verifier(product: Product) -> Verifier:
    """A browser of somebody who is not logged in; every file is found to be good."""
    return Verifier.at(saying(product, reports.report()))


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
    assert verifier.get(f"/verify/{token}/seals/2.png").status_code == 404


def grey_share(png: bytes) -> float:
    """How much of a picture is neither red nor white: the rows that lie over it."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    counted = picture.getcolors(picture.width * picture.height) or []
    grey = sum(n for n, one in counted if max(one) - min(one) < 24 and max(one) < 235)
    return grey / (picture.width * picture.height)


@pytest.mark.row("F-49", "S-35")
def test_a_certificate_and_a_seal_without_an_end_are_shown_and_printed(product: Product) -> None:
    no_end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    facts = replace(reports.CERTIFICATE, valid_until=no_end)
    seal = reports.seal(valid_until=no_end, certificate=facts)
    verifier = Verifier.at(saying(product, reports.report(seal)))
    token = verifier.verified()

    assert "9999-12-31" in verifier.page(f"/verify/{token}")
    assert "9999-12-31" in verifier.page(f"/m/verify/{token}")
    assert verifier.get(f"/verify/{token}/report.json").status_code == 200
    # The child that says what a test wants can seal nothing.
    assert Verifier.at(product).get(f"/verify/{token}/report.pdf").status_code == 200
