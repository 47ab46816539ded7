"""骑缝: one seal laid across the fanned edges of many pages, so that each carries a slice.

The pages lie as a stack whose first page is on top, fanned out at one edge: the page on top shows
the inner end of the seal, the last one the outer end. Pure geometry.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Self

from server.sealing import placement
from server.sealing.errors import (
    ForeignSeal,
    PageOutside,
    StraddleNeedsPages,
    StraddleSealTooSmall,
)
from server.sealing.page_box import Box, PageBox
from server.sealing.placement import (
    POINTS_PER_MM,
    Placement,
    PlacementPolicy,
    SealId,
    SizeMm,
    check,
    require_room,
)

# Office printers leave 1/6 inch (4.2 mm) of the edge blank: of a slice of 5 mm something is seen.
LEAST_SLICE_MM = 5.0
# With room for three, an odd number of pages still falls into groups of two and more.
LEAST_ROOM = 3
LEAST_STACK = 2


class Edge(StrEnum):
    """The edge of the page, as the reader sees it, on which the slices lie."""

    RIGHT = "right"
    LEFT = "left"
    TOP = "top"
    BOTTOM = "bottom"


# Of the backs of printed sheets it is the other side that lies on the sheets' outer edge.
ON_THE_BACK = {Edge.RIGHT: Edge.LEFT, Edge.LEFT: Edge.RIGHT}
SIDES = (Edge.RIGHT, Edge.LEFT)
# Here the page on top, which shows the inner end, shows the end with the larger fractions.
BACKWARD = (Edge.LEFT, Edge.BOTTOM)


@dataclass(frozen=True)
class Straddle:
    """A seal across the `edge` of `pages`, which count from 1.

    `along` is where the seal's centre lies along the edge: 0 is the reader's top or left end, 1
    the other; a seal that would hang over an end lies flush with it. `two_sided`: the file will
    be printed on both sides, so odd pages are fronts, even pages backs, and each side gets a
    seal of its own on the sheets' same edge.
    """

    seal_id: SealId
    edge: Edge
    pages: tuple[int, ...]
    along: float
    two_sided: bool = False

    def as_row(self) -> dict[str, Any]:
        """What is kept of it as JSON."""
        return {**asdict(self), "pages": list(self.pages)}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The straddle that `as_row` has kept, or that came as JSON."""
        return cls(**{**row, "edge": Edge(row["edge"]), "pages": tuple(row["pages"])})


def check_all(
    placements: Sequence[Placement],
    straddles: Sequence[Straddle],
    pages: Sequence[PageBox],
    sizes: Mapping[SealId, SizeMm],
    policy: PlacementPolicy = PlacementPolicy.EVERY_PAGE,
) -> tuple[Placement, ...]:
    """Seals of all modes as the placements that will be drawn; a slice is a seal of its page.

    Raises what `expand` and `placement.check` raise.
    """
    # Counted first: a long list of straddles is thousands of slices to cut.
    require_room(len(placements) + sum(len(set(one.pages)) for one in straddles), len(pages))
    slices = [piece for one in straddles for piece in expand(one, pages, sizes)]
    return check([*placements, *slices], pages, sizes, policy)


def pages_without_seal(
    placements: Sequence[Placement], straddles: Sequence[Straddle], page_count: int
) -> list[int]:
    """The page numbers, from 1, on which neither a seal nor a slice will lie."""
    sliced = {page for one in straddles for page in one.pages}
    bare = placement.pages_without_seal(placements, page_count)
    return [page for page in bare if page not in sliced]


