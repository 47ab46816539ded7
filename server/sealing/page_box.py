"""A page's visible box, turn and unit, read the way PDF viewers read them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
LETTER: Box = (0.0, 0.0, 612.0, 792.0)  # what pdf.js and poppler take for a page without a box


@dataclass(frozen=True)
class PageBox:
    """The visible part of a page.

    `crop` is (x0, y0, x1, y1) in default user space, cut to the MediaBox; `rotate` is clockwise,
    one of 0, 90, 180, 270; one unit of user space is `user_unit` / 72 inch.
    """

    crop: Box
    rotate: int = 0
    user_unit: float = 1.0

    @property
    def width_pt(self) -> float:
        """Width as a reader sees it, in points of 1/72 inch."""
        return self._extent(1 if self.rotate in (90, 270) else 0)

    @property
    def height_pt(self) -> float:
        """Height as a reader sees it, in points of 1/72 inch."""
        return self._extent(0 if self.rotate in (90, 270) else 1)

    def user_space(self, right: float, down: float) -> tuple[float, float]:
        """The point (x, y) in user space at these fractions of the page as a reader sees it."""
        across, up = {
            0: (right, 1 - down),
            90: (down, right),
            180: (1 - right, down),
            270: (1 - down, 1 - right),
        }[self.rotate]
        x0, y0, x1, y1 = self.crop
        return x0 + across * (x1 - x0), y0 + up * (y1 - y0)

    def _extent(self, axis: int) -> float:
        return (self.crop[axis + 2] - self.crop[axis]) * self.user_unit


def page_box(
    media: Sequence[float] | None,
    crop: Sequence[float] | None,
    rotate: float,
    user_unit: float,
) -> PageBox:
    """Make a PageBox of raw (inherited) entries; odd values fall back as in pdf.js.

    A box that is missing or empty gives the next one up; a turn that is no multiple of 90
    counts as 0, a unit that is not positive as 1.
    """
    media_box = _normal(media) or LETTER
    crop_box = _normal(crop)
    visible = (_cut(crop_box, media_box) if crop_box else None) or media_box
    turn = int(rotate) % 360 if math.isfinite(rotate) and rotate % 90 == 0 else 0
    unit = user_unit if math.isfinite(user_unit) and user_unit > 0 else 1.0
    return PageBox(visible, turn, float(unit))


def _normal(box: Sequence[float] | None) -> Box | None:
    if box is None or len(box) != 4 or not all(math.isfinite(value) for value in box):
        return None
    x0, x1 = sorted((float(box[0]), float(box[2])))
    y0, y1 = sorted((float(box[1]), float(box[3])))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _cut(box: Box, limit: Box) -> Box | None:
    x0, y0 = max(box[0], limit[0]), max(box[1], limit[1])
    x1, y1 = min(box[2], limit[2]), min(box[3], limit[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
