"""A hand-drawn seal that was cut out of a photo: outlines small enough to be kept as JSON."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.sealing.impression.drawn import Impression
from server.sealing.impression.handwriting import TITLE
from server.sealing.impression.shapes import Path, Segment

UNITS_PER_MM = 100
_MOST_CONTOURS, _MOST_NUMBERS = 600, 6_000

Unit = Annotated[int, Field(ge=0, le=40 * UNITS_PER_MM)]
Contour = Annotated[tuple[Unit, ...], Field(min_length=6)]


class Outlines(BaseModel):
    """Contours to be filled by the non-zero rule, each x, y, x, y, ... in hundredths of a mm.

    `model_dump(mode="json")` is what `Outlines.model_validate` reads again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width_mm: Annotated[int, Field(ge=1, le=40)]
    height_mm: Annotated[int, Field(ge=1, le=20)]
    contours: tuple[Contour, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not may_be_kept(self.contours):
            raise ValueError("contours are pairs, and not too many")
        return self


def may_be_kept(contours: Sequence[tuple[int, ...]]) -> bool:
    """Whether there are contours, not too many of them, and each is made of pairs."""
    numbers = [len(contour) for contour in contours]
    is_bounded = 0 < len(numbers) <= _MOST_CONTOURS and sum(numbers) <= _MOST_NUMBERS
    return is_bounded and not any(number % 2 for number in numbers)


def outlined(outlines: Outlines) -> Impression:
    """The impression that the outlines fill."""
    segments = tuple(step for contour in outlines.contours for step in _steps(contour))
    return Impression(outlines.width_mm, outlines.height_mm, (Path(segments),), TITLE)


def _steps(contour: tuple[int, ...]) -> Iterator[Segment]:
    mm = [number / UNITS_PER_MM for number in contour]
    for index in range(0, len(mm), 2):
        yield ("L" if index else "M", (mm[index], mm[index + 1]))
    yield ("Z", ())