def expand(
    straddle: Straddle, pages: Sequence[PageBox], sizes: Mapping[SealId, SizeMm]
) -> tuple[Placement, ...]:
    """The slices, one for each page, in page order; even cuts, each at least 5 mm wide.

    More pages than that allows are cut into groups as even as can be, each with a whole seal.
    `sizes` holds (width, height) in mm. Raises ForeignSeal, PageOutside, StraddleNeedsPages,
    StraddleSealTooSmall.
    """
    if straddle.seal_id not in sizes:
        raise ForeignSeal(seal_id=straddle.seal_id)
    for page in straddle.pages:
        if not 1 <= page <= len(pages):
            raise PageOutside(page=page, pages=len(pages))
    size = sizes[straddle.seal_id]
    most = _most_slices(straddle, size)
    slices = [
        _Slice(straddle, edge, page, clip)
        for edge, stack in _stacks(straddle)
        for group in _groups(stack, most)
        for page, clip in zip(group, _clips(edge, len(group)), strict=True)
    ]
    placed = (_placed(piece, pages[piece.page - 1], size) for piece in slices)
    return tuple(sorted(placed, key=lambda one: one.page))


@dataclass(frozen=True)
class _Slice:
    straddle: Straddle
    edge: Edge
    page: int
    clip: Box


def _most_slices(straddle: Straddle, size: SizeMm) -> int:
    length = size[0] if straddle.edge in SIDES else size[1]
    most = int(length / LEAST_SLICE_MM + 1e-9)
    if most < LEAST_ROOM:
        raise StraddleSealTooSmall(seal_id=straddle.seal_id, least_mm=LEAST_ROOM * LEAST_SLICE_MM)
    return most


def _stacks(straddle: Straddle) -> list[tuple[Edge, list[int]]]:
    """The pages of each fan from its top. A stack turned over has the last back on top."""
    chosen = sorted(set(straddle.pages))
    if not straddle.two_sided:
        stacks = [(straddle.edge, chosen)]
    else:
        fronts, backs = ([page for page in chosen if page % 2 == rest] for rest in (1, 0))
        behind = ON_THE_BACK.get(straddle.edge, straddle.edge)
        stacks = [(straddle.edge, fronts), (behind, backs[::-1])]
    if any(len(stack) < LEAST_STACK for _, stack in stacks):
        raise StraddleNeedsPages(least=LEAST_STACK * len(stacks))
    return stacks


def _groups(stack: Sequence[int], most: int) -> list[Sequence[int]]:
    """The stack in as few parts as hold `most` each; their lengths differ by one at most."""
    parts = -(-len(stack) // most)
    ends = [len(stack) * part // parts for part in range(parts + 1)]
    return [stack[start:end] for start, end in pairwise(ends)]


def _clips(edge: Edge, count: int) -> list[Box]:
    """Which part of the picture each page of a group shows, from the top of the stack.

    Under a page fanned to the right lies what is further right; likewise for the other edges.
    """
    cuts = [number / count for number in range(count + 1)]
    ends = list(pairwise(cuts))
    if edge in BACKWARD:
        ends.reverse()
    return [(a, 0.0, b, 1.0) if edge in SIDES else (0.0, a, 1.0, b) for a, b in ends]


def _placed(piece: _Slice, page: PageBox, size: SizeMm) -> Placement:
    """The slice, flush with its edge."""
    x0, y0, x1, y1 = piece.clip
    half_right = (x1 - x0) * size[0] * POINTS_PER_MM / page.width_pt / 2
    half_down = (y1 - y0) * size[1] * POINTS_PER_MM / page.height_pt / 2
    along = piece.straddle.along
    right, down = {
        Edge.RIGHT: (1 - half_right, _within(along, half_down)),
        Edge.LEFT: (half_right, _within(along, half_down)),
        Edge.TOP: (_within(along, half_right), half_down),
        Edge.BOTTOM: (_within(along, half_right), 1 - half_down),
    }[piece.edge]
    x, y = page.user_space(right, down)
    return Placement(piece.straddle.seal_id, piece.page, x, y, piece.clip)


def _within(along: float, half: float) -> float:
    # On a page shorter than the seal it stays in the middle, and `check` refuses it.
    return max(half, min(along, 1 - half)) if half <= 1 / 2 else 1 / 2
