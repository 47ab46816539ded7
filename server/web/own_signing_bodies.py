"""What pages and the mini-program send of a signing of one's own files (F-46 to F-48)."""

from typing import Annotated

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from server.sealing.placement import Placement
from server.sealing.straddle import Edge, Straddle
from server.signing.own.service import Draft
from server.web.bodies import Body

Id = Annotated[str, Field(max_length=40)]
Coordinate = Annotated[float, Field(ge=-20_000, le=20_000, allow_inf_nan=False)]
PageNumber = Annotated[int, Field(ge=1, le=100_000)]


class OneFile(BaseModel):
    """A multipart body with one PDF, at most 20 MiB."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class PlacementIn(BaseModel):
    """A seal's centre in PDF user space; `page` counts from 1."""

    model_config = ConfigDict(extra="forbid")

    seal_id: Id
    page: PageNumber
    x: Coordinate
    y: Coordinate


class StraddleIn(BaseModel):
    """骑缝: a seal across one edge of these pages; `along` 0 is the reader's top or left end."""

    model_config = ConfigDict(extra="forbid")

    seal_id: Id
    edge: Edge
    pages: Annotated[list[PageNumber], Field(min_length=1, max_length=5000)]
    along: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    two_sided: bool = False


class DraftIn(Body):
    """Where the seals of one file lie; both empty takes all of them away (清除所有签章)."""

    placements: Annotated[list[PlacementIn], Field(max_length=2000)]
    straddles: Annotated[list[StraddleIn], Field(max_length=50)] = Field(default_factory=list)

    @property
    def draft(self) -> Draft:
        """As it is kept."""
        straddles = (one.model_dump() for one in self.straddles)
        return Draft(
            tuple(Placement(**one.model_dump()) for one in self.placements),
            tuple(Straddle.of(one) for one in straddles),
        )
