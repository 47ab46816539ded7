"""A sealed PDF as other programs see it: pdfsig, qpdf, openssl, pyHanko, and the eye."""

import io
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from server.sealing import errors
from server.sealing.inspection import inspect
from server.sealing.page_box import PageBox
from server.sealing.pdf_revision import prepare
from server.sealing.placement import POINTS_PER_MM, Placement
from server.sealing.reader import read
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, finish, seal
from server.sealing.stamp import Stamp, Timestamper
from tests.factories import pdf
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META, arrow_seal, one_on_every_page, oval_seal, square_seal

DPI = 144
PIXELS_PER_POINT = DPI / 72


def sealed_by(signer: FakeSigner, document: bytes, stamps: Sequence[Stamp]) -> bytes:
    return finish(document, prepare(document, stamps, META), Signing(signer))


def pdfsig(path: Path) -> list[str]:
    """What poppler says of each signature field."""
    command = ["pdfsig", "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stdout.split("Signature #")[1:]


def red_of_pages(path: Path) -> list[np.ndarray]:
    """For each page the pixels that are seal red, as it is shown."""
    subprocess.run(
        ["pdftoppm", "-cropbox", "-r", str(DPI), "-png", str(path), str(path.with_suffix(""))],
        check=True,
    )
    pictures = sorted(path.parent.glob(f"{path.stem}-*.png"))
    pixels = [np.asarray(Image.open(picture).convert("RGB")).astype(int) for picture in pictures]
    return [page[:, :, 0] - page[:, :, 1] > 90 for page in pixels]


def shown_at(placement: Placement, page: PageBox) -> tuple[float, float]:
    """Where the reader should see the centre: (right, down) as fractions of the shown page."""
    x0, y0, x1, y1 = page.crop
    across, up = (placement.x - x0) / (x1 - x0), (placement.y - y0) / (y1 - y0)
    return {
        0: (across, 1 - up),
        90: (up, across),
        180: (1 - across, up),
        270: (1 - up, 1 - across),
    }[page.rotate]


@pytest.mark.row("F-41")
@pytest.mark.parametrize("at", [(0.5, 0.5), (0.3, 0.72), (0.78, 0.31)])
def test_every_seal_lies_where_it_was_dropped_on_turned_and_cropped_pages(
    signer: FakeSigner, tmp_path: Path, at: tuple[float, float]
) -> None:
    document = pdf.make_pdf(pdf.ODD_PAGES)
    pages = inspect(document).pages
    stamps = one_on_every_page(pages, oval_seal(), at=at)
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed_by(signer, document, stamps))
    for stamp, page, red in zip(stamps, pages, red_of_pages(path), strict=True):
        down, right = np.nonzero(red)
        expected = shown_at(stamp.placement, page)
        # Fractions, because poppler draws a page without its UserUnit.
        found = ((right.mean() + 0.5) / red.shape[1], (down.mean() + 0.5) / red.shape[0])
        assert abs(found[0] - expected[0]) * page.width_pt < 0.5
        assert abs(found[1] - expected[1]) * page.height_pt < 0.5


@pytest.mark.row("F-41")
def test_a_seal_has_its_size_in_mm_and_is_as_wide_as_it_was_drawn(
    signer: FakeSigner, tmp_path: Path
) -> None:
    document = pdf.make_pdf(pdf.ODD_PAGES)
    pages = inspect(document).pages
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed_by(signer, document, one_on_every_page(pages, oval_seal())))
    for page, red in zip(pages, red_of_pages(path), strict=True):
        down, right = np.nonzero(red)
        to_mm = page.user_unit / PIXELS_PER_POINT / POINTS_PER_MM
        assert (np.ptp(right) + 1) * to_mm == pytest.approx(40, abs=0.4 * page.user_unit)
        assert (np.ptp(down) + 1) * to_mm == pytest.approx(30, abs=0.4 * page.user_unit)


def test_a_seal_stands_upright_on_every_turn(signer: FakeSigner, tmp_path: Path) -> None:
    document = pdf.make_pdf(pdf.ODD_PAGES)
    path = tmp_path / "sealed.pdf"
    stamps = one_on_every_page(inspect(document).pages, arrow_seal())
    path.write_bytes(sealed_by(signer, document, stamps))
    for red in red_of_pages(path):
        rows = np.nonzero(red.any(axis=1))[0]
        middle = (rows[0] + rows[-1]) // 2
        assert red[middle:].sum() / red.sum() == pytest.approx(0.75, abs=0.03)


def test_text_under_a_seal_stays_readable(signer: FakeSigner, tmp_path: Path) -> None:
    document = pdf.make_pdf()
    path = tmp_path / "sealed.pdf"
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    path.write_bytes(sealed_by(signer, document, stamps))
    (red,) = red_of_pages(path)
    down, right = np.nonzero(red)
    page = np.asarray(Image.open(path.with_name("sealed-1.png")).convert("RGB"))
    column = page[down.min() + 2 : down.max() - 2, int(right.mean()), 0].astype(int)
    assert column.min() < column.max() - 40


