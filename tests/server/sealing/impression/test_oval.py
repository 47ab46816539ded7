"""Invoice seals: the tax office's figures to the tenth of a millimetre, and nothing overlaps."""

import math
from itertools import combinations, pairwise

import pytest

from server.sealing.impression import Design, ImpressionTextInvalid, draw, oval_seal
from server.sealing.impression.layout import Placed
from tests.server.sealing.impression.test_layout import LENGTHS, corners, name_of, off_cell, overlap

CODE = "91450100MA5K8Q2X13"


def text_of(length: int, turn: int | None = 2) -> list[Placed]:
    return oval_seal.place(Design("invoice", name_of(length), code=CODE, turn=turn))


def off_border(x: float, y: float) -> float:
    """How far a point is inside the border, about; exact on the border itself."""
    far = math.hypot((x - 20) / 19, (y - 15) / 14)
    return (1 - far) * math.hypot(x - 20, y - 15) / far


@pytest.mark.row("F-19")
@pytest.mark.parametrize("length", LENGTHS)
def test_no_two_boxes_overlap_and_all_ink_is_inside_the_border(length: int) -> None:
    text = text_of(length)
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell), f"{one.glyph.character} {other.glyph.character}"
    for placed in text:
        assert off_cell(placed) <= 0.001
        assert all(off_border(*corner) > 0.3 for corner in corners(placed.cell))


@pytest.mark.row("F-19")
def test_every_figure_of_the_tax_office_is_kept() -> None:
    seal = draw(Design("invoice", "南宁桂印科技有限公司", code=CODE))
    text = text_of(10)
    name, code, line, turn = text[:10], text[10:28], text[28:33], text[33:]

    assert (seal.width_mm, seal.height_mm) == (40.0, 30.0)
    assert {placed.cell.height for placed in name} == {4.2}
    assert "".join(placed.glyph.character for placed in code) == CODE
    assert {(placed.cell.height, placed.cell.y) for placed in code} == {(3.7, 15.0)}
    left = code[0].cell.x - code[0].cell.width / 2
    assert code[-1].cell.x + code[-1].cell.width / 2 - left == pytest.approx(26.0)
    assert "".join(placed.glyph.character for placed in line) == "发票专用章"
    assert {placed.cell.height for placed in line} == {4.6}
    assert {round(placed.cell.width, 6) for placed in line} == {3.0}
    assert {placed.cell.y - 2.3 for placed in line} == {15 + 4.2}
    assert "".join(placed.glyph.character for placed in turn) == "(2)"
    assert {placed.cell.height for placed in turn} == {2.2}
    assert {round(placed.cell.y - 1.1, 6) for placed in turn} == {25.0}


def test_the_name_stands_half_a_millimetre_off_the_border() -> None:
    for placed in text_of(12)[:12]:
        up = placed.cell.turn
        head = placed.cell.height / 2
        x, y = placed.cell.x + head * math.sin(up), placed.cell.y - head * math.cos(up)
        nearest = min(
            math.hypot(x - 20 - 19 * math.sin(t), y - 15 + 14 * math.cos(t))
            for t in (step / 500 * math.pi for step in range(-500, 501))
        )
        assert nearest == pytest.approx(0.5, abs=0.02)


def test_characters_stand_evenly_along_the_curve() -> None:
    name = text_of(14)[:14]
    gaps = [
        math.hypot(one.cell.x - two.cell.x, one.cell.y - two.cell.y)
        for one, two in pairwise(name)
        if one.glyph.breadth == two.glyph.breadth == 1
    ]
    assert max(gaps) / min(gaps) < 1.06  # chords: a little shorter where the curve is tight


def test_the_name_spans_as_much_of_the_oval_as_the_tax_office_allows() -> None:
    for length in range(10, 31):
        name = text_of(length)[:length]
        ends = [math.atan2(p.cell.x - 20, 15 - p.cell.y) for p in (name[0], name[-1])]
        assert 210 <= math.degrees(ends[1] - ends[0]) <= 260


def test_one_seal_alone_has_no_running_number() -> None:
    assert len(text_of(10, turn=None)) == 10 + 18 + 5


@pytest.mark.parametrize("code", [None, "", CODE[:-1], CODE.lower(), CODE[:-1] + "邕"])
def test_a_code_that_is_none_is_refused(code: str | None) -> None:
    with pytest.raises(ImpressionTextInvalid):
        draw(Design("invoice", "南宁桂印科技有限公司", code=code))
