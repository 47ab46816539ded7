"""A name written by hand on the pad becomes an impression, its strokes wide where they are slow."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from server.sealing.impression.drawn import Impression
from server.sealing.impression.errors import BadStrokes
from server.sealing.impression.operators import POINTS_PER_MM
from server.sealing.impression.pen import Dot, inked
from server.sealing.impression.shapes import BLACK, SEAL_RED, Colour, Path
from server.sealing.impression.strokes import PadPoint, Strokes, read_strokes

__all__ = ["MOST_OPERATORS", "Strokes", "handwritten", "read_strokes", "signature_in_box"]

LARGEST_MM = (40.0, 20.0)  # seal-signature.md "Impressions"
TITLE = "个人手绘章"
MOST_OPERATORS = 30 * 1024  # bytes of PDF operators

# Millimetres of a seal of the largest size; a smaller one gets a finer pen.
_THICK, _THIN = 0.5, 0.15  # half the width of ink that stands and of ink that flies
_HALF_SPEED = 0.1  # mm per ms; at this speed the ink is as wide as the mean of both
_STEP = 0.25
_TREMBLE = 0.1  # what a pointer moves less than this says more of its pixels than of the hand
_TOLERANCES = (0.012, 0.03, 0.06)
_STEADY = 0.6  # how much of its former width a pen keeps from one point to the next


def handwritten(
    strokes: Strokes,
    width_mm: float = LARGEST_MM[0],
    height_mm: float = LARGEST_MM[1],
    colour: Colour = SEAL_RED,
) -> Impression:
    """The writing as large as `width_mm` x `height_mm` holds it, in its own proportions.

    The impression is as small as its ink, up to whole millimetres. Raises BadStrokes for more
    ink than 30 KB of operators draw.
    """
    pen = min(width_mm / LARGEST_MM[0], height_mm / LARGEST_MM[1])
    lines = [_line(stroke, pen) for stroke in _fitted(strokes, width_mm, height_mm, pen)]
    width, height, moved = _framed(lines, width_mm, height_mm)
    for tolerance in _TOLERANCES:
        outlines = (outline for line in moved for outline in inked(line, tolerance * pen))
        paths = tuple(Path(outline, colour=colour) for outline in outlines)
        drawn = Impression(width, height, paths, TITLE)
        if len(drawn.pdf_operators()) <= MOST_OPERATORS:
            return drawn
    raise BadStrokes(reason="much_ink")


def signature_in_box(strokes: Strokes, width_mm: float, height_mm: float) -> bytes:
    """PDF operators of a signature in black, in the middle of a form's box of that size.

    The origin is the lower left corner of the box, in points; no resources are needed.
    """
    drawn = handwritten(strokes, width_mm, height_mm, BLACK)
    x, y = (width_mm - drawn.width_mm) / 2, (height_mm - drawn.height_mm) / 2
    shift = f"q 1 0 0 1 {x * POINTS_PER_MM:.3f} {y * POINTS_PER_MM:.3f} cm\n"
    return shift.encode("ascii") + drawn.pdf_operators() + b"Q\n"


def _fitted(
    strokes: Strokes, width_mm: float, height_mm: float, pen: float
) -> Iterator[list[PadPoint]]:
    """The points in mm: the box round them, and the ink round that, are inside the size."""
    columns = [x for stroke in strokes.strokes for x, _, _ in stroke]
    rows = [y for stroke in strokes.strokes for _, y, _ in stroke]
    width, height = max(columns) - min(columns), max(rows) - min(rows)
    rooms = ((width_mm, width), (height_mm, height))
    scale = min((room - 2 * _THICK * pen) / extent for room, extent in rooms if extent)
    for stroke in strokes.strokes:
        yield [(x * scale, y * scale, t) for x, y, t in stroke]


def _line(points: Sequence[PadPoint], pen: float) -> list[Dot]:
    """Where the pen went, sampled evenly, and how wide its ink was there."""
    steady = _smoothed(_moved(points, _TREMBLE * pen))
    if len(steady) == 1:
        return [Dot(*steady[0][:2], _THICK * pen)]
    widths = _widths(steady, pen)
    knots = [Dot(x, y, width) for (x, y, _), width in zip(steady, widths, strict=True)]
    return [*_sampled(knots, _STEP * pen)]


def _moved(points: Sequence[PadPoint], least: float) -> list[PadPoint]:
    """The points that are some way from the one before."""
    kept = [points[0]]
    for point in points[1:]:
        if math.dist(point[:2], kept[-1][:2]) >= least:
            kept.append(point)
    return kept


def _smoothed(points: list[PadPoint]) -> list[PadPoint]:
    """Each point but the ends drawn half-way to the middle of its neighbours."""
    inner = (
        ((ax + 2 * bx + cx) / 4, (ay + 2 * by + cy) / 4, t)
        for (ax, ay, _), (bx, by, t), (cx, cy, _) in zip(
            points, points[1:], points[2:], strict=False
        )
    )
    return [points[0], *inner, points[-1]] if len(points) > 1 else points


def _widths(points: list[PadPoint], pen: float) -> list[float]:
    """Half the width of the ink at each point: less where the pen was fast."""
    found: list[float] = []
    for (ax, ay, at), (bx, by, bt) in pairwise(points):
        # Points without times of their own were written at the speed of the others.
        speed = math.hypot(bx - ax, by - ay) / (bt - at) / pen if bt > at else _HALF_SPEED
        wish = pen * (_THIN + (_THICK - _THIN) * _HALF_SPEED / (_HALF_SPEED + speed))
        found.append(found[-1] * _STEADY + wish * (1 - _STEADY) if found else wish)
    return [found[0], *found]


def _sampled(knots: list[Dot], step: float) -> Iterator[Dot]:
    """A smooth curve through all knots (Catmull, Rom 1974) in steps of about `step` mm."""
    yield knots[0]
    for index, (one, two) in enumerate(pairwise(knots)):
        before, after = knots[max(index - 1, 0)], knots[min(index + 2, len(knots) - 1)]
        count = math.ceil(math.hypot(two.x - one.x, two.y - one.y) / step)
        for number in range(1, count + 1):
            t = number / count
            yield Dot(
                _between(before.x, one.x, two.x, after.x, t),
                _between(before.y, one.y, two.y, after.y, t),
                one.radius + (two.radius - one.radius) * t,
            )


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    bend = 2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)
    return b + t / 2 * (c - a + t * bend)


def _framed(
    lines: list[list[Dot]], width_mm: float, height_mm: float
) -> tuple[float, float, list[list[Dot]]]:
    """The size of the impression in whole millimetres, and the lines in the middle of it."""
    dots = [dot for line in lines for dot in line]
    left, right = min(d.x - d.radius for d in dots), max(d.x + d.radius for d in dots)
    top, bottom = min(d.y - d.radius for d in dots), max(d.y + d.radius for d in dots)
    width, height = min(math.ceil(right - left), width_mm), min(math.ceil(bottom - top), height_mm)
    across, down = (width - right - left) / 2, (height - bottom - top) / 2
    moved = [[Dot(d.x + across, d.y + down, d.radius) for d in line] for line in lines]
    return width, height, moved
