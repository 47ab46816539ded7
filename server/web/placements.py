"""Seals on pages, as the pages send them: whole ones, and ones across the edges of many pages."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.sealing.placement import Placement
from server.sealing.straddle import Edge, Straddle
from server.signing.sealing import Layout
from server.web.bodies import Body

MOST_STRADDLES = 50
LAST_PAGE = 100_000

SealId = Annotated[str, Field(max_length=40)]
PageNumber = Annotated[int, Field(ge=1, le=LAST_PAGE)]
Coordinate = Annotated[float, Field(ge=-20_000, le=20_000, allow_inf_nan=False)]


class PlacementIn(BaseModel):
    """A seal's centre in PDF user space; `page` counts from 1."""

    model_config = ConfigDict(extra="forbid")

    seal_id: SealId
    page: PageNumber
    x: Coordinate
    y: Coordinate


class StraddleIn(BaseModel):
    """A seal across an edge of these pages; `along` is 0 at the edge's top or left end."""

    model_config = ConfigDict(extra="forbid")

    seal_id: SealId
    edge: Edge
    pages: Annotated[list[PageNumber], Field(min_length=1, max_length=2000)]
    along: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    two_sided: bool = False


class LayoutIn(Body):
    """Everything that lies on a file."""

    placements: Annotated[list[PlacementIn], Field(max_length=2000)]
    straddles: Annotated[list[StraddleIn], Field(max_length=MOST_STRADDLES, default_factory=list)]

    def layout(self) -> Layout:
        """The same as the signing knows it."""
        return Layout(
            tuple(Placement(**one.model_dump()) for one in self.placements),
            tuple(Straddle.of(one.model_dump()) for one in self.straddles),
        )
