"""骑缝: two companies straddle one file in turn, and every reader calls both valid."""

from pathlib import Path

import pytest

from server.pki.subject_keys import Algorithm
from server.sealing.checks import verify
from server.sealing.reader import read
from server.sealing.report import Answer, Overall
from server.validation.trust import Witnesses, own_trust, trust_list
from tests.factories.other_readers import by_mutool, by_qpdf
from tests.factories.pdf import Page, make_pdf
from tests.factories.pdf_readers import by_pdfsig
from tests.factories.product import HUANG, Product, Signing

PAGES = 5
TURNED = Page(crop=(50, 70, 500, 700), rotate=90)


def seal_across(signing: Signing, edge: str) -> bytes:
    """A straddled seal over all pages, and the second seal in the middle of page 1."""
    signing.authorize()
    placements = signing.page.everywhere(seal=1)[:1]
    answer = signing.page.confirm(placements, [signing.page.across(edge, two_sided=True)])
    assert answer.status_code == 202, answer.get_json()
    signing.product.work()
    return signing.partner.result(signing.id)


@pytest.fixture
def both(product: Product) -> bytes:
    """The file after the first company's seals and the second's."""
    first = seal_across(product.signing(make_pdf([Page(), TURNED] * 2 + [Page()])), "right")
    second = seal_across(product.signing(first, person=HUANG), "top")
    assert second.startswith(first)
    return second


@pytest.mark.row("F-42", "F-47", "P-51")
def test_both_companies_stay_valid_for_every_reader(
    product: Product, both: bytes, tmp_path: Path
) -> None:
    outside = product.parts.providers
    roots = [outside.ca.chain(Algorithm.P256)[-1], *outside.tsa.roots()]

    reading = read(both, roots, product.clock.now())
    assert [(one.valid, one.changed_later) for one in reading.signatures] == [(True, False)] * 2
    assert [len([seal for seal in reading.seals if seal.page == page]) for page in (1, 2, 5)] == [
        4,
        2,
        2,
    ]
    assert (len(reading.seals), reading.uncounted) == (2 * (PAGES + 1), ())
    said = by_pdfsig(both, tmp_path)
    assert len(said) == 2 * (PAGES + 1)
    assert all("Signature is Valid" in one for one in said)
    assert sum("Total document signed" in one for one in said) == PAGES + 1
    assert not any("invalid" in one.lower() for one in by_mutool(both, tmp_path))
    assert "No syntax or stream encoding errors" in by_qpdf(both, tmp_path)


@pytest.mark.row("F-47", "F-50")
def test_our_verification_passes_all_eight_checks_of_both_and_names_every_slice(
    product: Product, both: bytes
) -> None:
    outside = product.parts.providers
    own = own_trust(Witnesses(outside.ca, outside.seal_maker, outside.tsa))
    with product.parts.db.read() as uow:
        trust = trust_list(uow, own, product.parts.settings.seals_attribute)

    report = verify(both, trust, product.clock.now())

    assert (report.overall, report.cause, report.uncounted) == (Overall.VALID, "", ())
    assert len(report.seals) == 4
    for seal in report.seals:
        assert [check.answer for check in seal.checks] == [Answer.PASSED] * 8
    assert {len(one.field_names) for one in report.signatures} == {PAGES + 1}