@pytest.mark.row("F-42")
@pytest.mark.parametrize("xref_stream", [False, True])
def test_pdfsig_and_qpdf_accept_every_signature_and_the_second_company_too(
    signer: FakeSigner, second_signer: FakeSigner, tmp_path: Path, *, xref_stream: bool
) -> None:
    document = pdf.make_pdf(pdf.ODD_PAGES, xref_stream=xref_stream)
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    once = sealed_by(signer, document, stamps)
    twice = sealed_by(second_signer, inspect(once).document, stamps)
    for sealed, fields in ((once, 4), (twice, 8)):
        path = tmp_path / f"{fields}.pdf"
        path.write_bytes(sealed)
        reports = pdfsig(path)
        assert len(reports) == fields
        assert all("Signature is Valid" in report for report in reports)
        assert ["Total document signed" in report for report in reports] == (
            [False] * (fields - 4) + [True] * 4
        )
        checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.row("F-42")
def test_pyhanko_calls_both_companies_valid_and_counts_all_seals(
    signer: FakeSigner,
    second_signer: FakeSigner,
    authority: SmallAuthority,
    timestamper: Timestamper,
    sandbox: Sandbox,
    now: datetime,
) -> None:
    document = pdf.make_pdf([pdf.Page()] * 20)
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    once = seal(document, stamps, META, sandbox=sandbox, signing=Signing(signer, timestamper))
    second = Signing(second_signer, timestamper)
    twice = seal(once, stamps, META, sandbox=sandbox, signing=second)
    reading = read(twice, [authority.root], now)
    assert len(reading.seals) == 40
    assert reading.uncounted == ()
    assert [signature.valid for signature in reading.signatures] == [True, True]
    assert [signature.covers_file for signature in reading.signatures] == [False, True]
    assert [signature.stamped_at for signature in reading.signatures] == [now, now]


def test_openssl_verifies_the_detached_cms(
    signer: FakeSigner, authority: SmallAuthority, tmp_path: Path
) -> None:
    document = pdf.make_pdf()
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    prepared = prepare(document, stamps, META)
    sealed = finish(document, prepared, Signing(signer))
    start, end = prepared.slot
    (tmp_path / "cms").write_bytes(bytes.fromhex(sealed[start + 1 : end - 1].decode()))
    (tmp_path / "content").write_bytes(sealed[:start] + sealed[end:])
    (tmp_path / "root").write_bytes(authority.root)
    command = "openssl cms -verify -binary -inform DER -in cms -content content -out out"
    trust = "-CAfile root -purpose any"
    pem = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", "root"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    (tmp_path / "root").write_bytes(pem.stdout)
    result = subprocess.run(
        [*command.split(), *trust.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert "successful" in result.stderr


@pytest.mark.row("F-42")
def test_twenty_seals_add_one_signature_and_at_most_80_kb(
    signer: FakeSigner, timestamper: Timestamper, sandbox: Sandbox
) -> None:
    document = pdf.make_pdf([pdf.Page()] * 20)
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    sealed = seal(document, stamps, META, sandbox=sandbox, signing=Signing(signer, timestamper))
    assert len(sealed) - len(document) <= 80_000
    assert sealed.count(b"/ByteRange") == 1
    assert sealed.count(b"/BM /Multiply") == 1


@pytest.mark.row("S-14")
def test_the_document_is_the_beginning_of_the_sealed_file(signer: FakeSigner) -> None:
    document = pdf.make_pdf().rstrip(b"\n")
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    assert sealed_by(signer, document, stamps).startswith(document + b"\n")


@pytest.mark.row("S-14")
def test_a_revision_is_not_spliced_onto_another_document(signer: FakeSigner) -> None:
    document, other = (pdf.make_pdf([pdf.Page(rotate=turn)]) for turn in (180, 270))
    assert len(document) == len(other)
    prepared = prepare(document, one_on_every_page(inspect(document).pages, square_seal()), META)
    with pytest.raises(errors.SealingBroken):
        finish(other, prepared, Signing(signer))


def test_a_form_that_was_there_keeps_its_fields_and_lends_no_name(signer: FakeSigner) -> None:
    document = inspect(pdf.pdf_with_form()).document
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    with pikepdf.open(io.BytesIO(sealed_by(signer, document, stamps))) as sealed:
        names = [str(field.T) for field in sealed.Root.AcroForm.Fields]
        assert names == ["Seal1", "Seal2"]
        assert len(sealed.pages[0].obj.Annots) == 2


def test_a_field_name_that_is_taken_is_refused() -> None:
    document = inspect(pdf.pdf_with_form()).document
    (stamp,) = one_on_every_page(inspect(document).pages, square_seal())
    with pytest.raises(errors.FieldNameTaken):
        prepare(document, [replace(stamp, field_name="Seal1")], META)


def test_a_signature_without_room_is_an_error_and_not_a_broken_file(signer: FakeSigner) -> None:
    document = pdf.make_pdf()
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    with pytest.raises(errors.SlotTooSmall) as caught:
        finish(document, prepare(document, stamps, META, 100), Signing(signer))
    assert caught.value.details["needed"] > 100


def test_the_words_of_the_signature_stand_in_it_and_the_author_s_words_stay(
    signer: FakeSigner,
) -> None:
    with pikepdf.open(io.BytesIO(pdf.make_pdf())) as file:
        file.docinfo["/Title"], file.docinfo["/Producer"] = "标题", "office"
        output = io.BytesIO()
        file.save(output)
    document = output.getvalue()
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    with pikepdf.open(io.BytesIO(sealed_by(signer, document, stamps))) as sealed:
        signature = sealed.Root.AcroForm.Fields[0].V
        assert (str(signature.Name), str(signature.Reason)) == (META.signer_name, META.reason)
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert str(signature.M).startswith("D:20261120080000")
        assert dict(sealed.docinfo) == {"/Title": "标题", "/Producer": "office"}
