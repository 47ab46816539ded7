"""Writing on the pad: what is refused, and what its strokes look like as an impression."""

import io
import json
import math
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import ImageChops, ImageStat

from server.sealing.impression import BadStrokes, Impression, watermarked
from server.sealing.impression.handwriting import (
    MOST_OPERATORS,
    handwritten,
    read_strokes,
    signature_in_box,
)
from tests.factories.handwriting import a_name, loop, stroke, written
from tests.server.sealing.impression.test_layout import outline
from tests.server.sealing.impression.test_outputs import DPI, ink, on_white, one_page_pdf, rendered

PIXEL_MM = 25.4 / DPI


def drawn(*strokes: list[list[float]]) -> Impression:
    return handwritten(read_strokes(written(strokes)))


def ink_mm(impression: Impression) -> tuple[float, float, float, float]:
    box = ink(impression.png(DPI)).getbbox()
    assert box is not None
    left, top, right, bottom = (side * PIXEL_MM for side in box)
    return left, top, right, bottom


def thickness_mm(impression: Impression, x: float) -> float:
    """How much ink one column of the picture has, `x` mm from its left side."""
    alpha = ink(impression.png(DPI))
    column = round(x / PIXEL_MM)
    return sum(alpha.getpixel((column, y)) for y in range(alpha.height)) / 255 * PIXEL_MM


@pytest.mark.row("F-25")
@pytest.mark.parametrize(
    "strokes",
    [
        [stroke([(10, 20), (590, 40)])],
        [stroke([(300, 5), (310, 290)])],
        [stroke([(20, 20), (580, 280)]), stroke([(580, 20), (20, 280)])],
        a_name()["strokes"],
    ],
    ids=["flat", "upright", "cross", "name"],
)
def test_writing_fills_40_by_20_mm_in_its_own_proportions(strokes: list[Any]) -> None:
    impression = drawn(*strokes)
    assert impression.width_mm <= 40
    assert impression.height_mm <= 20
    assert impression.width_mm == 40 or impression.height_mm == 20
    assert impression.width_mm == int(impression.width_mm)
    assert impression.height_mm == int(impression.height_mm)
    left, top, right, bottom = ink_mm(impression)
    assert min(left, top) >= 0
    assert right <= impression.width_mm
    assert bottom <= impression.height_mm
    columns = [x for points in strokes for x, _, _ in points]
    rows = [y for points in strokes for _, y, _ in points]
    wide, high = max(columns) - min(columns), max(rows) - min(rows)
    pen = 0.9  # mm; the ink stands out by half of it to each side
    assert (right - left - pen) / (bottom - top - pen) == pytest.approx(wide / high, rel=0.12)


@pytest.mark.row("F-25")
def test_a_slow_stroke_is_wider_than_a_fast_one() -> None:
    slow, fast = (drawn(stroke([(20, 150), (580, 152)], pace)) for pace in (0.1, 5.0))
    assert 0.75 <= thickness_mm(slow, 20) <= 1.0
    assert 0.3 <= thickness_mm(fast, 20) <= 0.5


def test_a_stroke_thins_out_where_the_pen_gathers_speed() -> None:
    slow = stroke([(20, 150), (300, 152)], 0.1)
    both = drawn(slow + stroke([(300, 152), (580, 150)], 5.0, slow[-1][2])[1:])
    assert thickness_mm(both, 5) > thickness_mm(both, 35) * 1.8


def test_writing_without_times_has_one_middling_width() -> None:
    plain = [[x, y, 0] for x, y, _ in stroke([(20, 150), (580, 152)])]
    widths = [thickness_mm(drawn(plain), x) for x in (5, 20, 35)]
    assert widths == pytest.approx([0.65] * 3, abs=0.08)


