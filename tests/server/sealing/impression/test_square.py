"""Personal square seals: 18 mm, in a lettering that the person chooses."""

from itertools import combinations

import pytest

from server.sealing.impression import (
    Design,
    ImpressionTextInvalid,
    draw,
    fonts_for,
    square_seal,
)
from server.sealing.impression.sizes import NATIONAL
from tests.server.sealing.impression.test_layout import corners, off_cell, overlap

SQUARE_18 = NATIONAL["square"]
NAMES = ["韦志远", "黄淼", "欧阳鑫淼", "上官䶮喆堃", "阿卜杜热合曼·买买提"]


@pytest.mark.row("F-25")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("font", ["song", "hei"])
def test_ink_stays_inside_and_boxes_do_not_overlap(name: str, font: str) -> None:
    text = square_seal.place(Design("square", name, font=font), SQUARE_18)
    for one, other in combinations(text, 2):
        assert not overlap(one.cell, other.cell)
    for placed in text:
        assert off_cell(placed) <= 0.001
        assert all(1.4 <= side <= 16.6 for point in corners(placed.cell) for side in point)


@pytest.mark.row("F-25")
def test_a_personal_seal_is_18_mm_and_its_letterings_differ() -> None:
    song, hei = (draw(Design("square", "韦志远", font=font)) for font in ("song", "hei"))
    assert (song.width_mm, song.height_mm) == (18.0, 18.0)
    assert song.paths != hei.paths


@pytest.mark.row("F-25")
def test_only_letterings_that_have_every_character_are_offered() -> None:
    assert fonts_for("韦志远印") == ["song", "hei"]
    assert fonts_for("韦䶶") == ["song"]  # a character that only one of the fonts has
    assert fonts_for("韦\U0002ffff") == []


def test_a_lettering_that_nobody_has_is_refused() -> None:
    with pytest.raises(ImpressionTextInvalid):
        draw(Design("square", "韦志远", font="comic"))
