"""Invoice seals, oval, 40 x 30 mm: name on the upper arc, code, 发票专用章, and a running number.

Sizes: 国家税务总局公告 2011 年第 7 号, whose figures are exact; what it leaves open follows
seal-signature.md "Impressions".
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

from server.sealing.impression.design import Design, checked_code, checked_name
from server.sealing.impression.glyphs import Face, Glyph, glyphs
from server.sealing.impression.layout import Cell, Placed, line
from server.sealing.impression.shapes import Path, ring
from server.sealing.impression.sizes import NATIONAL, Size

_SIZE = NATIONAL["invoice"]
_X, _Y = _SIZE.width / 2, _SIZE.height / 2
_A, _B = _X - _SIZE.border, _Y - _SIZE.border  # half axes inside the border

_NAME_LENGTH = (2, 30)
_NAME_OFF_BORDER, _NAME_HEIGHT = 0.5, 4.2
_NAME_WIDTH = _NAME_HEIGHT * 0.8
_SPAN, _SPAN_PER_CHARACTER, _WIDEST = 150, 7, 240  # degrees, seen from the centre
_WIDEST_PITCH = 36
_MIDDLE = _NAME_OFF_BORDER + _NAME_HEIGHT / 2  # of a character, from the border
_AIR = 0.94
_STEPS = 1440

_CODE = Cell(_X, _Y, 26.0, 3.7)
_CODE_GAP = 0.25
_TYPE_LINE = "发票专用章"
_TYPE_TOP, _TYPE_HEIGHT, _TYPE_WIDTH, _TYPE_GAP = 4.2, 4.6, 3.0, 0.35
_TURN_TOP, _TURN_HEIGHT, _TURN_WIDTH = 10.0, 2.2, 1.7
_TURN_GAP, _BRACKET = 0.1, 0.55  # mm; of a digit's width


def decoration(size: Size = _SIZE) -> tuple[Path, ...]:
    """The border."""
    return (ring(size.width, size.height, size.border),)


def place(design: Design, _size: Size = _SIZE) -> list[Placed]:
    """Every character of the seal in its cell.

    Raises ImpressionTextInvalid for a text of the wrong length, MissingGlyph.
    """
    name = checked_name(design, *_NAME_LENGTH)
    return [
        *_name(glyphs(name)),
        *_row(glyphs(checked_code(design), Face.HEI), _CODE, _CODE_GAP),
        *_row(glyphs(_TYPE_LINE), _under(_TYPE_TOP, _TYPE_HEIGHT, 5 * _TYPE_WIDTH + 4 * _TYPE_GAP)),
        *_turn(design.turn),
    ]


def _row(text: list[Glyph], middle: Cell, gap: float = _TYPE_GAP) -> list[Placed]:
    return _fill(text, line([1.0] * len(text), middle, gap))


def _turn(turn: int | None) -> list[Placed]:
    """Which of several invoice seals this is, in brackets."""
    if turn is None:
        return []
    text = glyphs(f"({turn})", Face.HEI)
    breadths = [1.0 if glyph.character.isdigit() else _BRACKET for glyph in text]
    width = _TURN_WIDTH * sum(breadths) + _TURN_GAP * (len(text) - 1)
    middle = _under(_TURN_TOP, _TURN_HEIGHT, width)
    return _fill(text, line(breadths, middle, _TURN_GAP))


def _under(top: float, height: float, width: float) -> Cell:
    return Cell(_X, _Y + top + height / 2, width, height)


def _name(text: list[Glyph]) -> list[Placed]:
    span = min(_SPAN + _SPAN_PER_CHARACTER * len(text), _WIDEST_PITCH * (len(text) - 1), _WIDEST)
    return _fill(text, _around([glyph.breadth for glyph in text], math.radians(span / 2)))


def _around(breadths: Sequence[float], half: float) -> list[Cell]:
    """Cells with their feet to the middle, evenly along the curve of their own centres."""
    turns = [math.pi * (2 * step / _STEPS - 1) for step in range(_STEPS + 1)]
    points = [_on_curve(turn) for turn in turns]
    lengths = [0.0, *accumulate(math.dist(one[:2], two[:2]) for one, two in pairwise(points))]
    inside = [
        length
        for length, (x, y, _) in zip(lengths, points, strict=True)
        if abs(math.atan2(x - _X, _Y - y)) <= half
    ]
    ends = list(accumulate(breadths))
    centres = [end - breadth / 2 for end, breadth in zip(ends, breadths, strict=True)]
    unit = (inside[-1] - inside[0]) / (centres[-1] - centres[0] or 1.0)
    middle, top = (centres[0] + centres[-1]) / 2, lengths[-1] / 2
    return [
        _cell(turns[bisect_left(lengths, top + unit * (centre - middle))], unit * breadth, breadth)
        for centre, breadth in zip(centres, breadths, strict=True)
    ]


def _cell(turn: float, pitch: float, breadth: float) -> Cell:
    x, y, upright = _on_curve(turn)
    radius = math.hypot(_A * math.cos(turn), _B * math.sin(turn)) ** 3 / (_A * _B)
    feet = (radius - _NAME_OFF_BORDER - _NAME_HEIGHT) / (radius - _MIDDLE)
    return Cell(x, y, min(_NAME_WIDTH * breadth, _AIR * pitch * feet), _NAME_HEIGHT, upright)


def _on_curve(turn: float) -> tuple[float, float, float]:
    """A point of the curve of centres, and how a character there is turned."""
    across, down = _B * math.sin(turn), _A * math.cos(turn)
    norm = math.hypot(across, down)
    x = _X + _A * math.sin(turn) - _MIDDLE * across / norm
    y = _Y - _B * math.cos(turn) + _MIDDLE * down / norm
    return x, y, math.atan2(across, down)


def _fill(text: list[Glyph], cells: list[Cell]) -> list[Placed]:
    return [Placed(glyph, cell) for glyph, cell in zip(text, cells, strict=True)]
