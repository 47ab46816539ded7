"""One signature, two standards: the seals sign the same bytes, and cannot be parted from them."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.sealing import cms, dual
from server.sealing.byte_range import byte_range_digest, covered
from server.sealing.check_output import BYTE_RANGE, check_output, der_in
from server.sealing.errors import SealingBroken
from server.sealing.inspection import inspect
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.seal_pdf import Signing, finish
from server.sealing.ses_signature import build_signature, read_signature, to_sign
from server.sealing.stamp import SealsSigned, Timestamper
from tests.factories.electronic_seal import electronic_seal, seal_signer
from tests.factories.pdf import make_pdf
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META, one_on_every_page, square_seal

DOCUMENT = make_pdf()
ATTRIBUTE = "1.3.6.1.4.1.32473.38540.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("electronic")


@pytest.fixture(scope="module")
def seals(folder: Path) -> SealsSigned:
    """A company's two seals, both of which are placed."""
    signer = seal_signer(folder)
    made = tuple(electronic_seal(folder, signer.certificate, one) for one in ("one", "two"))
    return SealsSigned(signer, made, META.signing_time, ATTRIBUTE)


@pytest.fixture(scope="module")
def prepared(signer: FakeSigner, timestamper: Timestamper, seals: SealsSigned) -> Prepared:
    stamps = one_on_every_page(inspect(DOCUMENT).pages, square_seal())
    return prepare(DOCUMENT, stamps, META, cms.room_for(signer, timestamper, seals))


@pytest.fixture(scope="module")
def sealed(
    prepared: Prepared, signer: FakeSigner, timestamper: Timestamper, seals: SealsSigned
) -> bytes:
    return finish(DOCUMENT, prepared, Signing(signer, timestamper, seals))


def signatures(sealed: bytes, signer: FakeSigner) -> list[bytes]:
    start, resume, _ = map(int, BYTE_RANGE.findall(sealed)[-1])
    der = der_in(sealed[start + 1 : resume - 1])
    return cms.verify(der, byte_range_digest(sealed, start, resume), signer.certificate)[ATTRIBUTE]


@pytest.mark.row("F-50")
def test_each_seal_signs_the_bytes_that_the_document_signature_covers(
    sealed: bytes, signer: FakeSigner, seals: SealsSigned
) -> None:
    start, resume, rest = map(int, BYTE_RANGE.findall(sealed)[-1])

    read = [read_signature(one) for one in signatures(sealed, signer)]

    assert sorted(one.seal for one in read) == sorted(seals.seals)
    for one in read:
        assert one.about == f"/ByteRange [0 {start} {resume} {rest}]"
        assert one.signed_at == META.signing_time
        assert one.certificate == seals.signer.certificate
    check_output(DOCUMENT, sealed, signer.certificate, seals)


@pytest.mark.row("F-50")
def test_without_the_signatures_of_its_seals_a_file_is_not_given_out(
    prepared: Prepared, signer: FakeSigner, seals: SealsSigned
) -> None:
    plain = finish(DOCUMENT, prepared, Signing(signer))
    with pytest.raises(SealingBroken):
        check_output(DOCUMENT, plain, signer.certificate, seals)


@pytest.mark.parametrize("change", ["another seal", "fewer seals", "another signer"])
def test_other_seals_or_signers_than_expected_are_found_out(
    sealed: bytes, signer: FakeSigner, seals: SealsSigned, folder: Path, change: str
) -> None:
    others = {
        "another seal": replace(seals, seals=(seals.seals[0], seals.seals[0])),
        "fewer seals": replace(seals, seals=seals.seals[:1]),
        "another signer": replace(seals, signer=seal_signer(folder, "另一家公司")),
    }
    with pytest.raises(SealingBroken):
        check_output(DOCUMENT, sealed, signer.certificate, others[change])


@pytest.mark.row("S-37")
def test_the_signature_of_a_seal_over_other_bytes_is_found_out(seals: SealsSigned) -> None:
    file = covered(bytes(100), 40, 60)
    [one, two] = dual.attributes(file, seals)[ATTRIBUTE]
    dual.verify([one, two], file, seals)

    with pytest.raises(cms.CmsInvalid):
        dual.verify([one, two], covered(bytes(99) + b"x", 40, 60), seals)


@pytest.mark.row("S-37")
def test_the_value_of_a_seals_signature_must_be_its_own(seals: SealsSigned) -> None:
    file = covered(bytes(100), 40, 60)
    good = read_signature(dual.attributes(file, seals)[ATTRIBUTE][0])
    later = to_sign(good.seal, seals.signed_at.replace(year=2027), good.data_hash, good.about)
    alone = replace(seals, seals=(good.seal,))

    for forged in (
        build_signature(later, good.certificate, good.signature),
        build_signature(good.signed, b"another certificate", good.signature),
    ):
        with pytest.raises(cms.CmsInvalid):
            dual.verify([forged], file, alone)


def test_a_key_that_is_not_the_certificates_own_is_found_out(
    prepared: Prepared, signer: FakeSigner, seals: SealsSigned, folder: Path
) -> None:
    other = seal_signer(folder, "另一家公司")
    mixed = replace(other, certificate=seals.signer.certificate)
    with pytest.raises(SealingBroken):
        finish(DOCUMENT, prepared, Signing(signer, None, replace(seals, signer=mixed)))
