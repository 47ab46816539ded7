"""Partners have files verified; nobody else reads what they were told (S-17)."""

import pytest
from werkzeug.test import TestResponse

from tests.factories import reports
from tests.factories.devices import multipart
from tests.factories.pdf import make_pdf
from tests.factories.product import PartnerProgram, Product
from tests.factories.verifying import Verifier, saying


@pytest.fixture
def informed(product: Product) -> Product:
    return saying(product, reports.report())


def hand_in(partner: PartnerProgram, pdf: bytes, **headers: str) -> TestResponse:
    sent = {**partner.headers, **headers}
    form = multipart("file", "合同.pdf", pdf)
    return partner.client.post("/partner/v1/verifications", headers=sent, **form)


@pytest.mark.row("F-50", "P-20")
def test_a_partner_gets_the_report_at_once_and_again_for_half_an_hour(informed: Product) -> None:
    partner = informed.partner()

    made = hand_in(partner, make_pdf())

    assert made.status_code == 201
    told = made.get_json()
    assert (told["overall"], len(told["seals"][0]["checks"])) == ("valid", 8)
    assert partner.get(f"/verifications/{told['id']}").get_json() == told
    informed.clock.advance(minutes=30)
    late = partner.get(f"/verifications/{told['id']}")
    assert (late.status_code, late.get_json()["code"]) == (404, "verification_not_found")


@pytest.mark.row("S-17")
def test_neither_another_partner_nor_a_page_reads_it(informed: Product) -> None:
    verification_id = hand_in(informed.partner(), make_pdf()).get_json()["id"]
    stranger = informed.another_partner()

    answers = [
        stranger.get(f"/verifications/{verification_id}"),
        stranger.get(f"/verifications/{verification_id}/report"),
        Verifier.at(informed).get(f"/verify/{verification_id}"),
        Verifier.at(informed).get(f"/verify/{verification_id}/report.json"),
        Verifier.at(informed).get(f"/mp/v1/verifications/{verification_id}"),
    ]

    assert {one.status_code for one in answers} == {404}


@pytest.mark.row("S-17")
def test_a_partner_does_not_read_what_anybody_else_asked(informed: Product) -> None:
    token = Verifier.at(informed).verified()

    assert informed.partner().get(f"/verifications/{token}").status_code == 404


@pytest.mark.row("P-12", "R-12")
def test_a_key_stands_for_one_file(informed: Product) -> None:
    partner, key = informed.partner(), {"Idempotency-Key": "k"}

    first = hand_in(partner, make_pdf(), **key).get_json()["id"]

    assert hand_in(partner, make_pdf(), **key).get_json()["id"] == first
    other = hand_in(partner, make_pdf() + b"\n", **key)
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert hand_in(informed.another_partner(), make_pdf(), **key).get_json()["id"] != first


@pytest.mark.row("F-50")
def test_the_partner_fetches_the_signed_report(product: Product) -> None:
    partner = product.partner()
    made = hand_in(partner, make_pdf()).get_json()

    answer = partner.get(f"/verifications/{made['id']}/report")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
