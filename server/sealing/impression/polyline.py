"""Lines through many points: thinned out, measured, sampled evenly. Numbers in, numbers out."""

import math
from collections.abc import Sequence

Point = tuple[float, float]


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The points that are needed to stay within `tolerance` of the line (Douglas, Peucker 1973).

    The first and the last point are kept.
    """
    if len(points) < 3:
        return list(points)
    kept = bytearray(len(points))
    kept[0] = kept[-1] = 1
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, index = _farthest(points, first, last)
        if farthest > tolerance:
            kept[index] = 1
            spans += [(first, index), (index, last)]
    return [point for point, keep in zip(points, kept, strict=True) if keep]


def area(closed: Sequence[Point]) -> float:
    """Signed area of a polygon; its sign tells the direction it runs in."""
    pairs = zip(closed, [*closed[1:], closed[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def box_of(lines: Sequence[Sequence[Point]]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all points."""
    columns, rows = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    return min(columns), min(rows), max(columns), max(rows)


def _farthest(points: Sequence[Point], first: int, last: int) -> tuple[float, int]:
    """How far the points between two others leave their chord at most, and which one does."""
    (x0, y0), (x1, y1) = points[first], points[last]
    across, down = x1 - x0, y1 - y0
    length = math.hypot(across, down)
    far, found = 0.0, first
    for index in range(first + 1, last):
        x, y = points[index]
        if length:
            off = abs((x - x0) * down - (y - y0) * across) / length
        else:  # a closed contour begins where it ends
            off = math.hypot(x - x0, y - y0)
        if off > far:
            far, found = off, index
    return far, found
