"""Square seals of a person: the name and 印 or 之印, in columns read from the right.

Sizes: seal-signature.md "Impressions" and frontend.md 3 "Geometry used".
"""

from server.sealing.impression.design import Design, checked_font, checked_name
from server.sealing.impression.glyphs import glyphs
from server.sealing.impression.layout import Cell, Placed, columns
from server.sealing.impression.shapes import Path, frame

_BORDER = 1.0
_CORNER = 0.5
_OFF_BORDER = 0.6
_GAP = 0.45
_NAME_LENGTH = (2, 20)


def decoration(size: float) -> tuple[Path, ...]:
    """The border of a seal `size` mm wide."""
    return (frame(size, _BORDER, _CORNER),)


def place(design: Design, size: float) -> list[Placed]:
    """Every character of a seal `size` mm wide in its cell.

    Raises ImpressionTextInvalid for a name of the wrong length, MissingGlyph.
    """
    name = checked_name(design, *_NAME_LENGTH)
    # An even number of characters shares evenly between columns: 韦志远印, 黄淼之印.
    text = glyphs(name + ("之印" if len(name) % 2 == 0 else "印"), checked_font(design))
    room = size - 2 * (_BORDER + _OFF_BORDER)
    cells = columns([glyph.breadth for glyph in text], Cell(size / 2, size / 2, room, room), _GAP)
    return [Placed(glyph, cell) for glyph, cell in zip(text, cells, strict=True)]
