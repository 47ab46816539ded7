"""People whom the stand-ins know: those of the demo, and one whom nobody has registered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPerson:
    """`id` is the name that the other house has for the person."""

    id: str
    name: str
    phone: str


DEMO_PEOPLE = (
    DemoPerson("wei", "韦志远", "13907710001"),
    DemoPerson("huang", "黄淼", "13907710002"),
    DemoPerson("li", "李晓梅", "13907710003"),
    DemoPerson("nong", "农秀英", "13907719999"),
)


def by_id(person_id: str) -> DemoPerson | None:
    """The person of this id."""
    return next((one for one in DEMO_PEOPLE if one.id == person_id), None)
