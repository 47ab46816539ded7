"""How large a seal is: the national sizes, and what a place has decided otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Millimetres: the whole seal, its border, and from the star's middle to a tip."""

    width: float
    height: float
    border: float
    star: float = 0.0


_ROUND = Size(40.0, 40.0, 1.2, 7.0)
# seal-signature.md "Impressions". A handwritten seal is as large as its ink.
NATIONAL: Mapping[str, Size] = {
    "company": _ROUND,
    "contract": _ROUND,
    "finance": _ROUND,
    "invoice": Size(40.0, 30.0, 1.0),
    "legal_representative": Size(20.0, 20.0, 1.0),
    "square": Size(18.0, 18.0, 1.0),
}
# By place code: the leading digits of GB/T 2260, "45" for Guangxi, "4501" for Nanning. Only the
# kinds that differ stand here, and never "invoice": 税务总局公告 2011 年第 7 号 binds everywhere.
PLACES: Mapping[str, Mapping[str, Size]] = {}


def size_of(
    kind: str, place: str, places: Mapping[str, Mapping[str, Size]] = PLACES
) -> Size | None:
    """The size of a kind at a place, by its narrowest region that says anything; None if unknown.

    `place` may have more digits than the regions, as the first six of a seal's number.
    """
    for digits in range(len(place), 1, -1):
        size = places.get(place[:digits], {}).get(kind)
        if size is not None:
            return size
    return NATIONAL.get(kind)
