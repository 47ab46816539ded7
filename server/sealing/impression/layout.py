"""Where the characters of a seal stand: numbers in, cells out, no two of them overlapping.

Breadths are widths in units of an ideograph (1 for 国, less for a bracket). Angles of an arc
count clockwise from its top, in radians.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from server.sealing.impression.glyphs import Glyph
from server.sealing.impression.shapes import Path, transform

_INK_PER_WIDTH = 0.03  # 0.12 mm for a cell 4 mm wide
_INK_MM = (0.05, 0.20)
_SMALL_MM = 2.0  # lower characters get no stroke: screens draw a hair line a whole pixel wide
_DENSE_EDGE = 11.0  # em; beyond this a character has so many strokes that they need thinner ink
_AIR = 0.96  # part of the pitch that a cell takes, so that neighbours' feet do not touch


@dataclass(frozen=True)
class Cell:
    """A box that one character fills: centre, width and height in mm, turned clockwise."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0


@dataclass(frozen=True)
class Placed:
    """A character in its cell."""

    glyph: Glyph
    cell: Cell

    def path(self) -> Path:
        """The outline in mm, stroked so that Song Regular looks as heavy as the Song of seals.

        The stroke is thinner in a narrow cell and on a dense character: 鑫 squeezed to 2 mm
        closes up under 0.12 mm.
        """
        cell, (left, low, right, high) = self.cell, self.glyph.box
        stroke = self._stroke()
        # The stroke spreads half its width to either side, and the cell holds that too.
        across = (cell.width - stroke) / (right - left)
        down = (cell.height - stroke) / (high - low)
        cos, sin = math.cos(cell.turn), math.sin(cell.turn)
        a, b, c, d = across * cos, across * sin, down * sin, -down * cos
        middle_x, middle_y = (left + right) / 2, (low + high) / 2
        e = cell.x - a * middle_x - c * middle_y
        f = cell.y - b * middle_x - d * middle_y
        return Path(transform(self.glyph.segments, (a, b, c, d, e, f)), stroke)

    def _stroke(self) -> float:
        if self.cell.height < _SMALL_MM:
            return 0.0
        crowding = min(1.0, _DENSE_EDGE / self.glyph.edge)
        thin, thick = _INK_MM
        return min(max(self.cell.width * _INK_PER_WIDTH * crowding, thin), thick)


@dataclass(frozen=True)
class Arc:
    """A band round a centre that characters stand in; `span` runs between the outer centres."""

    x: float
    y: float
    outer_radius: float
    height: float
    span: float


def upper_arc(breadths: Sequence[float], arc: Arc, width: float) -> list[Cell]:
    """Cells over the top of `arc`, feet to the centre, an ideograph at most `width` mm wide.

    Where the pitch is tight a cell is only as wide as keeps it clear of its neighbours' feet.
    """
    return [_on_arc(arc, angle, 0.0, fit) for angle, fit in _spread(breadths, arc, width)]


def lower_arc(breadths: Sequence[float], arc: Arc, width: float) -> list[Cell]:
    """Cells under the bottom of `arc`, read from left to right, heads to the centre."""
    return [
        _on_arc(arc, math.pi - angle, math.pi, fit) for angle, fit in _spread(breadths, arc, width)
    ]


def line(breadths: Sequence[float], middle: Cell, gap: float) -> list[Cell]:
    """Cells in a row centred in `middle`; ideographs as wide as it allows, `gap` mm apart."""
    unit = (middle.width - gap * (len(breadths) - 1)) / sum(breadths)
    starts = accumulate((unit * breadth + gap for breadth in breadths[:-1]), initial=0.0)
    left = middle.x - middle.width / 2
    return [
        Cell(left + start + unit * breadth / 2, middle.y, unit * breadth, middle.height)
        for start, breadth in zip(starts, breadths, strict=True)
    ]


def columns(shares: Sequence[tuple[float, float]], area: Cell, gap: float) -> list[Cell]:
    """Cells that fill `area` column by column from the right, each read downwards.

    `shares` are the width and the height of each character in units of an ideograph. There are
    about as many columns as rows; an early column takes one character more than a late one where
    they do not share evenly.
    """
    count = round(math.sqrt(len(shares)))
    width = (area.width - gap * (count - 1)) / count
    cells: list[Cell] = []
    for column in range(count):
        rows = math.ceil((len(shares) - len(cells)) / (count - column))
        x = area.x + area.width / 2 - width / 2 - column * (width + gap)
        inside = Cell(x, area.y, width, area.height)
        cells += _column(shares[len(cells) : len(cells) + rows], inside, gap)
    return cells


def _column(shares: Sequence[tuple[float, float]], area: Cell, gap: float) -> Iterator[Cell]:
    unit = (area.height - gap * (len(shares) - 1)) / sum(height for _, height in shares)
    top = area.y - area.height / 2
    for breadth, share in shares:
        height = unit * share
        yield Cell(area.x, top + height / 2, area.width * breadth, height)
        top += height + gap


def _spread(breadths: Sequence[float], arc: Arc, width: float) -> list[tuple[float, float]]:
    """For each character its angle from the middle of the arc and the width of its cell."""
    ends = list(accumulate(breadths))
    centres = [end - breadth / 2 for end, breadth in zip(ends, breadths, strict=True)]
    unit = arc.span / (centres[-1] - centres[0] or 1.0)
    middle = (centres[0] + centres[-1]) / 2
    inner_edge = 2 * (arc.outer_radius - arc.height)
    return [
        (
            unit * (centre - middle),
            min(width * breadth, _AIR * inner_edge * math.tan(unit * breadth / 2)),
        )
        for centre, breadth in zip(centres, breadths, strict=True)
    ]


def _on_arc(arc: Arc, angle: float, upright_at: float, width: float) -> Cell:
    radius = arc.outer_radius - arc.height / 2
    x, y = arc.x + radius * math.sin(angle), arc.y - radius * math.cos(angle)
    return Cell(x, y, width, arc.height, angle - upright_at)
