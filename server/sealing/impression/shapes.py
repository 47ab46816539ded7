"""Filled outlines in millimetres, the one form that every output of a seal is made from.

The origin is the upper left corner of the seal, x runs right and y runs down.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# "M" and "L" carry x, y; "C" carries x1, y1, x2, y2, x, y; "Z" closes the contour.
Segment = tuple[str, tuple[float, ...]]
# (a, b, c, d, e, f): x' = a x + c y + e, y' = b x + d y + f, as in PDF and SVG.
Matrix = tuple[float, float, float, float, float, float]
Colour = tuple[int, int, int]

SEAL_RED: Colour = (230, 0, 18)  # #e60012, the usual red of printed seal ink on screens
BLACK: Colour = (0, 0, 0)

_QUARTER = 4 / 3 * math.tan(math.pi / 8)  # control points of a quarter circle
_STAR_WAIST = (3 - math.sqrt(5)) / 2  # inner to outer radius of a star with straight edges


@dataclass(frozen=True)
class Path:
    """Contours filled by the non-zero rule, then stroked with round joins if `stroke_mm` > 0."""

    segments: tuple[Segment, ...]
    stroke_mm: float = 0.0
    colour: Colour = SEAL_RED


def transform(segments: Iterable[Segment], matrix: Matrix) -> tuple[Segment, ...]:
    """The same outline after an affine map."""
    a, b, c, d, e, f = matrix
    moved: list[Segment] = []
    for letter, numbers in segments:
        points: list[float] = []
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            points += (a * x + c * y + e, b * x + d * y + f)
        moved.append((letter, tuple(points)))
    return tuple(moved)


def ring(width: float, height: float, border: float) -> Path:
    """An elliptic border that fills `width` x `height` mm, `border` mm thick."""
    outer = _ellipse(width, height, width / 2, height / 2)
    inner = _ellipse(width, height, width / 2 - border, height / 2 - border)
    return Path((*outer, *_reversed(inner)))


def frame(size: float, border: float, corner: float) -> Path:
    """A square border that fills `size` mm, `border` mm thick, its outer corners rounded."""
    outer = _rounded_square(0.0, size, corner)
    inner = _rounded_square(border, size - border, corner / 2)
    return Path((*outer, *_reversed(inner)))


def star(x: float, y: float, radius: float) -> Path:
    """A five-pointed star, one tip up; tip to tip of opposite sides it measures 2 x `radius`."""
    corners: list[Segment] = []
    for step in range(10):
        reach = radius if step % 2 == 0 else radius * _STAR_WAIST
        turn = math.pi * step / 5
        point = (x + reach * math.sin(turn), y - reach * math.cos(turn))
        corners.append(("M" if step == 0 else "L", point))
    return Path((*corners, ("Z", ())))


def quarters(
    centre: tuple[float, float], spoke: tuple[float, float], count: int
) -> Iterator[Segment]:
    """`count` quarters of a circle, beginning where `spoke` ends and running against y and x."""
    (x, y), (sx, sy) = centre, spoke
    for _ in range(count):
        tx, ty = sy, -sx
        out = (x + sx + _QUARTER * tx, y + sy + _QUARTER * ty)
        back = (x + tx + _QUARTER * sx, y + ty + _QUARTER * sy)
        yield ("C", (*out, *back, x + tx, y + ty))
        sx, sy = tx, ty


def _ellipse(width: float, height: float, rx: float, ry: float) -> tuple[Segment, ...]:
    k = _QUARTER
    unit: tuple[Segment, ...] = (
        ("M", (1, 0)),
        ("C", (1, k, k, 1, 0, 1)),
        ("C", (-k, 1, -1, k, -1, 0)),
        ("C", (-1, -k, -k, -1, 0, -1)),
        ("C", (k, -1, 1, -k, 1, 0)),
        ("Z", ()),
    )
    return transform(unit, (rx, 0, 0, ry, width / 2, height / 2))


def _rounded_square(low: float, high: float, radius: float) -> tuple[Segment, ...]:
    near, far, bend = low + radius, high - radius, radius * (1 - _QUARTER)
    return (
        ("M", (near, low)),
        ("L", (far, low)),
        ("C", (high - bend, low, high, low + bend, high, near)),
        ("L", (high, far)),
        ("C", (high, high - bend, high - bend, high, far, high)),
        ("L", (near, high)),
        ("C", (low + bend, high, low, high - bend, low, far)),
        ("L", (low, near)),
        ("C", (low, low + bend, low + bend, low, near, low)),
        ("Z", ()),
    )


def _reversed(contour: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """One closed contour run backwards, so that the non-zero rule cuts it out of the other."""
    ends = [numbers[-2:] for letter, numbers in contour if letter != "Z"]
    back: list[Segment] = [("M", ends[-1])]
    for index in range(len(ends) - 1, 0, -1):
        letter, numbers = contour[index]
        controls = (*numbers[2:4], *numbers[0:2]) if letter == "C" else ()
        back.append((letter, (*controls, *ends[index - 1])))
    return (*back, ("Z", ()))
