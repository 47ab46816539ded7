"""An impression crossed out for the eyes only: what pages show outside signing (P-49)."""

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from server.sealing.impression.drawn import Impression
from server.sealing.impression.glyphs import Glyph, glyphs
from server.sealing.impression.layout import Cell, Placed, line
from server.sealing.impression.shapes import Colour, Path

_GREY: Colour = (130, 130, 130)
_TILT = -math.pi / 6
# Shares of the seal's smaller side.
_HEIGHT, _PITCH, _WIDEST = 0.11, 0.135, 0.68
_ROWS = (-0.26, 0.0, 0.26)
_OVERHANG = 0.4  # how much longer than its smaller side a seal may be and have the rows once


def watermarked(seal: Impression, text: str = "仅供预览") -> Impression:
    """The same seal under slanting grey rows of `text`.

    Hand it out as a PNG: in an SVG or a PDF the rows could be taken away again. Raises
    MissingGlyph for a text that the fonts do not have.
    """
    return replace(seal, paths=(*seal.paths, *_marks(seal.width_mm, seal.height_mm, text)))


@lru_cache
def _marks(width_mm: float, height_mm: float, text: str) -> tuple[Path, ...]:
    """The rows once for a seal as wide as high; side by side where it is longer one way."""
    side, letters = min(width_mm, height_mm), glyphs(text)
    middles = [(x, y) for x in _middles(width_mm, side) for y in _middles(height_mm, side)]
    placed = (one for middle in middles for one in _rows(letters, side, middle))
    return tuple(replace(one.path(), colour=_GREY) for one in placed)


def _middles(length: float, side: float) -> list[float]:
    count = max(1, math.ceil(length / side - _OVERHANG))
    return [length * (number + 0.5) / count for number in range(count)]


def _rows(letters: list[Glyph], side: float, middle: tuple[float, float]) -> Iterator[Placed]:
    breadths = [glyph.breadth for glyph in letters]
    width = min(_PITCH * len(letters), _WIDEST) * side
    cos, sin = math.cos(_TILT), math.sin(_TILT)
    for row in _ROWS:
        level = Cell(0.0, row * side, width, _HEIGHT * side)
        for glyph, cell in zip(letters, line(breadths, level, 0.0), strict=True):
            x = middle[0] + cell.x * cos - cell.y * sin
            y = middle[1] + cell.x * sin + cell.y * cos
            yield Placed(glyph, replace(cell, x=x, y=y, turn=_TILT))
