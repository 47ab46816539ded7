"""Paths as a PNG, drawn by Pillow four times too large and then averaged."""

import io
import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from PIL import Image, ImageDraw

from server.sealing.impression.shapes import Colour, Path, Segment

_OVERSAMPLING = 4
_INCH_MM = 25.4
# Every resolution below divides it, so that each is a plain average of whole pixels.
_SHARP_DPI = 600
_USUAL_DPI = 150
_SMALL_DPI = (300, 200, 150, 120, 100, 75)

Pixels = list[tuple[float, float]]


def png(paths: Sequence[Path], size_mm: tuple[float, float], dpi: int) -> bytes:
    """A PNG of `size_mm` at `dpi`, transparent where there is no ink."""
    out = io.BytesIO()
    # The last 5 % of its size would take nine times the time.
    _drawn(paths, size_mm, dpi).save(out, "PNG", dpi=(dpi, dpi), compress_level=6)
    return out.getvalue()


def small_png(paths: Sequence[Path], size_mm: tuple[float, float], most_bytes: int) -> bytes:
    """The finest PNG of at most `most_bytes`, in one ink of four strengths.

    It is drawn once, as finely as the finest needs; each other is averaged from that.
    """
    sharp, ink = _mask(paths, size_mm, _SHARP_DPI), paths[0].colour
    made = {_USUAL_DPI: _in_four_strengths(sharp, ink, _USUAL_DPI)}
    # The bytes are those of the edges, which grow as the resolution does, or a little faster.
    likely = _USUAL_DPI * most_bytes / len(made[_USUAL_DPI])
    for dpi in [one for one in _SMALL_DPI if one <= likely] or _SMALL_DPI[-1:]:
        if dpi not in made:
            made[dpi] = _in_four_strengths(sharp, ink, dpi)
        if len(made[dpi]) <= most_bytes:
            break
    return made[dpi]


def _in_four_strengths(sharp: Image.Image, ink: Colour, dpi: int) -> bytes:
    alpha = sharp.reduce(_SHARP_DPI // dpi)
    strengths = alpha.point([min(3, (value + 42) // 85) for value in range(256)])
    flat = Image.frombytes("P", alpha.size, strengths.tobytes())
    flat.putpalette([255, 255, 255, *ink * 3])
    out = io.BytesIO()
    flat.save(
        out, "PNG", dpi=(dpi, dpi), bits=2, transparency=bytes([0, 85, 170, 255]), optimize=True
    )
    return out.getvalue()


def _drawn(paths: Sequence[Path], size_mm: tuple[float, float], dpi: int) -> Image.Image:
    width, height = (round(side * dpi / _INCH_MM) for side in size_mm)
    picture = Image.new("RGBA", (width, height))
    for colour, same in groupby(paths, key=lambda path: path.colour):
        picture.alpha_composite(_layer(same, colour, (width, height), dpi))
    return picture


def _layer(paths: Iterable[Path], colour: Colour, size: tuple[int, int], dpi: int) -> Image.Image:
    mask = Image.new("L", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
    _fill(mask, paths, dpi * _OVERSAMPLING)
    layer = Image.new("RGBA", size, colour)
    layer.putalpha(mask.reduce(_OVERSAMPLING))
    return layer


def _mask(paths: Iterable[Path], size_mm: tuple[float, float], dpi: int) -> Image.Image:
    width, height = (round(side * dpi / _INCH_MM) for side in size_mm)
    mask = Image.new("L", (width, height))
    _fill(mask, paths, dpi)
    return mask


def _fill(mask: Image.Image, paths: Iterable[Path], dpi: int) -> None:
    pen = ImageDraw.Draw(mask)
    for path in paths:
        _ink(pen, path, dpi / _INCH_MM)


def _ink(pen: ImageDraw.ImageDraw, path: Path, scale: float) -> None:
    # A contour cut out of another runs the other way round and is the smaller of the two:
    # painted from large to small, each only needs to know whether it adds or takes ink away.
    contours = [(_area(contour), contour) for contour in _contours(path.segments, scale)]
    contours.sort(key=lambda pair: -abs(pair[0]))
    largest = contours[0][0]
    for area, contour in contours:
        pen.polygon(contour, fill=255 if area * largest > 0 else 0)
    if path.stroke_mm:
        width = max(1, round(path.stroke_mm * scale))
        for _, contour in contours:
            pen.line([*contour, *contour[:2]], fill=255, width=width, joint="curve")


def _contours(segments: Sequence[Segment], scale: float) -> list[Pixels]:
    """Every contour as a polygon in pixels, curves cut finely enough not to show corners."""
    contours: list[Pixels] = []
    for letter, numbers in segments:
        if letter == "Z":
            continue
        points = [(x * scale, y * scale) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        if letter == "M":
            contours.append(points)
        elif letter == "L":
            contours[-1] += points
        else:
            contours[-1] += _curve(contours[-1][-1], points)
    return contours


def _curve(start: tuple[float, float], points: Pixels) -> Pixels:
    """A cubic curve after `start`, in steps whose sagitta stays under a pixel."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = start, *points
    length = math.dist(start, points[0]) + math.dist(*points[:2]) + math.dist(*points[1:])
    steps = max(2, math.ceil(math.sqrt(length)))
    curve: Pixels = []
    for step in range(1, steps + 1):
        t = step / steps
        s = 1 - t
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        curve.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return curve


def _area(contour: Pixels) -> float:
    """Signed area of a polygon, for its direction and its rank."""
    following = [*contour[1:], contour[0]]
    pairs = zip(contour, following, strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2
