"""SVG, PDF operators and PNG: the same picture, of the right size, without a font."""

import io
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from server.sealing.impression import Design, Impression, draw, watermarked

COMPANY = Design("company", "南宁桂印科技有限公司", "4501030012345")
DESIGNS = [
    COMPANY,
    Design(
        "company", "广西（东盟）鑫淼堃喆㙓昇䶮现代农业科技产业投资集团有限公司", "4501030012345"
    ),
    Design("contract", "广西邕江建设工程有限责任公司", "4501030012345"),
    Design("finance", "广西邕江建设工程有限责任公司"),
    Design("legal_representative", "韦志远"),
    Design("legal_representative", "黄淼"),
]
DPI = 300
PIXEL_MM = 25.4 / DPI
SVG = "{http://www.w3.org/2000/svg}"


def on_white(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGBA")
        page = Image.new("RGB", picture.size, "white")
        page.paste(picture, mask=picture)
    return page


def ink(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGBA").getchannel("A")


def one_page_pdf(impression: Impression, margin_pt: float = 0.0) -> bytes:
    pdf = pikepdf.new()
    sides = [mm * 72 / 25.4 + 2 * margin_pt for mm in (impression.width_mm, impression.height_mm)]
    page = pdf.add_blank_page(page_size=(sides[0], sides[1]))
    shift = f"1 0 0 1 {margin_pt} {margin_pt} cm\n".encode()
    page.Contents = pdf.make_stream(shift + impression.pdf_operators())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def rendered(pdf: bytes, folder: Path, dpi: int = DPI) -> Image.Image:
    (folder / "seal.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-png", "-singlefile", "seal.pdf", "seal"],
        cwd=folder,
        check=True,
    )
    with Image.open(folder / "seal.png") as picture:
        return picture.convert("RGB")


@pytest.mark.row("F-19")
@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: f"{design.kind} {design.name}")
def test_the_pdf_operators_draw_what_the_png_shows(design: Design, tmp_path: Path) -> None:
    impression = draw(design)
    from_png = on_white(impression.png(DPI))
    from_pdf = rendered(one_page_pdf(impression), tmp_path).crop((0, 0, *from_png.size))
    difference = ImageStat.Stat(ImageChops.difference(from_png, from_pdf).convert("L"))
    assert difference.mean[0] < 3.0
    assert ImageStat.Stat(from_png.convert("L")).mean[0] < 230


@pytest.mark.row("F-19")
@pytest.mark.parametrize(
    ("design", "side_mm"), [(COMPANY, 40), (Design("legal_representative", "韦志远"), 20)]
)
def test_a_seal_is_as_large_as_the_rule_says(design: Design, side_mm: int, tmp_path: Path) -> None:
    impression = draw(design)
    assert (impression.width_mm, impression.height_mm) == (side_mm, side_mm)
    page = rendered(one_page_pdf(impression, margin_pt=20), tmp_path)
    for box in (
        ink(impression.png(DPI)).getbbox(),
        ImageChops.difference(page, Image.new("RGB", page.size, "white")).getbbox(),
    ):
        assert box is not None
        left, top, right, bottom = box
        assert (right - left) * PIXEL_MM == pytest.approx(side_mm, abs=0.1)
        assert (bottom - top) * PIXEL_MM == pytest.approx(side_mm, abs=0.1)


@pytest.mark.parametrize(
    ("design", "border_mm"), [(COMPANY, 1.2), (Design("legal_representative", "韦志远"), 1.0)]
)
def test_the_border_is_as_thick_as_the_rule_says(design: Design, border_mm: float) -> None:
    alpha = ink(draw(design).png(DPI))
    row = [alpha.getpixel((x, alpha.height // 2)) for x in range(alpha.width // 8)]
    assert sum(row[:20]) / 255 * PIXEL_MM == pytest.approx(border_mm, abs=0.05)


def test_a_png_is_seal_red_on_nothing_and_states_its_resolution() -> None:
    with Image.open(io.BytesIO(draw(COMPANY).png())) as picture:
        assert picture.mode == "RGBA"
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert picture.getpixel((0, 0))[3] == 0
        assert picture.getpixel((picture.width // 2, picture.height // 2)) == (230, 0, 18, 255)
        assert {colour[:3] for _, colour in picture.getcolors(maxcolors=1024) if colour[3]} == {
            (230, 0, 18)
        }


def test_a_png_at_another_resolution_keeps_its_size_in_mm() -> None:
    with Image.open(io.BytesIO(draw(COMPANY).png(dpi=150))) as picture:
        assert picture.size == (236, 236)


@pytest.mark.row("F-19")
def test_an_svg_holds_every_path_in_mm() -> None:
    impression = draw(COMPANY)
    root = ElementTree.fromstring(impression.svg())
    assert root.attrib == {
        "width": "40mm",
        "height": "40mm",
        "viewBox": "0 0 40 40",
        "role": "img",
    }
    drawn = root.findall(f".//{SVG}path")
    assert len(drawn) == len(impression.paths) == 2 + 10 + 13
    for element, path in zip(drawn, impression.paths, strict=True):
        steps = re.findall(r"([MLCZ])([^MLCZ]*)", element.attrib["d"])
        assert [letter for letter, _ in steps] == [letter for letter, _ in path.segments]
        for (_, read), (_, meant) in zip(steps, path.segments, strict=True):
            assert [float(n) for n in read.split()] == pytest.approx(meant, abs=0.0006)
        assert element.attrib["fill"] == "#e60012"
        assert float(element.attrib.get("stroke-width", 0)) == pytest.approx(
            path.stroke_mm, abs=0.0006
        )


def test_an_svg_is_named_for_those_who_cannot_see_it() -> None:
    root = ElementTree.fromstring(draw(COMPANY).svg())
    assert root.findtext(f"{SVG}title") == "南宁桂印科技有限公司　企业法定名称章"


def test_markup_in_a_name_stays_text() -> None:
    root = ElementTree.fromstring(draw(Design("company", "<b>&公司")).svg())
    assert root.findtext(f"{SVG}title") == "<b>&公司　企业法定名称章"


def test_no_font_and_no_style_end_up_in_an_output() -> None:
    impression = draw(COMPANY)
    assert not re.search(r"<text|font|style|href|script", impression.svg())
    with pikepdf.open(io.BytesIO(one_page_pdf(impression))) as pdf:
        instructions = pikepdf.parse_content_stream(pdf.pages[0])
    operators = {str(instruction.operator) for instruction in instructions}
    assert operators == {"q", "Q", "cm", "j", "rg", "RG", "w", "m", "l", "c", "h", "f", "B"}


def test_the_same_design_draws_the_same_bytes() -> None:
    one, other = draw(COMPANY), draw(COMPANY)
    assert one == other
    assert one.pdf_operators() == other.pdf_operators()
    assert one.png() == other.png()


def test_a_watermark_crosses_the_seal_and_stays_on_it() -> None:
    for design in (COMPANY, DESIGNS[-1]):
        seal = draw(design)
        marked = watermarked(seal)
        assert marked.paths[: len(seal.paths)] == seal.paths
        assert ink(marked.png()).getbbox() == ink(seal.png()).getbbox()
        plain, crossed = on_white(seal.png()), on_white(marked.png())
        changed = ImageChops.difference(plain, crossed).convert("L").point(lambda v: v > 40 and 255)
        assert 0.05 < ImageStat.Stat(changed).mean[0] / 255 < 0.4
