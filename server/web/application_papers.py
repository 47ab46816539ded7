"""The pictures that an application asks for, as people are shown them (F-22, P-47)."""

from dataclasses import dataclass

from server.applications import content, slots
from server.applications.errors import MaterialNotFound
from server.applications.models import Application, Way
from server.applications.slots import SLOT_WORDS, Slot
from server.core.db import UnitOfWork
from server.web.application_acts import is_same_person
from server.web.language import is_english

OF = {
    Slot.LICENCE: "company",
    Slot.REPRESENTATIVE_FRONT: "representative",
    Slot.REPRESENTATIVE_BACK: "representative",
    Slot.AGENT_FRONT: "agent",
    Slot.AGENT_BACK: "agent",
    Slot.AUTHORIZATION: "agent",
}


@dataclass(frozen=True)
class Paper:
    """One picture: whose it is (`of`), whether it is asked for now and there, and what a reviewer
    found wrong with it."""

    slot: Slot
    name: str
    hint: str
    of: str
    needed: bool
    kept: bool
    fault: str


def papers(uow: UnitOfWork, row: Application) -> list[Paper]:
    """Every picture of this way, in the order in which it is asked for; the photo of a hand is
    given with the seal itself."""
    kept = content.materials_of(uow, row.id)
    now = slots.needed(Way(row.way), another_agent=not is_same_person(uow, row))
    asked = [one for one in slots.allowed(Way(row.way)) if one != Slot.HANDWRITING]
    place = 1 if is_english() else 0
    return [
        Paper(
            slot,
            SLOT_WORDS[slot].names[place],
            SLOT_WORDS[slot].hint[place],
            OF.get(slot, "person"),
            slot in now,
            slot in kept,
            row.corrections.get(slot, ""),
        )
        for slot in asked
    ]


def slot_of(text: str) -> Slot:
    """The slot that an address names. MaterialNotFound."""
    if text not in set(Slot):
        raise MaterialNotFound()
    return Slot(text)
