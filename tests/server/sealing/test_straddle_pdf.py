"""A straddled seal in the file: drawn once, cut by small forms, whole when the pages are fanned."""

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
from pyhanko.pdf_utils.generic import FloatObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from server.sealing.inspection import inspect
from server.sealing.pdf_revision import prepare
from server.sealing.placement import POINTS_PER_MM, Placement
from server.sealing.reader import read
from server.sealing.seal_pdf import Signing, finish
from server.sealing.stamp import SealPicture, Stamp
from server.sealing.straddle import Edge, Straddle, expand
from tests.factories import pdf
from tests.factories.other_readers import by_qpdf
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META, oval_seal

DPI = 127  # five pixels to the millimetre, so that a strip is cut where a slice ends
PIXELS_PER_MM = 5
# A hair less than 80 x 70 mm, for poppler gives a pixel to the smallest fraction of one.
SMALL = pdf.Page(media=(0, 0, 80 * POINTS_PER_MM - 0.01, 70 * POINTS_PER_MM - 0.01))


def straddled(
    document: bytes, signer: FakeSigner, seal: SealPicture, straddle: Straddle
) -> tuple[bytes, tuple[Placement, ...]]:
    sizes = {seal.id: (seal.width_mm, seal.height_mm)}
    slices = expand(straddle, inspect(document).pages, sizes)
    stamps = [Stamp(seal, one) for one in slices]
    return finish(document, prepare(document, stamps, META), Signing(signer)), slices


def all_pages(seal: SealPicture, edge: Edge, count: int) -> Straddle:
    return Straddle(seal.id, edge, tuple(range(1, count + 1)), 0.5)


def drawn_pages(sealed: bytes, folder: Path) -> list[Image.Image]:
    """Every page as a reader shows it."""
    path = folder / "sealed.pdf"
    path.write_bytes(sealed)
    command = ["pdftoppm", "-cropbox", "-r", str(DPI), "-png", str(path), str(folder / "page")]
    subprocess.run(command, check=True)
    return [Image.open(one).convert("RGB") for one in sorted(folder.glob("page-*.png"))]


def red(picture: Image.Image) -> np.ndarray:
    pixels = np.asarray(picture).astype(int)
    return pixels[:, :, 0] - pixels[:, :, 1] > 60


def fanned(pages: Sequence[Image.Image], edge: Edge, slice_mm: float) -> Image.Image:
    """The pages as a stack fanned out at an edge, each showing a strip as wide as a slice."""
    strip = round(slice_mm * PIXELS_PER_MM)
    strips = [cut(page, edge, strip) for page in pages]
    if edge in (Edge.LEFT, Edge.TOP):
        strips.reverse()
    sides = edge in (Edge.RIGHT, Edge.LEFT)
    arrays = [np.asarray(one) for one in strips]
    joined = np.concatenate(arrays, axis=1 if sides else 0)
    return Image.fromarray(joined)


def cut(page: Image.Image, edge: Edge, strip: int) -> Image.Image:
    width, height = page.size
    return page.crop(
        {
            Edge.RIGHT: (width - strip, 0, width, height),
            Edge.LEFT: (0, 0, strip, height),
            Edge.TOP: (0, 0, width, strip),
            Edge.BOTTOM: (0, height - strip, width, height),
        }[edge]
    )


def drawn_whole(seal: SealPicture, signer: FakeSigner, folder: Path) -> np.ndarray:
    """The seal's ink as it is drawn uncut, cropped to itself."""
    document = pdf.make_pdf([SMALL])
    stamp = Stamp(seal, Placement(seal.id, 1, 120, 100))
    sealed = finish(document, prepare(document, [stamp], META), Signing(signer))
    folder.mkdir()
    (page,) = drawn_pages(sealed, folder)
    return ink(red(page))