def test_a_stroke_ends_round_on_both_sides() -> None:
    alpha = ink(drawn(stroke([(50, 150), (550, 150)], 0.1)).png(DPI))
    left, top, right, bottom = alpha.getbbox()  # type: ignore[misc]
    corners = [(x, y) for x in (left, right - 1) for y in (top, bottom - 1)]
    assert [alpha.getpixel(corner) for corner in corners] == [0] * 4
    assert alpha.getpixel(((left + right) // 2, top + 1)) == 255


def test_a_sharp_corner_is_as_round_as_the_pen() -> None:
    zigzag = [(20 + 40 * n, 40 + 200 * (n % 2)) for n in range(14)]
    alpha = ink(drawn(stroke(zigzag, 0.15)).png(600))
    third = alpha.crop((alpha.width // 8, 0, alpha.width // 4, alpha.height // 2))
    highest = third.getbbox()[1]  # type: ignore[index]
    row = [third.getpixel((x, highest + 4)) for x in range(third.width)]
    assert sum(row) / 255 * 25.4 / 600 == pytest.approx(0.7, abs=0.12)


def test_a_curl_that_is_smaller_than_the_pen_has_no_hole() -> None:
    curl = [[x, y, 100 * t] for x, y, t in loop(300, 150, 7, 2.3)]
    alpha = ink(drawn(curl, stroke([(20, 290), (580, 290)])).png(DPI))
    box = alpha.crop((0, 0, alpha.width, alpha.height // 2)).getbbox()
    assert box is not None
    middle = ((box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
    around = [(middle[0] + x, middle[1] + y) for x in range(-4, 5) for y in range(-4, 5)]
    assert {alpha.getpixel(point) for point in around} == {255}


def test_no_curve_swings_out_of_the_impression() -> None:
    wide = [[10, 150, 0], [580, 100, 100], [590, 200, 200], [20, 170, 300]]
    impression = drawn(wide)
    for path in impression.paths:
        for x, y in outline(path):
            assert -0.001 <= x <= impression.width_mm + 0.001
            assert -0.001 <= y <= impression.height_mm + 0.001


@pytest.mark.parametrize(
    "strokes",
    [
        [loop(300, 150, 100)],
        [loop(300, 150, 60, 4.0)],
        [loop(300, 150, 9, 3.0), *a_name()["strokes"]],
    ],
    ids=["loop", "many loops", "small loops"],
)
def test_a_line_that_crosses_itself_is_filled_alike_in_pdf_and_png(
    strokes: list[Any], tmp_path: Path
) -> None:
    impression = drawn(*strokes)
    from_png = on_white(impression.png(DPI))
    from_pdf = rendered(one_page_pdf(impression), tmp_path).crop((0, 0, *from_png.size))
    difference = ImageChops.difference(from_png, from_pdf).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 3.0
    assert ImageStat.Stat(difference.point(lambda v: v > 150 and 255)).mean[0] < 0.2


def test_the_same_writing_draws_the_same_bytes_also_after_it_was_stored() -> None:
    strokes = read_strokes(a_name())
    again = read_strokes(json.loads(json.dumps(strokes.model_dump(mode="json"))))
    assert handwritten(again).pdf_operators() == handwritten(strokes).pdf_operators()


def test_a_pad_of_any_size_gives_the_same_impression() -> None:
    small = a_name()
    large = {
        "width": 1800,
        "height": 900,
        "strokes": [[[3 * x, 3 * y, t] for x, y, t in one] for one in small["strokes"]],
    }
    one, other = (handwritten(read_strokes(data)) for data in (small, large))
    difference = ImageChops.difference(ink(one.png(DPI)), ink(other.png(DPI)))
    assert ImageStat.Stat(difference).mean[0] < 1.0


@pytest.mark.parametrize("most", [(40.0, 20.0), (30.0, 12.0), (12.5, 20.0)])
def test_a_smaller_size_is_kept_and_gets_a_finer_pen(most: tuple[float, float]) -> None:
    impression = handwritten(read_strokes(a_name()), *most)
    assert impression.width_mm <= most[0]
    assert impression.height_mm <= most[1]
    *_, right, bottom = ink_mm(impression)
    assert max(right / most[0], bottom / most[1]) <= 1.005  # half a pixel
    share = ImageStat.Stat(ink(impression.png(DPI))).mean[0] / 255
    assert share == pytest.approx(0.13, abs=0.05)


def test_the_largest_scribble_stays_small_or_is_refused() -> None:
    whirl = [
        [300 + 250 * math.sin(n / 7) * math.cos(n / 90), 150 + 120 * math.cos(n / 5), 8.0 * n]
        for n in range(4000)
    ]
    modest = handwritten(read_strokes(written([whirl[:700]])))
    assert len(modest.pdf_operators()) <= MOST_OPERATORS
    with pytest.raises(BadStrokes) as caught:
        drawn(whirl)
    assert caught.value.details == {"reason": "much_ink"}


@pytest.mark.parametrize(("width", "height"), [(60, 30), (90, 15)])
def test_a_signature_stands_in_the_middle_of_a_forms_box_in_black(
    width: int, height: int, tmp_path: Path
) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width * 72 / 25.4, height * 72 / 25.4))
    page.Contents = pdf.make_stream(signature_in_box(read_strokes(a_name()), width, height))
    out = io.BytesIO()
    pdf.save(out)
    grey = rendered(out.getvalue(), tmp_path).convert("L")
    box = grey.point(lambda v: 255 if v < 128 else 0).getbbox()
    assert box is not None
    left, top, right, bottom = (side * PIXEL_MM for side in box)
    assert grey.getextrema()[0] == 0
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(
        (width / 2, height / 2), abs=0.6
    )
    assert right - left > width - 2 or bottom - top > height - 2


@pytest.mark.row("P-49")
def test_a_watermark_crosses_long_writing_from_end_to_end() -> None:
    for strokes in (a_name()["strokes"], [stroke([(300, 5), (250, 150), (300, 295)])]):
        seal = drawn(*strokes)
        marks = watermarked(seal).paths[len(seal.paths) :]
        crossed = ink(Impression(seal.width_mm, seal.height_mm, marks).png(DPI))
        across, down = (4, 1) if seal.width_mm > seal.height_mm else (1, 4)
        wide, high = crossed.width // across, crossed.height // down
        for x in range(across):
            for y in range(down):
                part = crossed.crop((x * wide, y * high, (x + 1) * wide, (y + 1) * high))
                assert ImageStat.Stat(part).mean[0] > 10


LINE = stroke([(20, 20), (400, 200)])


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "strokes",
        {},
        {"width": 600, "height": 300},
        {"width": 600, "height": 300, "strokes": []},
        {"width": 600, "height": 300, "strokes": [[]]},
        {"width": 600, "height": 300, "strokes": [LINE], "colour": "red"},
        {"width": 0, "height": 300, "strokes": [LINE]},
        {"width": float("inf"), "height": 300, "strokes": [LINE]},
        {"width": "600", "height": 300, "strokes": [LINE]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1, 2]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1, 2, 3, 4]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [float("nan"), 2, 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1, float("-inf"), 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1, 2, float("nan")]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [10**400, 2, 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [True, 2, 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, ["1", 2, 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1201, 2, 3]]]},
        {"width": 600, "height": 300, "strokes": [[*LINE, [1, -301, 3]]]},
        {"width": 600, "height": 300, "strokes": [LINE] * 61},
        {"width": 600, "height": 300, "strokes": [LINE * 100]},
        {"width": 600, "height": 300, "strokes": [LINE * 40, LINE * 40]},
    ],
    ids=str,
)
def test_what_no_pad_sends_is_refused(data: object) -> None:
    with pytest.raises(BadStrokes) as caught:
        read_strokes(data)
    assert caught.value.details == {"reason": "unreadable"}


def test_the_limits_themselves_are_accepted() -> None:
    short = [[10 * n, 20 * n % 290, n] for n in range(60)]
    assert len(read_strokes(written([short] * 60)).strokes) == 60
    points = [[n % 600, n % 300, n] for n in range(4000)]
    assert read_strokes(written([points[:2000], points[2000:]]))


@pytest.mark.parametrize(
    "strokes",
    [
        [[[300, 150, 0]]],
        [[[300, 150, n] for n in range(200)]],
        [stroke([(300, 150), (330, 160)])],
        [[[5, 5, 0]], [[590, 290, 5]]],
        [stroke([(300, 150), (320, 160)] * 20)],
    ],
    ids=["dot", "pressed", "tick", "two dots", "blot"],
)
def test_a_dot_or_a_tick_is_no_signature(strokes: list[Any]) -> None:
    with pytest.raises(BadStrokes) as caught:
        read_strokes(written(strokes))
    assert caught.value.details == {"reason": "little_ink"}
