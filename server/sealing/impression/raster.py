"""Paths as a PNG, drawn by Pillow some times too large and then averaged."""

import io
import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from PIL import Image, ImageChops, ImageDraw

from server.sealing.impression.shapes import Colour, Path, Segment

_OVERSAMPLING, _LEAST_OVERSAMPLING = 4, 3
_INCH_MM = 25.4
_THIN = 3
# Every resolution below divides it, so that each is a plain average of whole pixels.
_SHARP_DPI = 600
_USUAL_DPI = 150
_SMALL_DPI = (300, 200, 150, 120, 100, 75)

Pixels = list[tuple[float, float]]


def png(paths: Sequence[Path], size_mm: tuple[float, float], dpi: int) -> bytes:
    """A PNG of `size_mm` at `dpi`, transparent where there is no ink, in one or two inks.

    The second ink lies on the first, as a watermark does; the two are kept as a palette.
    """
    inks = [(colour, tuple(same)) for colour, same in groupby(paths, key=lambda path: path.colour)]
    masks = [_averaged(same, size_mm, dpi) for _, same in inks]
    out, size = io.BytesIO(), masks[0].size
    # The last 5 % of its size would take nine times the time.
    how: dict[str, Any] = {"dpi": (dpi, dpi), "compress_level": 4}
    if len(masks) == 1:
        picture = Image.new("RGBA", size, inks[0][0])
        picture.putalpha(masks[0])
    else:
        palette = _palette(inks[0][0], inks[1][0])
        indexed = ImageChops.add(_in_sixteen(masks[0], 16), _in_sixteen(masks[1], 1))
        picture = Image.frombytes("P", size, indexed.tobytes())
        picture.putpalette([part for colour in palette for part in colour[:3]])
        how["transparency"] = bytes(colour[3] for colour in palette)
    picture.save(out, "PNG", **how)
    return out.getvalue()


def _in_sixteen(mask: Image.Image, step: int) -> Image.Image:
    return mask.point([round(value / 17) * step for value in range(256)])


@lru_cache
def _palette(below: Colour, above: Colour) -> list[tuple[int, ...]]:
    """Two inks in sixteen strengths each."""
    strengths = [share / 15 for share in range(16)]
    return [_mixed((below, under), (above, over)) for under in strengths for over in strengths]


def _mixed(below: tuple[Colour, float], above: tuple[Colour, float]) -> tuple[int, ...]:
    """Red, green, blue and alpha of one ink under another, each so strong."""
    (first, under), (second, over) = below, above
    covered = over + (1 - over) * under
    if not covered:
        return (255, 255, 255, 0)
    pairs = zip(first, second, strict=True)
    parts = (over * new + (1 - over) * under * old for old, new in pairs)
    return (*(round(part / covered) for part in parts), round(255 * covered))


def small_png(paths: Sequence[Path], size_mm: tuple[float, float], most_bytes: int) -> bytes:
    """The finest PNG of at most `most_bytes`, in one ink of four strengths.

    It is drawn once, as finely as the finest needs; each other is averaged from that.
    """
    sharp = _mask(tuple(paths), _pixels(size_mm, _SHARP_DPI), _SHARP_DPI)
    ink = paths[0].colour
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
    clear = bytes([0, 85, 170, 255])
    flat.save(out, "PNG", dpi=(dpi, dpi), bits=2, transparency=clear, compress_level=6)
    return out.getvalue()


def _averaged(paths: tuple[Path, ...], size_mm: tuple[float, float], dpi: int) -> Image.Image:
    """The mask at `dpi`, averaged from one that may be at hand, or from one four times as large."""
    sharp, size = _pixels(size_mm, _SHARP_DPI), _pixels(size_mm, dpi)
    times = _SHARP_DPI // dpi
    if times >= _LEAST_OVERSAMPLING and sharp == (size[0] * times, size[1] * times):
        return _mask(paths, sharp, _SHARP_DPI).reduce(times)
    large = (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING)
    return _mask(paths, large, dpi * _OVERSAMPLING).reduce(_OVERSAMPLING)


def _pixels(size_mm: tuple[float, float], dpi: int) -> tuple[int, int]:
    return round(size_mm[0] * dpi / _INCH_MM), round(size_mm[1] * dpi / _INCH_MM)


# A seal is wanted small and with its watermark, and the watermark for every seal of a size.
@lru_cache(maxsize=12)
def _mask(paths: tuple[Path, ...], size: tuple[int, int], dpi: int) -> Image.Image:
    """Where there is ink, 0 to 255; not to be changed."""
    mask = Image.new("L", size)
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
        # The corners of a line of three pixels are filled by the pixels beside them.
        joint = "curve" if width > _THIN else None
        for _, contour in contours:
            pen.line([*contour, *contour[:2]], fill=255, width=width, joint=joint)


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
    steps = max(2, math.ceil(math.sqrt(length / 2)))
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
