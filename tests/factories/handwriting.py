"""Writing as the pad sends it: strokes through given points, at a given pace."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

PAD = (600, 300)

Corner = tuple[float, float]


def stroke(corners: Sequence[Corner], pace: float = 0.5, begin: float = 0.0) -> list[list[float]]:
    """Points every 8 px or so along straight lines, written with `pace` px per ms."""
    points: list[list[float]] = [[*corners[0], begin]]
    for (x0, y0), (x1, y1) in pairwise(corners):
        far = math.hypot(x1 - x0, y1 - y0)
        count = max(1, round(far / 8))
        for number in range(1, count + 1):
            part, before = number / count, points[-1][2]
            x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
            points.append([x, y, before + far / count / pace])
    return points


def loop(x: float, y: float, radius: float, turns: float = 1.2) -> list[list[float]]:
    """A pen that goes round and crosses its own line."""
    steps = round(40 * turns)
    angles = [2 * math.pi * turns * step / steps for step in range(steps + 1)]
    return [
        [x + radius * math.sin(a), y - radius * math.cos(a), 12.0 * n] for n, a in enumerate(angles)
    ]


def written(strokes: Iterable[list[list[float]]]) -> dict[str, Any]:
    """The body that the pad sends."""
    return {"width": PAD[0], "height": PAD[1], "strokes": list(strokes)}


def a_name() -> dict[str, Any]:
    """王小明, as a hasty person writes it."""
    return written(
        [
            stroke([(60, 80), (180, 70)]),
            stroke([(75, 145), (170, 138)], begin=400),
            stroke([(118, 78), (121, 215)], begin=800),
            stroke([(45, 220), (195, 210)], begin=1300),
            stroke([(300, 60), (302, 225), (280, 205)], begin=2000),
            stroke([(268, 120), (230, 185)], begin=2600),
            stroke([(330, 115), (372, 178)], begin=2900),
            stroke([(425, 85), (427, 190)], 0.9, 3400),
            stroke([(425, 85), (470, 80), (472, 186)], 0.9, 3600),
            stroke([(428, 135), (470, 131)], 0.9, 3900),
            stroke([(428, 188), (472, 184)], 0.9, 4000),
            stroke([(500, 60), (498, 170), (480, 235)], 0.9, 4200),
            stroke([(500, 60), (560, 55), (558, 235), (535, 220)], 0.9, 4500),
            stroke([(500, 110), (558, 106)], 0.9, 4900),
            stroke([(498, 160), (557, 155)], 0.9, 5100),
        ]
    )
