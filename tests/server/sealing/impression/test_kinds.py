"""Every kind of seal as it is rendered: its size, its border, and all its ink inside."""

from itertools import combinations
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat

from server.sealing.impression import (
    Design,
    Impression,
    MissingGlyph,
    draw,
    fonts_for,
    oval_seal,
    round_seal,
    square_seal,
)
from server.sealing.impression.sizes import NATIONAL, PLACES, Size, size_of
from tests.server.sealing.impression.test_layout import corners, off_cell, overlap
from tests.server.sealing.impression.test_outputs import ink, one_page_pdf, rendered
from tests.server.sealing.impression.test_oval import CODE, off_border
from tests.server.seals.test_drawing_seals import strokes

DPI, NUMBER = 600, "4501030012345"
PIXEL_MM = 25.4 / DPI
COMPANIES = (
    "桂印",
    "南宁ABC（88）科技有限公司",
    "GX2026Co有限公司",
    "(广西)桂（印）",
    "鑫淼堃喆㙓昇䶮有限公司",
    "广西壮族自治区桂林漓江旅游投资发展集团股份有限责任总公司分部",
)
PEOPLE = (
    "王芳",
    "李晓梅",
    "韦鑫淼",
    "欧阳娜娜",
    "司马昭华",
    "阿依古丽姆",
    "买买提·艾力",
    "阿卜杜热合曼·买买提",
    "古丽娜扎尔·拜合提亚尔",
    "Ana·Li",
)
RARE = "鑫淼堃喆㙓昇䶮"


def design(kind: str, name: str = "", **changed: object) -> Design:
    of_person = kind in ("legal_representative", "square", "handwritten")
    words = {"name": name or ("韦志远" if of_person else "南宁桂印科技有限公司")}
    given = {"number": NUMBER, "code": CODE, "strokes": strokes()}
    return Design(kind, **(given | words | changed))  # type: ignore[arg-type]


def box_mm(picture: Image.Image) -> tuple[float, float]:
    box = picture.getbbox()
    assert box is not None
    return (box[2] - box[0]) * PIXEL_MM, (box[3] - box[1]) * PIXEL_MM


@pytest.mark.row("F-19", "F-25")
@pytest.mark.parametrize("kind", [*NATIONAL, "handwritten"])
def test_a_printed_seal_measures_what_it_states_to_a_tenth_of_a_millimetre(
    kind: str, tmp_path: Path
) -> None:
    seal = draw(design(kind))
    page = rendered(one_page_pdf(seal, margin_pt=20), tmp_path, DPI)
    printed = ImageChops.difference(page, Image.new("RGB", page.size, "white"))
    stated = (seal.width_mm, seal.height_mm)
    if kind == "handwritten":
        # Its size is in whole millimetres, and one side fills what it may.
        wide, high = box_mm(printed)
        assert 39.5 < wide <= 40
        assert seal.height_mm - 1 < high <= seal.height_mm
    else:
        assert stated == (NATIONAL[kind].width, NATIONAL[kind].height)
        for picture in (printed, ink(seal.png(DPI))):
            assert box_mm(picture) == pytest.approx(stated, abs=0.1)


@pytest.mark.row("F-19")
@pytest.mark.parametrize("kind", list(NATIONAL))
def test_the_border_is_whole_and_nothing_touches_it(kind: str) -> None:
    """A step inside the border there is a ring of white all round."""
    seal, size = draw(design(kind)), NATIONAL[kind]
    alpha = ink(seal.png(DPI))
    border = ink(Impression(size.width, size.height, seal.paths[:1]).png(DPI))
    assert border.getbbox() == (0, 0, *alpha.size)
    inside = ImageChops.subtract(alpha, border)
    grown = border.reduce(4).point(lambda v: v and 255).resize(border.size)
    assert ImageChops.multiply(inside, grown).getextrema() == (0, 0)


@pytest.mark.row("F-19")
@pytest.mark.parametrize("name", COMPANIES)
@pytest.mark.parametrize("type_line", ["", "财务专用章"])
def test_names_of_any_letters_keep_to_their_cells_on_a_round_seal(
    name: str, type_line: str
) -> None:
    text = round_seal.place(Design("company", name, NUMBER), type_line)
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell)
    assert max(map(off_cell, text)) <= 0.001


@pytest.mark.row("F-19")
@pytest.mark.parametrize("name", COMPANIES)
def test_names_of_any_letters_keep_to_their_cells_on_an_invoice_seal(name: str) -> None:
    text = oval_seal.place(Design("invoice", name, code=CODE, turn=12))
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell)
    assert max(map(off_cell, text)) <= 0.001
    assert all(off_border(*corner) > 0.3 for placed in text for corner in corners(placed.cell))


