"""Where seals lie on pages: the rules, the rectangle and the digest; pure geometry."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from server.sealing.errors import (
    ForeignSeal,
    NothingPlaced,
    PageOutside,
    PageWithoutSeal,
    SealOffPage,
    TooManySeals,
)
from server.sealing.page_box import Box, PageBox

POINTS_PER_MM = 72 / 25.4
TOLERANCE_PT = 1.0
MOST_SEALS = 2000
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

SealId = int | str
SizeMm = tuple[float, float]


class PlacementPolicy(StrEnum):
    """Which pages must carry a seal (F-41, Settled 10)."""

    EVERY_PAGE = "every_page"
    ANY_PAGE = "any_page"


@dataclass(frozen=True)
class Placement:
    """One seal on one page, or the slice of one.

    `page` counts from 1; `x`, `y` is the centre of what is shown, in the page's default user
    space (origin and direction as in the file, neither turned nor cropped, in user units).
    `clip` is the part of the seal's picture that is shown, as fractions (x0, y0, x1, y1) of the
    upright picture with the origin at the lower left; None: the whole.
    """

    seal_id: SealId
    page: int
    x: float
    y: float
    clip: Box | None = None

    def as_row(self) -> dict[str, Any]:
        """What is kept of it as JSON."""
        row = asdict(self)
        if self.clip is None:
            del row["clip"]
        return row

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The placement that `as_row` has kept; JSON has made a list of its clip."""
        clip = row.get("clip")
        return cls(**{**row, "clip": tuple(clip) if clip else None})


def check(
    placements: Sequence[Placement],
    pages: Sequence[PageBox],
    sizes: Mapping[SealId, SizeMm],
    policy: PlacementPolicy = PlacementPolicy.EVERY_PAGE,
) -> tuple[Placement, ...]:
    """Return the placements, each moved wholly onto its page when at most 1 pt over the edge.

    `sizes` holds the (width, height) in mm of every seal that the signer may use. Raises
    NothingPlaced, TooManySeals, ForeignSeal, PageOutside, SealOffPage, PageWithoutSeal.
    """
    if not placements:
        raise NothingPlaced
    require_room(len(placements), len(pages))
    inside = tuple(_inside(placement, pages, sizes) for placement in placements)
    if policy is PlacementPolicy.EVERY_PAGE:
        bare = pages_without_seal(inside, len(pages))
        if bare:
            raise PageWithoutSeal(pages=bare)
    return inside


def most_seals(page_count: int) -> int:
    """How many seals a file of that many pages may carry: max(20, 3 per page), at most 2,000."""
    return min(max(20, 3 * page_count), MOST_SEALS)


def require_room(count: int, page_count: int) -> None:
    """Raise TooManySeals where a file of that many pages may not carry so many seals."""
    limit = most_seals(page_count)
    if count > limit:
        raise TooManySeals(limit=limit)


def pages_without_seal(placements: Sequence[Placement], page_count: int) -> list[int]:
    """The page numbers, from 1, on which no seal lies."""
    on_page = Counter(placement.page for placement in placements)
    return [page for page in range(1, page_count + 1) if not on_page[page]]


def rectangle(placement: Placement, size_mm: SizeMm, page: PageBox) -> Box:
    """What is shown of the seal, as (x0, y0, x1, y1) in the page's user space.

    `size_mm` is the whole seal's. It keeps its size in mm whatever the UserUnit, and stands
    upright for the reader, so on a page turned by 90 or 270 its width runs along y.
    """
    half_x, half_y = _half_extent(placement, size_mm, page)
    return (
        placement.x - half_x,
        placement.y - half_y,
        placement.x + half_x,
        placement.y + half_y,
    )


def digest(placements: Sequence[Placement]) -> str:
    """SHA-256 (hex) of the list in one canonical form: order does not matter, 1/1000 unit does.

    The slice of a seal is another thing than the seal: its clip counts, to a millionth (S-16).
    """
    rows = sorted(map(_row, placements))
    return sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _inside(
    placement: Placement, pages: Sequence[PageBox], sizes: Mapping[SealId, SizeMm]
) -> Placement:
    if placement.seal_id not in sizes:
        raise ForeignSeal(seal_id=placement.seal_id)
    if not 1 <= placement.page <= len(pages):
        raise PageOutside(page=placement.page, pages=len(pages))
    page = pages[placement.page - 1]
    half_x, half_y = _half_extent(placement, sizes[placement.seal_id], page)
    x0, y0, x1, y1 = page.crop
    x = _clamp(placement.x, x0 + half_x, x1 - half_x)
    y = _clamp(placement.y, y0 + half_y, y1 - half_y)
    tolerance = TOLERANCE_PT / page.user_unit
    # Written so that NaN, for which every comparison is false, is refused too.
    if x is None or y is None or not math.dist((x, y), (placement.x, placement.y)) <= tolerance:
        raise SealOffPage(page=placement.page, seal_id=placement.seal_id)
    return replace(placement, x=x, y=y)


def _clamp(value: float, low: float, high: float) -> float | None:
    return max(low, min(value, high)) if low <= high else None


def _half_extent(placement: Placement, size_mm: SizeMm, page: PageBox) -> tuple[float, float]:
    x0, y0, x1, y1 = placement.clip or WHOLE
    shown_mm = (x1 - x0) * size_mm[0], (y1 - y0) * size_mm[1]
    width, height = (mm * POINTS_PER_MM / page.user_unit / 2 for mm in shown_mm)
    return (height, width) if page.rotate in (90, 270) else (width, height)


def _row(placement: Placement) -> tuple[Any, ...]:
    # A whole seal's row has no clip, so that what was confirmed before there were slices holds.
    clip = () if placement.clip is None else (_rounded(placement.clip, 1_000_000),)
    place = _rounded((placement.x, placement.y), 1000)
    return (placement.page, str(placement.seal_id), place, *clip)


def _rounded(values: Sequence[float], parts: int) -> tuple[int, ...]:
    return tuple(round(value * parts) for value in values)