def ink(found: np.ndarray) -> np.ndarray:
    down, right = np.nonzero(found)
    return found[down.min() : down.max() + 1, right.min() : right.max() + 1]


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    """How much of the ink of both is common to both, after cropping to the smaller size."""
    height, width = (min(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    one, other = one[:height, :width], other[:height, :width]
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.row("F-47")
@pytest.mark.parametrize("edge", list(Edge))
def test_the_pages_fanned_out_show_the_seal(signer: FakeSigner, tmp_path: Path, edge: Edge) -> None:
    seal = oval_with_a_hole()
    sealed, _ = straddled(pdf.make_pdf([SMALL] * 5), signer, seal, all_pages(seal, edge, 5))
    pages = drawn_pages(sealed, tmp_path)
    length = seal.width_mm if edge in (Edge.RIGHT, Edge.LEFT) else seal.height_mm
    fan = fanned(pages, edge, length / 5)
    assert agreement(ink(red(fan)), drawn_whole(seal, signer, tmp_path / "whole")) > 0.97


def oval_with_a_hole() -> SealPicture:
    """Not the same seen from any two sides, so that a slice out of order or turned shows."""
    oval = oval_seal("holed")
    hole = b"20 30 m 65 30 l 30 70 l h f*"
    return replace(oval, operators=oval.operators.removesuffix(b"f") + hole)


@pytest.mark.row("F-47")
@pytest.mark.parametrize("edge", list(Edge))
def test_on_turned_cropped_and_enlarged_pages_the_slices_stand_upright_at_the_reader_s_edge(
    signer: FakeSigner, tmp_path: Path, edge: Edge
) -> None:
    seal = oval_with_a_hole()
    document = pdf.make_pdf(pdf.ODD_PAGES)
    sealed, slices = straddled(document, signer, seal, all_pages(seal, edge, 4))
    whole = drawn_whole(seal, signer, tmp_path / "whole")
    shown = drawn_pages(sealed, tmp_path)
    for one, page, box in zip(slices, shown, inspect(document).pages, strict=True):
        found = red(page)
        assert touches(found, edge)
        expected = part_of(whole, one.clip)
        scaled = Image.fromarray(ink(found)).resize(expected.shape[::-1], Image.Resampling.NEAREST)
        assert agreement(np.asarray(scaled), expected) > 0.95, box


def touches(found: np.ndarray, edge: Edge) -> bool:
    sides = {
        Edge.RIGHT: found[:, -2:],
        Edge.LEFT: found[:, :2],
        Edge.TOP: found[:2],
        Edge.BOTTOM: found[-2:],
    }
    return bool(sides[edge].any())


def part_of(whole: np.ndarray, clip: tuple[float, float, float, float] | None) -> np.ndarray:
    assert clip
    height, width = whole.shape
    x0, y0, x1, y1 = clip
    part = whole[
        round((1 - y1) * height) : round((1 - y0) * height), round(x0 * width) : round(x1 * width)
    ]
    return ink(part)


@pytest.mark.row("F-47")
def test_the_seal_is_stored_once_and_each_slice_is_a_small_form(signer: FakeSigner) -> None:
    seal = oval_seal()
    sealed, slices = straddled(
        pdf.make_pdf([pdf.Page()] * 20), signer, seal, all_pages(seal, Edge.RIGHT, 20)
    )
    assert sealed.count(b"/BM /Multiply") == 1
    assert sealed.count(b"/ByteRange") == 1
    with pikepdf.open(io.BytesIO(sealed)) as file:
        forms = {field.AP.N.objgen: field.AP.N for field in file.Root.AcroForm.Fields}
        assert len(forms) == len({one.clip for one in slices}) == 13  # groups of 6, 7 and 7
        drawings = {form.Resources.XObject.Seal.objgen for form in forms.values()}
        assert len(drawings) == 1
        assert all(len(form.read_raw_bytes()) < 20 for form in forms.values())
        for field, one in zip(file.Root.AcroForm.Fields, slices, strict=True):
            x0, y0, x1, y1 = map(float, field.Rect)
            clip = one.clip or ()
            assert (x1 - x0) / POINTS_PER_MM == pytest.approx(40 * (clip[2] - clip[0]), abs=0.01)
            assert (y1 - y0) / POINTS_PER_MM == pytest.approx(30, abs=0.01)


@pytest.mark.row("F-42", "F-47")
def test_three_companies_straddle_the_same_file_in_turn_and_all_stay_valid(
    authority: SmallAuthority, now: datetime, tmp_path: Path
) -> None:
    document, count = pdf.make_pdf([SMALL] * 3), 3
    turns = [(Edge.RIGHT, "甲公司"), (Edge.LEFT, "乙公司"), (Edge.RIGHT, "丙公司")]
    for number, (edge, name) in enumerate(turns, 1):
        signer, seal = authority.signer(name), oval_seal(name)
        document, _ = straddled(document, signer, seal, all_pages(seal, edge, count))
        reading = read(document, [authority.root], now)
        assert (len(reading.seals), reading.uncounted) == (count * number, ())
        assert [one.valid for one in reading.signatures] == [True] * number
        assert not any(one.changed_later for one in reading.signatures)
        reports = said_by_pdfsig(document, tmp_path)
        assert len(reports) == count * number
        assert all("Signature is Valid" in report for report in reports)
        last = ["Total document signed" in report for report in reports]
        assert last == [False] * count * (number - 1) + [True] * count
        assert "No syntax or stream encoding errors" in by_qpdf(document, tmp_path)


def said_by_pdfsig(sealed: bytes, folder: Path) -> list[str]:
    path = folder / "asked.pdf"
    path.write_bytes(sealed)
    command = ["pdfsig", "-nocert", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stdout.split("Signature #")[1:]


@pytest.mark.row("F-47", "S-37")
def test_a_slice_that_is_put_elsewhere_later_counts_no_more(
    signer: FakeSigner, authority: SmallAuthority, now: datetime
) -> None:
    seal = oval_seal()
    sealed, _ = straddled(pdf.make_pdf([SMALL] * 3), signer, seal, all_pages(seal, Edge.RIGHT, 3))
    reading = read(with_a_slice_moved(sealed), [authority.root], now)
    assert (len(reading.seals), reading.uncounted) == (2, ("Seal2",))


def with_a_slice_moved(sealed: bytes) -> bytes:
    """The second slice's field written anew in a further revision."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    field = writer.root["/AcroForm"]["/Fields"][1]
    field["/Rect"][0] = FloatObject("0")
    writer.update_container(field)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
