"""What the handwriting pad sends: strokes of a pen as points with their times."""

import math
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from server.sealing.impression.errors import BadStrokes

MOST_STROKES, MOST_POINTS = 60, 4_000
_SMALLEST_PAD, _LARGEST_PAD = 40, 20_000
# Of the pad's smaller side: how large a signature is at least, and how long its line.
_LEAST_EXTENT, _LEAST_LENGTH = 0.15, 0.3

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Side = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=_SMALLEST_PAD, le=_LARGEST_PAD)]
PadPoint = tuple[Number, Number, Number]
Stroke = Annotated[tuple[PadPoint, ...], Field(min_length=1, max_length=MOST_POINTS)]


class Strokes(BaseModel):
    """A signature as it was written: each point is x, y (of the pad, y down) and a time in ms.

    `model_dump(mode="json")` is what `read_strokes` reads again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: Side
    height: Side
    strokes: Annotated[tuple[Stroke, ...], Field(min_length=1, max_length=MOST_STROKES)]


def read_strokes(data: object) -> Strokes:
    """The JSON of the pad, `{"width", "height", "strokes": [[[x, y, t_ms], ...], ...]}`.

    At most 60 strokes and 4,000 points, all finite and on the pad or near it. Raises BadStrokes,
    also for a mere dot or tick.
    """
    try:
        found = Strokes.model_validate(data)
    except ValidationError as error:
        raise BadStrokes(reason="unreadable") from error
    points = [point for stroke in found.strokes for point in stroke]
    if len(points) > MOST_POINTS or not all(_near(found, x, y) for x, y, _ in points):
        raise BadStrokes(reason="unreadable")
    side = min(found.width, found.height)
    if _extent(points) < _LEAST_EXTENT * side or _length(found) < _LEAST_LENGTH * side:
        raise BadStrokes(reason="little_ink")
    return found


def _near(pad: Strokes, x: float, y: float) -> bool:
    """A pen that is led off the pad still reports where it is."""
    return -pad.width <= x <= 2 * pad.width and -pad.height <= y <= 2 * pad.height


def _extent(points: list[PadPoint]) -> float:
    """The longer side of the box round all points."""
    columns, rows = [x for x, _, _ in points], [y for _, y, _ in points]
    return max(max(columns) - min(columns), max(rows) - min(rows))


def _length(found: Strokes) -> float:
    pairs = (pair for stroke in found.strokes for pair in pairwise(stroke))
    return math.fsum(math.hypot(bx - ax, by - ay) for (ax, ay, _), (bx, by, _) in pairs)