@pytest.mark.row("F-25")
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("kind", ["square", "legal_representative"])
def test_names_of_all_peoples_keep_to_their_cells_on_a_square_seal(name: str, kind: str) -> None:
    size = NATIONAL[kind]
    text = square_seal.place(Design(kind, name), size)
    written = "".join(placed.glyph.character for placed in text)
    assert written == name + ("之印" if len(name) % 2 == 0 else "印")
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell)
    assert max(map(off_cell, text)) <= 0.001
    clear = size.border + 0.4
    reach = [side for placed in text for point in corners(placed.cell) for side in point]
    assert clear <= min(reach)
    assert max(reach) <= size.width - clear


def test_a_dot_between_names_takes_less_room_than_a_character() -> None:
    text = square_seal.place(Design("square", "买买提·艾力"), NATIONAL["square"])
    heights = {placed.glyph.character: placed.cell.height for placed in text}
    assert heights["·"] < heights["买"] / 2
    assert {placed.cell.width for placed in text if placed.glyph.character != "·"} == {
        text[0].cell.width
    }


def test_the_running_number_of_an_invoice_seal_has_the_tax_offices_width() -> None:
    text = oval_seal.place(Design("invoice", "南宁桂印科技有限公司", code=CODE, turn=12))[33:]
    assert [placed.glyph.character for placed in text] == list("(12)")
    assert [round(placed.cell.width, 6) for placed in text[1:3]] == [1.7, 1.7]
    assert text[0].cell.width < 1.0


@pytest.mark.row("F-25")
@pytest.mark.parametrize("character", RARE)
def test_both_letterings_have_the_rare_characters_of_names(character: str) -> None:
    assert fonts_for(character) == ["song", "hei"]
    song, hei = (draw(Design("square", f"韦{character}", font=font)) for font in ("song", "hei"))
    assert song.paths != hei.paths


@pytest.mark.row("F-25")
@pytest.mark.parametrize(("character", "fonts"), [("䶶", ["song"]), ("𰻝", ["hei"])])
def test_where_one_lettering_lacks_a_character_the_other_is_offered(
    character: str, fonts: list[str]
) -> None:
    assert fonts_for(f"韦{character}") == fonts
    assert draw(Design("square", f"韦{character}", font=fonts[0]))


def test_a_lettering_that_lacks_a_character_names_it() -> None:
    with pytest.raises(MissingGlyph) as caught:
        draw(Design("square", "韦䶶远", font="hei"))
    assert caught.value.details == {"characters": ["䶶"]}


ELSEWHERE = {
    "45": {"company": Size(42.0, 42.0, 1.2, 7.5), "square": Size(16.0, 16.0, 0.8)},
    "4503": {"company": Size(38.0, 38.0, 1.0, 6.5)},
}


def test_the_narrowest_region_that_says_something_gives_the_size() -> None:
    assert size_of("company", "450103", ELSEWHERE) == ELSEWHERE["45"]["company"]
    assert size_of("company", "450305", ELSEWHERE) == ELSEWHERE["4503"]["company"]
    assert size_of("square", "450305", ELSEWHERE) == ELSEWHERE["45"]["square"]
    assert size_of("contract", "450305", ELSEWHERE) == NATIONAL["contract"]
    assert size_of("company", "110101", ELSEWHERE) == NATIONAL["company"]
    assert size_of("company", "", ELSEWHERE) == NATIONAL["company"]
    assert size_of("customs", "450103", ELSEWHERE) is None


def test_no_place_has_an_invoice_seal_of_its_own() -> None:
    assert all("invoice" not in kinds for kinds in PLACES.values())
    assert all(kind in NATIONAL for kinds in PLACES.values() for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "place", "side"),
    [("company", "450103", 42), ("company", "450305", 38), ("square", "450103", 16)],
)
def test_a_seal_is_drawn_in_the_size_of_its_place(kind: str, place: str, side: int) -> None:
    seal = draw(design(kind, place=place), places=ELSEWHERE)
    assert (seal.width_mm, seal.height_mm) == (side, side)
    picture = ink(seal.png(DPI))
    assert box_mm(picture) == pytest.approx((side, side), abs=0.1)
    usual = ink(draw(design(kind)).png(DPI)).resize((300, 300))
    difference = ImageChops.difference(usual, picture.resize((300, 300)))
    assert ImageStat.Stat(difference).mean[0] < 25


def test_lettering_grows_with_the_room_inside_the_border() -> None:
    text, usual = (
        round_seal.place(Design("company", "南宁桂印公司", NUMBER), "财务专用章", size)
        for size in (ELSEWHERE["45"]["company"], NATIONAL["company"])
    )
    for placed, before in zip(text, usual, strict=True):
        assert placed.cell.height == pytest.approx(before.cell.height * 19.8 / 18.8)
        assert placed.cell.y - 21 == pytest.approx((before.cell.y - 20) * 19.8 / 18.8)


def test_no_font_ends_up_in_a_sealed_page(tmp_path: Path) -> None:
    (tmp_path / "seal.pdf").write_bytes(one_page_pdf(draw(design("company"))))
    with pikepdf.open(tmp_path / "seal.pdf") as pdf:
        assert "/Font" not in pdf.pages[0].get("/Resources", {})
