"""验签 for anybody: what may be handed in, what is kept and how long, and what the page says."""

import hashlib
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.sealing.errors import PdfTooComplex
from server.validation import service
from server.validation.models import Verification
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


@pytest.mark.row("S-34", "P-29")
def test_so_many_are_verified_at_once_and_the_next_one_is_asked_to_wait(product: Product) -> None:
    inside: list[TestResponse] = []

    class Nested(SayingSandbox):
        """While one file is in the child, another one comes."""

        def run(self, *asked: object) -> object:  # type: ignore[override]
            if len(inside) < service.AT_ONCE:
                inside.append(Verifier.at(full).hand_in(pdf.make_pdf()))
            return self.report

    full = saying(product, reports.report(), Nested)

    def next_one() -> TestResponse:
        inside.clear()
        return Verifier.at(full).hand_in(pdf.make_pdf())

    assert next_one().status_code == 201
    # The ninth, which came last and was answered first.
    assert refused(inside[0]) == (503, "verifications_busy")
    assert inside[0].headers["Retry-After"]
    assert [one.status_code for one in inside[1:]] == [201] * (service.AT_ONCE - 1)
    assert next_one().status_code == 201


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
