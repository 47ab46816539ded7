"""A name in the box of a form: from the pad's strokes, or in letters."""

import pytest

from server.sealing.form_ink import printed, written
from server.sealing.impression import MissingGlyph
from server.sealing.impression.strokes import read_strokes

STROKES = {
    "width": 300,
    "height": 150,
    "strokes": [[[20, 40, 0], [120, 60, 40], [260, 50, 90]], [[140, 10, 200], [150, 130, 280]]],
}


@pytest.mark.row("F-15")
def test_strokes_become_outlines_that_fit_the_box() -> None:
    ink = written(read_strokes(STROKES))
    assert 0 < ink.width_mm <= 66
    assert 0 < ink.height_mm <= 24
    assert ink.paths
    assert all(path.colour == (0, 0, 0) for path in ink.paths)
    xs = [x for path in ink.paths for _, n in path.segments for x in n[::2]]
    assert -0.5 <= min(xs) <= max(xs) <= ink.width_mm + 0.5


@pytest.mark.row("P-50")
def test_a_name_in_letters_stands_in_one_line() -> None:
    short, long = printed("覃 明"), printed("覃明亮")
    assert len(short.paths) == 2
    assert short.height_mm == long.height_mm
    assert short.width_mm == pytest.approx(18)
    assert long.width_mm == pytest.approx(27)
    ys = [y for path in long.paths for _, n in path.segments for y in n[1::2]]
    assert 0 <= min(ys) <= max(ys) <= long.height_mm


def test_a_name_that_no_font_has_is_not_printed() -> None:
    with pytest.raises(MissingGlyph):
        printed("覃\U00020bb7")
