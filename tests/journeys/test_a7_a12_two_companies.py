"""Two companies seal one file in turn; a forger adds a seal of his own to it."""

import subprocess
from pathlib import Path

import pytest

from server.pki.subject_keys import Algorithm
from server.sealing.reader import Reading, read
from tests.factories import attack
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import HUANG, Product, Signing
from tests.factories.truth import truth_of

COMPANIES = ["南宁桂印科技有限公司", "广西邕江建设工程有限责任公司"]
TWO_PAGES = [Page(), Page(crop=(50, 70, 500, 700), rotate=90)]


def verdict(product: Product, pdf: bytes) -> Reading:
    """Our own reader's, trusting the product's authority and time-stamp service."""
    outside = product.parts.providers
    roots = [outside.ca.chain(Algorithm.P256)[-1], *outside.tsa.roots()]
    return read(pdf, roots, product.clock.now())


def pdfsig(pdf: bytes, folder: Path) -> list[str]:
    """What poppler says, one text for each signature."""
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False)
    return said.stdout.split("Signature #")[1:]


@pytest.fixture
def twice_sealed(product: Product) -> tuple[bytes, bytes]:
    """The file after the first company's seals, and after the second's."""
    first = product.signing(make_pdf(TWO_PAGES)).seal()
    return first, product.signing(first, person=HUANG).seal()


@pytest.mark.row("F-41", "F-42", "P-51")
def test_a_second_company_seals_and_the_first_stays_valid(
    product: Product, twice_sealed: tuple[bytes, bytes]
) -> None:
    first, both = twice_sealed

    assert both.startswith(first)
    reading = verdict(product, both)
    assert [(one.valid, one.intact, one.trusted) for one in reading.signatures] == [
        (True, True, True),
        (True, True, True),
    ]
    assert [one.covers_file for one in reading.signatures] == [False, True]
    assert [one.changed_later for one in reading.signatures] == [False, False]
    assert all(one.stamped_at for one in reading.signatures)
    numbers = [seal.signature for seal in reading.seals]
    assert sorted(seal.page for seal in reading.seals) == [1, 1, 2, 2]
    assert len(set(numbers)) == 2
    assert reading.uncounted == ()


@pytest.mark.row("F-41", "P-51")
def test_poppler_finds_every_signature_valid_and_the_last_one_over_all(
    twice_sealed: tuple[bytes, bytes], tmp_path: Path
) -> None:
    said = pdfsig(twice_sealed[1], tmp_path)

    assert len(said) == 4
    assert all("Signature is Valid" in one for one in said)
    names = [next(name for name in COMPANIES if name in one) for one in said]
    assert sorted(names) == sorted(COMPANIES * 2)
    for name, one in zip(names, said, strict=True):
        assert ("Total document signed" in one) == (name == COMPANIES[1])


@pytest.mark.row("S-37")
def test_a_seal_that_an_attacker_adds_is_not_counted(
    product: Product, twice_sealed: tuple[bytes, bytes]
) -> None:
    honest = verdict(product, twice_sealed[1])

    forged = verdict(product, attack.add_widget(twice_sealed[1]))

    assert {seal.field_name for seal in forged.seals} == {seal.field_name for seal in honest.seals}
    assert forged.uncounted == ("Forged",)


@pytest.mark.row("S-37")
def test_an_attackers_seal_gains_nothing_by_an_honest_one_after_it(product: Product) -> None:
    first = product.signing(make_pdf(TWO_PAGES)).seal()

    sealed = product.signing(attack.add_widget(first), person=HUANG).seal()

    reading = verdict(product, sealed)
    assert "Forged" in reading.uncounted
    assert len(reading.seals) == 4


@pytest.mark.row("S-29")
def test_the_second_company_is_released_its_own_seals_only(product: Product) -> None:
    signing = product.signing(person=HUANG)

    asked = signing.scan()

    assert [company["name"] for company in asked["acting"]] == [COMPANIES[1]]


@pytest.mark.row("F-42", "F-45")
def test_the_result_is_a_document_that_can_be_quoted_and_sealed_again(product: Product) -> None:
    signing = product.signing()
    signing.seal()
    result = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()["result"]
    assert result["name"] == "施工许可申请表（已签章）.pdf"

    made = signing.partner.post(
        "/signing-tasks", {"document_id": result["document_id"], "title": "再次签章"}
    ).get_json()

    again = Signing(
        product, signing.partner, made, product.page(made["open_url"]), product.phone(HUANG)
    )
    sealed = again.seal()
    assert len(verdict(product, sealed).seals) == 2
    assert truth_of(product, again.id).is_whole
