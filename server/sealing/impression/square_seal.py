"""Square seals of a person: the name and 印 or 之印, in columns read from the right.

Sizes: seal-signature.md "Impressions" and frontend.md 3 "Geometry used".
"""

from server.sealing.impression.design import Design, checked_font, checked_name
from server.sealing.impression.glyphs import glyphs
from server.sealing.impression.layout import Cell, Placed, columns
from server.sealing.impression.shapes import Path, frame
from server.sealing.impression.sizes import Size

_CORNER = 0.5
_OFF_BORDER = 0.6
_GAP = 0.45
_NAME_LENGTH = (2, 20)
# The dot between the parts of a name of one of the peoples (阿卜杜热合曼·买买提).
_DOTS, _DOT_HEIGHT = "·•・", 0.35  # of a character's height


def decoration(size: Size) -> tuple[Path, ...]:
    """The border."""
    return (frame(size.width, size.border, _CORNER),)


def place(design: Design, size: Size) -> list[Placed]:
    """Every character in its cell.

    Raises ImpressionTextInvalid for a name of the wrong length, MissingGlyph.
    """
    name = checked_name(design, *_NAME_LENGTH)
    # An even number of characters shares evenly between columns: 韦志远印, 黄淼之印.
    text = glyphs(name + ("之印" if len(name) % 2 == 0 else "印"), checked_font(design))
    room = size.width - 2 * (size.border + _OFF_BORDER)
    area = Cell(size.width / 2, size.height / 2, room, room)
    shares = [(g.breadth, _DOT_HEIGHT if g.character in _DOTS else 1.0) for g in text]
    return [Placed(g, cell) for g, cell in zip(text, columns(shares, area, _GAP), strict=True)]
