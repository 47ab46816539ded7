"""Cells and ink of every kind of seal: nothing overlaps, nothing leaves its place."""

import math
from itertools import combinations

import pytest

from server.sealing.impression import Design, draw, round_seal, square_seal, watermarked
from server.sealing.impression.layout import Cell, Placed, columns
from server.sealing.impression.shapes import Path
from server.sealing.impression.sizes import NATIONAL

NUMBER = "4501030012345"
LONG_NAME = "广西（东盟）鑫淼堃喆㙓昇䶮现代农业科技产业发展投资集团有限公司"
SQUARE_20 = NATIONAL["legal_representative"]
TYPE_LINES = ("", "合同专用章", "合同专用章（2）")
LENGTHS = range(2, 31)

Point = tuple[float, float]


def name_of(length: int) -> str:
    return LONG_NAME[: length - 2] + LONG_NAME[-2:]


def corners(cell: Cell) -> list[Point]:
    cos, sin = math.cos(cell.turn), math.sin(cell.turn)
    half = [(sx * cell.width / 2, sy * cell.height / 2) for sx in (-1, 1) for sy in (-1, 1)]
    return [(cell.x + x * cos - y * sin, cell.y + x * sin + y * cos) for x, y in half]


def overlap(one: Cell, other: Cell) -> bool:
    """Two turned boxes overlap unless one of their sides' directions tells them apart."""
    for turn in (one.turn, other.turn):
        for direction in (turn, turn + math.pi / 2):
            spans = [
                [x * math.cos(direction) + y * math.sin(direction) for x, y in corners(cell)]
                for cell in (one, other)
            ]
            if max(spans[0]) <= min(spans[1]) or max(spans[1]) <= min(spans[0]):
                return False
    return True


def outline(path: Path) -> list[Point]:
    """Points along every curve of a path."""
    points: list[Point] = []
    for letter, numbers in path.segments:
        if letter in "ML":
            points.append((numbers[0], numbers[1]))
        elif letter == "C":
            ends = [points[-1], numbers[0:2], numbers[2:4], numbers[4:6]]
            for t in (0.25, 0.5, 0.75, 1.0):
                weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
                x, y = (sum(w * p[i] for w, p in zip(weights, ends, strict=True)) for i in (0, 1))
                points.append((x, y))
    return points


def off_cell(placed: Placed) -> float:
    """How far the ink of a character, its stroke included, leaves its cell; negative inside."""
    cell, path = placed.cell, placed.path()
    cos, sin = math.cos(cell.turn), math.sin(cell.turn)
    worst = -math.inf
    for x, y in outline(path):
        across = (x - cell.x) * cos + (y - cell.y) * sin
        down = (y - cell.y) * cos - (x - cell.x) * sin
        off = max(abs(across) - cell.width / 2, abs(down) - cell.height / 2)
        worst = max(worst, off + path.stroke_mm / 2)
    return worst


def round_text(length: int, type_line: str = "") -> list[Placed]:
    return round_seal.place(Design("company", name_of(length), NUMBER), type_line)


@pytest.mark.row("F-19")
@pytest.mark.parametrize("type_line", TYPE_LINES)
def test_no_two_boxes_of_a_round_seal_overlap_at_any_length(type_line: str) -> None:
    for length in LENGTHS:
        for one, other in combinations(round_text(length, type_line), 2):
            assert not overlap(one.cell, other.cell), (
                f"{one.glyph.character} {other.glyph.character} of {length}"
            )


@pytest.mark.row("F-19")
def test_ink_of_a_round_seal_stays_in_its_cells_and_clear_of_border_and_star() -> None:
    for length in LENGTHS:
        for placed in round_text(length, TYPE_LINES[2]):
            assert off_cell(placed) <= 0.001, f"{placed.glyph.character} of {length}"
            reach = [math.hypot(x - 20, y - 20) for x, y in corners(placed.cell)]
            assert max(reach) <= 18.8 - 0.4
            assert min(reach) >= 7.0 + 0.4


@pytest.mark.parametrize(
    "name", ["韦志远", "黄淼", "欧阳鑫淼", "上官䶮喆堃", "阿卜杜热合曼·买买提"]
)
def test_ink_of_a_square_seal_stays_inside_and_boxes_do_not_overlap(name: str) -> None:
    text = square_seal.place(Design("legal_representative", name), SQUARE_20)
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell)
    for placed in text:
        assert off_cell(placed) <= 0.001
        assert all(1.4 <= side <= 18.6 for point in corners(placed.cell) for side in point)


def test_a_name_reads_clockwise_and_the_same_on_both_sides_of_the_top() -> None:
    cells = [placed.cell for placed in round_seal.place(Design("company", "南宁桂印公司"), "")]
    assert [cell.turn for cell in cells] == sorted(cell.turn for cell in cells)
    for left, right in zip(cells, reversed(cells), strict=True):
        assert left.x - 20 == pytest.approx(20 - right.x)
        assert left.y == pytest.approx(right.y)


