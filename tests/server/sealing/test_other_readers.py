"""Other programs' word on what we seal: poppler, MuPDF, qpdf, openssl and pyHanko, one by one."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from server.pki.subject_keys import Algorithm
from server.sealing.inspection import inspect
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import seal
from server.sealing.stamp import Stamp
from server.sealing.straddle import Edge, Straddle, expand
from tests.factories import pdf
from tests.factories.other_readers import by_mutool, by_openssl_cms, by_openssl_ts, by_qpdf
from tests.factories.pdf_readers import by_pdfsig
from tests.factories.sealing_world import Owner, World, stamps_for
from tests.factories.stamp import META, oval_seal

ONE = pdf.make_pdf()
TWENTY = pdf.make_pdf([pdf.Page()] * 20)
ODD = pdf.make_pdf(pdf.ODD_PAGES, xref_stream=True)
FORM = pdf.pdf_with_form()
MUTOOL_UNCHANGED = "The document is unchanged since signing"
MUTOOL_EDITED = "The signature is valid but there have been edits since signing"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def companies(world: World) -> tuple[Owner, Owner]:
    return (
        world.owner("南宁桂印科技有限公司"),
        world.owner("广西邕江建设工程有限责任公司", "91450100MA5K8Q2X21"),
    )


@pytest.fixture(scope="module")
def roots(world: World) -> list[bytes]:
    return [world.ca.chain(Algorithm.P256)[-1], *world.tsa.roots()]


@pytest.fixture(
    scope="module", params=["one", "twenty", "odd", "form", "straddle", "two companies"]
)
def sealed(
    request: pytest.FixtureRequest,
    world: World,
    companies: tuple[Owner, Owner],
    sandbox: Sandbox,
) -> tuple[bytes, int]:
    """A sealed file as the product gives it out, and how many signatures it carries."""

    def by(owner: Owner, document: bytes) -> bytes:
        pages = range(1, 21)
        stamps = stamps_for(document, pages)
        return seal(document, stamps, META, sandbox=sandbox, signing=world.signing(owner))

    def by_slices(owner: Owner) -> bytes:
        picture = oval_seal()
        across = Straddle(picture.id, Edge.RIGHT, tuple(range(1, 21)), along=0.5)
        slices = expand(across, inspect(TWENTY).pages, {picture.id: (40, 30)})
        stamps = [Stamp(picture, one) for one in slices]
        return seal(TWENTY, stamps, META, sandbox=sandbox, signing=world.signing(owner))

    first, second = companies
    make: dict[str, Callable[[], bytes]] = {
        "one": lambda: by(first, ONE),
        "twenty": lambda: by(first, TWENTY),
        "odd": lambda: by(first, ODD),
        "form": lambda: by(first, FORM),
        "straddle": lambda: by_slices(first),
        "two companies": lambda: by(second, by(first, TWENTY)),
    }
    return make[request.param](), 2 if request.param == "two companies" else 1


@pytest.mark.row("F-42")
def test_pdfsig_calls_every_field_valid_and_the_last_signer_s_of_the_whole_file(
    sealed: tuple[bytes, int], tmp_path: Path
) -> None:
    file, signatures = sealed
    reports = by_pdfsig(file, tmp_path)
    per_signer = len(reports) // signatures
    assert per_signer >= 2
    assert all("Signature is Valid" in report for report in reports)
    assert ["Total document signed" in report for report in reports] == (
        [False] * (len(reports) - per_signer) + [True] * per_signer
    )


@pytest.mark.row("F-42")
def test_mutool_finds_every_digest_right_and_only_edits_behind_the_first_signer(
    sealed: tuple[bytes, int], tmp_path: Path
) -> None:
    """It has no roots to trust, so of the certificate it can only say that it does not know."""
    file, signatures = sealed
    reports = by_mutool(file, tmp_path)
    per_signer = len(reports) // signatures
    assert per_signer >= 2
    assert not any("Digest error" in report for report in reports)
    assert all(MUTOOL_EDITED in report for report in reports[:-per_signer])
    assert all(MUTOOL_UNCHANGED in report for report in reports[-per_signer:])


@pytest.mark.row("F-42")
def test_qpdf_finds_no_fault(sealed: tuple[bytes, int], tmp_path: Path) -> None:
    said = by_qpdf(sealed[0], tmp_path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


@pytest.mark.row("F-42")
def test_openssl_verifies_every_signature(
    sealed: tuple[bytes, int], roots: list[bytes], tmp_path: Path
) -> None:
    file, signatures = sealed
    for which in range(signatures):
        assert "successful" in by_openssl_cms(file, roots, tmp_path, which=which)


@pytest.mark.row("F-42")
def test_openssl_verifies_every_time_stamp(
    sealed: tuple[bytes, int], roots: list[bytes], tmp_path: Path
) -> None:
    file, signatures = sealed
    for which in range(signatures):
        assert "Verification: OK" in by_openssl_ts(file, roots, tmp_path, which=which)


@pytest.mark.row("F-42")
def test_pyhanko_stands_by_every_signature(sealed: tuple[bytes, int], roots: list[bytes]) -> None:
    file, signatures = sealed
    at = META.signing_time + timedelta(minutes=1)
    trusted = [asn1_x509.Certificate.load(root) for root in roots]
    found = {}
    for one in PdfFileReader(io.BytesIO(file)).embedded_signatures:
        found.setdefault(one.sig_field.raw_get("/V").idnum, one)
    assert len(found) == signatures
    for one in found.values():
        contexts = [
            ValidationContext(trust_roots=trusted, moment=at, allow_fetching=False)
            for _ in range(2)
        ]
        status = validate_pdf_signature(one, *contexts)
        assert status.bottom_line
        assert status.timestamp_validity.trusted


@pytest.mark.row("S-37")
def test_each_of_them_finds_a_changed_byte(
    world: World,
    companies: tuple[Owner, Owner],
    sandbox: Sandbox,
    roots: list[bytes],
    tmp_path: Path,
) -> None:
    """So that none of them is asked in a way in which it would say yes to anything."""
    signing = world.signing(companies[0])
    good = seal(ONE, stamps_for(ONE, [1]), META, sandbox=sandbox, signing=signing)
    bad = good.replace(b"0.7 G", b"0.8 G", 1)
    assert "Signature is Valid" not in "".join(by_pdfsig(bad, tmp_path))
    assert all("Digest error" in report for report in by_mutool(bad, tmp_path))
    assert "successful" not in by_openssl_cms(bad, roots, tmp_path)
    assert "Verification: OK" not in by_openssl_ts(good, roots[:1], tmp_path)
