"""What a pen leaves on the paper: a line through points becomes filled outlines with round ends.

A line is drawn in runs that bend less than half a turn, each with round ends: such an outline
never crosses itself, so that the non-zero and the even-odd rule fill it alike, and where two runs
meet the round ends make the joint.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from server.sealing.impression.polyline import Point, simplified
from server.sealing.impression.shapes import Segment, quarters

_MOST_BEND = math.radians(150)


@dataclass(frozen=True)
class Dot:
    """Where the tip of the pen was, and half the width of the ink there."""

    x: float
    y: float
    radius: float


def inked(line: Sequence[Dot], tolerance: float) -> Iterator[tuple[Segment, ...]]:
    """One closed outline for each run of a line, its sides within `tolerance` of the true ones."""
    if len(line) == 1:
        yield _round(line[0])
    for run in _runs(line):
        yield _outline(run, tolerance)


def _runs(line: Sequence[Dot]) -> Iterator[Sequence[Dot]]:
    """Parts of a line, each beginning with the dot that the one before ends with."""
    begin, bend = 0, 0.0
    for index in range(1, len(line) - 1):
        before, dot, after = line[index - 1 : index + 2]
        turn = _turn(before, dot, after)
        bend += turn
        step = math.hypot(after.x - dot.x, after.y - dot.y)
        # Where the line bends closer than the ink is wide, its inner side would fold over.
        folds = abs(turn) * dot.radius > step
        if folds or abs(bend) > _MOST_BEND:
            yield line[begin : index + 1]
            begin, bend = index, 0.0
    if len(line) > 1:
        yield line[begin:]


def _turn(before: Dot, dot: Dot, after: Dot) -> float:
    """By how much the line changes its direction at a dot, in radians."""
    ax, ay = dot.x - before.x, dot.y - before.y
    bx, by = after.x - dot.x, after.y - dot.y
    return math.atan2(ax * by - ay * bx, ax * bx + ay * by)


def _outline(run: Sequence[Dot], tolerance: float) -> tuple[Segment, ...]:
    normals = _normals(run)
    sides = [
        [(d.x + side * d.radius * nx, d.y + side * d.radius * ny)
         for d, (nx, ny) in zip(run, normals, strict=True)]
        for side in (1, -1)
    ]  # fmt: skip
    one, other = (simplified(side, tolerance) for side in sides)
    other.reverse()
    return (
        ("M", one[0]),
        *(("L", point) for point in one[1:]),
        *_half_round(run[-1], normals[-1]),
        *(("L", point) for point in other[1:]),
        *_half_round(run[0], (-normals[0][0], -normals[0][1])),
        ("Z", ()),
    )


def _normals(run: Sequence[Dot]) -> list[Point]:
    """The direction to the side at each dot, from its neighbours."""
    chords = [(b.x - a.x, b.y - a.y) for a, b in pairwise(run)]
    tangents = [
        chords[0],
        *((ax + bx, ay + by) for (ax, ay), (bx, by) in pairwise(chords)),
        chords[-1],
    ]
    lengths = [math.hypot(*tangent) or 1.0 for tangent in tangents]
    return [(-y / length, x / length) for (x, y), length in zip(tangents, lengths, strict=True)]


def _half_round(dot: Dot, normal: Point) -> Iterator[Segment]:
    """The end of a run, from the side that `normal` points to over the tip to the other."""
    nx, ny = normal[0] * dot.radius, normal[1] * dot.radius
    return quarters((dot.x, dot.y), (nx, ny), 2)


def _round(dot: Dot) -> tuple[Segment, ...]:
    begin = (dot.x, dot.y + dot.radius)
    turn = quarters((dot.x, dot.y), (0.0, dot.radius), 4)
    return (("M", begin), *turn, ("Z", ()))
