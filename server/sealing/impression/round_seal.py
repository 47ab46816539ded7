"""Round seals: a star, the company's name over it, a type line, a number below.

Sizes: seal-signature.md "Impressions" and frontend.md 3 "Geometry used", which are those of a seal
of 40 mm; where a place wants another size, all lettering grows with the room inside the border.
"""

import math

from server.sealing.impression.design import (
    Design,
    checked_name,
    checked_number,
    checked_type_line,
)
from server.sealing.impression.glyphs import Face, Glyph, glyphs
from server.sealing.impression.layout import Arc, Cell, Placed, line, lower_arc, upper_arc
from server.sealing.impression.shapes import Path, ring, star
from server.sealing.impression.sizes import NATIONAL, Size

_USUAL = NATIONAL["company"]
_CENTRE = _USUAL.width / 2
_INSIDE = _CENTRE - _USUAL.border

_NAME_LENGTH = (2, 30)
_NAME_OFF_BORDER = 0.9
_NAME_HEIGHTS = ((16, 5.0), (22, 4.6), (30, 4.2))  # up to so many characters: mm
_NAME_SLENDERNESS = 0.8  # width of a character to its height, at most
_SPAN, _SPAN_PER_CHARACTER = 150, 7  # degrees
_WIDEST_PITCH = 36  # degrees: a name of two to six characters does not drift apart
_WIDEST, _WIDEST_OVER_TYPE_LINE = 268, 236  # beyond this the name meets the number or the line

_NUMBER_OFF_BORDER = 0.75
_NUMBER_HEIGHT, _NUMBER_WIDTH, _NUMBER_PITCH = 1.4, 0.8, 4.4  # mm, mm, degrees

_TYPE_LINE_BELOW = 11.0
_TYPE_LINE_LONGEST = 8
_TYPE_HEIGHT, _TYPE_WIDTH, _TYPE_GAP, _TYPE_WIDEST = 4.6, 3.2, 0.35, 19.0


def decoration(size: Size = _USUAL) -> tuple[Path, ...]:
    """Border and star."""
    middle = size.width / 2
    return ring(size.width, size.height, size.border), star(middle, middle, size.star)


def place(design: Design, usual_type_line: str, size: Size = _USUAL) -> list[Placed]:
    """Every character of the seal in its cell.

    Raises ImpressionTextInvalid for a text of the wrong length, MissingGlyph.
    """
    name = checked_name(design, *_NAME_LENGTH)
    number = checked_number(design)
    type_line = checked_type_line(design, usual_type_line, _TYPE_LINE_LONGEST)
    widest = _WIDEST_OVER_TYPE_LINE if type_line else _WIDEST
    usual = [
        *_name(glyphs(name), widest),
        *_type_line(glyphs(type_line)),
        *_number(glyphs(number, Face.HEI)),
    ]
    return usual if size == _USUAL else [_grown(placed, size) for placed in usual]


def _name(text: list[Glyph], widest: int) -> list[Placed]:
    height = next(mm for longest, mm in _NAME_HEIGHTS if len(text) <= longest)
    span = min(_SPAN + _SPAN_PER_CHARACTER * len(text), _WIDEST_PITCH * (len(text) - 1), widest)
    arc = Arc(_CENTRE, _CENTRE, _INSIDE - _NAME_OFF_BORDER, height, math.radians(span))
    cells = upper_arc([glyph.breadth for glyph in text], arc, height * _NAME_SLENDERNESS)
    return _fill(text, cells)


def _type_line(text: list[Glyph]) -> list[Placed]:
    if not text:
        return []
    breadths = [glyph.breadth for glyph in text]
    wish = _TYPE_WIDTH * sum(breadths) + _TYPE_GAP * (len(text) - 1)
    middle = Cell(_CENTRE, _CENTRE + _TYPE_LINE_BELOW, min(wish, _TYPE_WIDEST), _TYPE_HEIGHT)
    return _fill(text, line(breadths, middle, _TYPE_GAP))


def _number(text: list[Glyph]) -> list[Placed]:
    if not text:
        return []
    span = math.radians(_NUMBER_PITCH * (len(text) - 1))
    arc = Arc(_CENTRE, _CENTRE, _INSIDE - _NUMBER_OFF_BORDER, _NUMBER_HEIGHT, span)
    # Digits keep one pitch, as they are cut, whatever their own widths.
    return _fill(text, lower_arc([1.0] * len(text), arc, _NUMBER_WIDTH))


def _grown(placed: Placed, size: Size) -> Placed:
    cell, middle = placed.cell, size.width / 2
    factor = (middle - size.border) / _INSIDE
    x, y = middle + (cell.x - _CENTRE) * factor, middle + (cell.y - _CENTRE) * factor
    grown = Cell(x, y, cell.width * factor, cell.height * factor, cell.turn)
    return Placed(placed.glyph, grown)


def _fill(text: list[Glyph], cells: list[Cell]) -> list[Placed]:
    return [Placed(glyph, cell) for glyph, cell in zip(text, cells, strict=True)]