@pytest.mark.parametrize(("length", "height"), [(16, 5.0), (17, 4.6), (22, 4.6), (23, 4.2)])
def test_the_height_of_a_name_follows_its_length(length: int, height: float) -> None:
    assert {placed.cell.height for placed in round_text(length)[:length]} == {height}


def test_a_name_over_a_type_line_spans_at_most_236_degrees() -> None:
    def span(type_line: str) -> float:
        turns = [placed.cell.turn for placed in round_text(30, type_line)[:30]]
        return math.degrees(turns[-1] - turns[0])

    assert span("") == pytest.approx(268)
    assert span("合同专用章") == pytest.approx(236)


def test_the_type_line_stands_11_mm_under_the_centre() -> None:
    line = round_text(10, "合同专用章")[10:15]
    assert {placed.cell.y for placed in line} == {31.0}
    assert sum(placed.cell.x for placed in line) / 5 == pytest.approx(20)
    assert all(placed.cell.width == pytest.approx(3.2) for placed in line)


def test_the_number_reads_from_left_to_right_on_the_lower_arc() -> None:
    digits = round_text(10)[10:]
    assert "".join(placed.glyph.character for placed in digits) == NUMBER
    assert [p.cell.x for p in digits] == sorted(p.cell.x for p in digits)
    assert all(placed.cell.y > 33 and placed.cell.height == 1.4 for placed in digits)
    assert abs(digits[6].cell.turn) < 1e-9


@pytest.mark.parametrize(
    ("name", "text"), [("韦志远", "韦志远印"), ("黄淼", "黄淼之印"), ("欧阳鑫淼", "欧阳鑫淼之印")]
)
def test_a_square_seal_ends_in_a_character_that_fills_its_columns(name: str, text: str) -> None:
    placed = square_seal.place(Design("legal_representative", name), SQUARE_20)
    assert "".join(p.glyph.character for p in placed) == text


def test_columns_run_from_the_right_and_each_downwards() -> None:
    first, second, third, fourth = columns([(1, 1)] * 4, Cell(10, 10, 16, 16), 0.4)
    assert first.x == second.x > third.x == fourth.x
    assert first.y == third.y < second.y == fourth.y


def test_an_uneven_name_fills_the_whole_area() -> None:
    cells = columns([(1, 1)] * 5, Cell(10, 10, 16, 16), 0.4)
    assert [cell.height for cell in cells[:3]] == pytest.approx([(16 - 0.8) / 3] * 3)
    assert [cell.height for cell in cells[3:]] == pytest.approx([(16 - 0.4) / 2] * 2)


def test_a_bracket_takes_less_of_the_arc_than_an_ideograph() -> None:
    text = round_seal.place(Design("company", "广西（东盟）集团"), "")
    widths = {placed.glyph.character: placed.cell.width for placed in text}
    assert widths["（"] < widths["东"] / 2


def test_half_width_brackets_are_cut_full_width() -> None:
    assert draw(Design("company", "广西(东盟)集团")).paths == (
        draw(Design("company", "广西（东盟）集团")).paths
    )


def test_stroke_is_as_heavy_as_seal_song_and_thinner_where_strokes_crowd() -> None:
    wide = {p.glyph.character: p.path().stroke_mm for p in round_text(10)}
    usual = round_seal.place(Design("company", "南宁桂印科技有限公司"), "")
    assert all(0.10 <= placed.path().stroke_mm <= 0.12 for placed in usual)
    narrow = round_text(30)
    assert wide["鑫"] < 0.09 < wide["广"]
    assert all(0.05 <= placed.path().stroke_mm <= 0.08 for placed in narrow[:30])
    assert all(digit.path().stroke_mm == 0 for digit in narrow[30:])


def test_a_short_name_does_not_drift_apart() -> None:
    left, right = round_seal.place(Design("company", "桂印"), "")
    assert math.degrees(right.cell.turn - left.cell.turn) == pytest.approx(36)


def test_the_star_measures_14_mm_and_its_edges_are_straight() -> None:
    points = outline(draw(Design("company", "南宁桂印公司")).paths[1])
    tips = [math.hypot(x - 20, y - 20) for x, y in points[::2]]
    assert tips == pytest.approx([7.0] * 5)
    upper_edge = [points[corner][1] for corner in (8, 9, 1, 2)]
    assert upper_edge == pytest.approx([upper_edge[0]] * 4)


@pytest.mark.parametrize("kind", ["company", "legal_representative"])
def test_a_watermark_stays_within_the_circle_of_its_seal(kind: str) -> None:
    seal = draw(Design(kind, "欧阳鑫淼"))
    marks = watermarked(seal, "仅供内部预览使用").paths[len(seal.paths) :]
    centre = seal.width_mm / 2
    for mark in marks:
        assert all(math.hypot(x - centre, y - centre) < centre for x, y in outline(mark))
