"""An impression crossed out for the eyes only: what pages show outside signing (P-49)."""

import math
from collections.abc import Iterator
from dataclasses import replace

from server.sealing.impression.drawn import Impression
from server.sealing.impression.glyphs import glyphs
from server.sealing.impression.layout import Cell, Placed, line
from server.sealing.impression.shapes import Colour

_GREY: Colour = (130, 130, 130)
_TILT = -math.pi / 6
# Shares of the seal's smaller side.
_HEIGHT, _PITCH, _WIDEST = 0.11, 0.135, 0.68
_ROWS = (-0.26, 0.0, 0.26)


def watermarked(seal: Impression, text: str = "仅供预览") -> Impression:
    """The same seal under slanting grey rows of `text`.

    Hand it out as a PNG: in an SVG or a PDF the rows could be taken away again. Raises
    MissingGlyph for a text that the fonts do not have.
    """
    marks = (replace(placed.path(), colour=_GREY) for placed in _marks(seal, text))
    return replace(seal, paths=(*seal.paths, *marks))


def _marks(seal: Impression, text: str) -> Iterator[Placed]:
    side = min(seal.width_mm, seal.height_mm)
    letters = glyphs(text)
    breadths = [glyph.breadth for glyph in letters]
    width = min(_PITCH * len(letters), _WIDEST) * side
    cos, sin = math.cos(_TILT), math.sin(_TILT)
    for row in _ROWS:
        middle = Cell(0.0, row * side, width, _HEIGHT * side)
        for glyph, cell in zip(letters, line(breadths, middle, 0.0), strict=True):
            x = seal.width_mm / 2 + cell.x * cos - cell.y * sin
            y = seal.height_mm / 2 + cell.x * sin + cell.y * cos
            yield Placed(glyph, replace(cell, x=x, y=y, turn=_TILT))
