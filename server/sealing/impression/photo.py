"""A name on paper, cut out of its photo; to be run in the sandbox, as any foreign picture is."""

import io
import math
import warnings

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageOps

from server.sealing.impression.errors import NoInkInPhoto, PhotoUnreadable, TooMuchInkInPhoto
from server.sealing.impression.handwriting import LARGEST_MM, MOST_OPERATORS
from server.sealing.impression.outlines import UNITS_PER_MM, Outlines, may_be_kept, outlined
from server.sealing.impression.polyline import Point, area, box_of, simplified
from server.sealing.impression.tracing import contours

MOST_PIXELS = 25_000_000  # S-34
_WORKING_SIDE = 1_400  # pixels; finer than 40 mm at 600 dpi is nobody's writing
_PAPER_STEP = 16  # the light on the paper changes slowly: it is judged in steps of so many pixels
_PAPER_REACH = 7  # steps; wider than a stroke, so that some paper is always near
_DARKEST_PAPER = 50  # of 255; what is darker all around is no paper, or has no light to read by
_FAINTEST, _DARKEST = 40, 150  # of 255: where the limit between paper and ink is looked for
_SPECK = 0.00003  # of the picture; less is dust
_LEAST_EXTENT = 0.04  # of the longer side
_TRIANGLE = 6  # numbers
_MOST_INK, _MOST_CONTOURS = 0.3, 400
_TOLERANCES_MM = (0.02, 0.04, 0.08)


def cut_out(photo: bytes) -> Outlines:
    """The ink of a JPEG or PNG as outlines that fit 40 x 20 mm, without the paper and its light.

    Raises PhotoUnreadable, NoInkInPhoto, TooMuchInkInPhoto.
    """
    darkness = _darkness(_opened(photo))
    width, height, lines = _in_mm(_writing(darkness))
    for tolerance in _TOLERANCES_MM:
        shapes = (_units(line, tolerance) for line in lines)
        kept = tuple(shape for shape in shapes if len(shape) >= _TRIANGLE)
        if not may_be_kept(kept):
            continue
        outlines = Outlines(width_mm=width, height_mm=height, contours=kept)
        if len(outlined(outlines).pdf_operators()) <= MOST_OPERATORS:
            return outlines
    raise TooMuchInkInPhoto()


def _opened(photo: bytes) -> Image.Image:
    """The photo in greys, upright, no larger than is worth the work."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG")) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise PhotoUnreadable()
                picture.draft("L", (_WORKING_SIDE, _WORKING_SIDE))
                picture.thumbnail((_WORKING_SIDE, _WORKING_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as error:
        raise PhotoUnreadable() from error
    paper = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(paper, upright).convert("L")


def _darkness(grey: Image.Image) -> Image.Image:
    """How much darker than the paper round it each pixel is: 0 for paper, 255 for black."""
    calm = grey.filter(ImageFilter.MedianFilter(3))
    steps = [max(1, side // _PAPER_STEP) for side in grey.size]
    paper = calm.resize((steps[0], steps[1]), Image.Resampling.BOX)
    paper = paper.filter(ImageFilter.MaxFilter(_PAPER_REACH)).filter(ImageFilter.GaussianBlur(2))
    light = paper.resize(grey.size, Image.Resampling.BICUBIC)
    part = ImageMath.lambda_eval(
        lambda given: given["convert"](
            given["min"](given["ink"] * 255 / given["max"](given["light"], 1), 255), "L"
        ),
        ink=calm,
        light=light,
    )
    is_paper = light.point([255 if value >= _DARKEST_PAPER else 0 for value in range(256)])
    return ImageChops.darker(ImageChops.invert(part), is_paper)


def _level(darkness: Image.Image) -> int:
    """The darkness that parts paper from ink best (Otsu 1979), within what ink can be."""
    counts = darkness.histogram()
    total, whole = sum(counts), sum(value * count for value, count in enumerate(counts))
    best, level, below, sum_below = -1.0, _FAINTEST, 0, 0
    for value, count in enumerate(counts[:-1]):
        below, sum_below = below + count, sum_below + value * count
        if not 0 < below < total:
            continue
        apart = sum_below / below - (whole - sum_below) / (total - below)
        spread = below * (total - below) * apart * apart
        if spread > best:
            best, level = spread, value
    return min(max(level, _FAINTEST), _DARKEST)


def _writing(darkness: Image.Image) -> list[list[Point]]:
    """The contours of the ink; dust, and what the edge of the photo cuts through, is left out."""
    width, height = darkness.size
    lines = contours(darkness, _level(darkness))
    whole = [line for line in lines if not _is_cut(line, width, height)]
    speck = _SPECK * width * height
    kept = [line for line in whole if abs(area(line)) >= speck]
    outer = [line for line in kept if area(line) > 0]
    # A hole in something that is left out would be filled.
    holes = [line for line in kept if area(line) < 0 and any(_holds(one, line) for one in outer)]
    ink = sum(area(line) for line in outer + holes)
    if len(outer) > _MOST_CONTOURS or ink > _MOST_INK * width * height:
        raise TooMuchInkInPhoto()
    if not outer or _extent(outer) < _LEAST_EXTENT * max(width, height):
        raise NoInkInPhoto()
    return outer + holes


def _is_cut(line: list[Point], width: int, height: int) -> bool:
    left, top, right, bottom = box_of([line])
    return left < 1 or top < 1 or right > width - 1 or bottom > height - 1


def _holds(outer: list[Point], hole: list[Point]) -> bool:
    """Whether a point of the hole is inside (rays that cross an odd number of sides end inside)."""
    x, y = hole[0]
    inside = False
    for (x0, y0), (x1, y1) in zip(outer, [*outer[1:], outer[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


def _extent(lines: list[list[Point]]) -> float:
    left, top, right, bottom = box_of(lines)
    return max(right - left, bottom - top)


def _in_mm(lines: list[list[Point]]) -> tuple[int, int, list[list[Point]]]:
    """The size in whole millimetres, and the contours in the middle of it."""
    left, top, right, bottom = box_of(lines)
    scale = min(LARGEST_MM[0] / (right - left), LARGEST_MM[1] / (bottom - top))
    # One side fills its room: rounding must not make it a millimetre too long.
    width = math.ceil(round((right - left) * scale, 6))
    height = math.ceil(round((bottom - top) * scale, 6))
    across = (width - (left + right) * scale) / 2
    down = (height - (top + bottom) * scale) / 2
    moved = [[(x * scale + across, y * scale + down) for x, y in line] for line in lines]
    return width, height, moved


def _units(line: list[Point], tolerance: float) -> tuple[int, ...]:
    """A contour as it is kept."""
    closed = simplified([*line, line[0]], tolerance)[:-1]
    return tuple(round(number * UNITS_PER_MM) for point in closed for number in point)
