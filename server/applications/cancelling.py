"""注销 of a company's seal: papers of agent, representative and unit, then a text message (F-30).

A person's own seal takes an intent alone (`seals/lifecycle.py`). What was handed in is kept with
the seal that was cancelled by it; what came to nothing is deleted.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from server.applications import materials, slots
from server.applications.cancellation_models import Cancellation
from server.applications.content import materials_of
from server.applications.errors import SlotUnknown
from server.applications.materials import TakenMaterial
from server.applications.models import Material, Way
from server.applications.parties import SealedParty
from server.applications.slots import Slot
from server.core import audit
from server.core.db import UnitOfWork
from server.core.idempotency import body_digest
from server.core.ids import new_id
from server.seals import lifecycle
from server.seals.errors import MaterialsNeeded
from server.seals.models import Seal

KEPT_UNFINISHED: Final = timedelta(days=30)


def find(uow: UnitOfWork, seal_id: str, actor: str) -> Cancellation | None:
    """What this person has handed in for a seal; nobody else sees his papers."""
    his = (Cancellation.seal_id == seal_id, Cancellation.begun_by == actor)
    return uow.session.scalar(select(Cancellation).where(*his))


def begin(uow: UnitOfWork, seal_id: str, *, actor: str) -> Cancellation:
    """His open one of this seal, or a new one, which takes the place of somebody else's.

    Raises SealCancelled.
    """
    uow.locked(Seal, seal_id).require_not_cancelled()
    row = uow.session.scalar(select(Cancellation).where(Cancellation.seal_id == seal_id))
    if row is not None and row.begun_by != actor:
        _forget(uow, row)
        row = None
    if row is None:
        row = Cancellation(id=new_id("can"), seal_id=seal_id, begun_by=actor, begun_at=uow.now)
        row.changed_at = uow.now
        uow.session.add(row)
        uow.session.flush()
    return row


def name_agent(uow: UnitOfWork, row: Cancellation, agent: SealedParty | None) -> None:
    """Who acts; None for the representative himself."""
    row.agent_id = agent.id if agent else ""
    row.agent_name = agent.name if agent else ""
    row.agent_document_type = agent.document_type if agent else ""
    row.agent_number_index = agent.number_index if agent else ""
    row.agent_number = agent.number if agent else b""
    row.agent_phone = agent.phone if agent else b""
    row.changed_at = uow.now


def keep_material(uow: UnitOfWork, row: Cancellation, taken: TakenMaterial) -> Material:
    """Put a picture into its slot, in the place of the one before. Raises SlotUnknown."""
    require_slot(taken.slot)
    row.changed_at = uow.now
    return materials.keep_for(uow, row.id, taken)


def require_slot(slot: str) -> None:
    """Raise SlotUnknown for a picture that no company is asked for."""
    allowed = slots.allowed(Way.FULL)
    if slot not in allowed:
        raise SlotUnknown(slots=[one.value for one in allowed])


def needed(row: Cancellation | None) -> tuple[Slot, ...]:
    """The pictures that are asked for: an agent besides the representative shows who he is."""
    return slots.needed(Way.FULL, another_agent=bool(row and row.agent_name))


def missing(uow: UnitOfWork, row: Cancellation | None) -> list[str]:
    """The slots that are still empty."""
    kept = materials_of(uow, row.id) if row else {}
    return [slot.value for slot in needed(row) if slot not in kept]


def content(uow: UnitOfWork, row: Cancellation) -> str:
    """SHA-256 over all that was handed in; the intent is bound to it."""
    pictures = sorted([slot, one.id] for slot, one in materials_of(uow, row.id).items())
    return body_digest([row.id, row.seal_id, row.agent_name, row.agent_number_index, pictures])


def require_whole(uow: UnitOfWork, seal_id: str, actor: str) -> Cancellation:
    """What he has handed in for this seal, if nothing is missing. Raises MaterialsNeeded."""
    row = find(uow, seal_id, actor)
    lacking = missing(uow, row)
    if row is None or lacking:
        raise MaterialsNeeded(missing=lacking)
    return row


def cancel(uow: UnitOfWork, row: Cancellation, *, actor: str) -> Seal:
    """Cancel the seal by what was handed in; the intent is spent by now. Raises SealCancelled."""
    seal = lifecycle.cancel(uow, row.seal_id, actor=actor)
    row.done_at = uow.now
    told = {"seal": row.seal_id, "content": content(uow, row)}
    audit.record(uow, "seal.cancelled_by_materials", actor=actor, subject=row.id, **told)
    return seal


def sweep(uow: UnitOfWork) -> None:
    """Delete what was handed in a month ago for a seal that was not cancelled by it."""
    old = (Cancellation.done_at.is_(None), Cancellation.changed_at < uow.now - KEPT_UNFINISHED)
    for row in uow.session.scalars(select(Cancellation).where(*old)).all():
        _forget(uow, row)


def _forget(uow: UnitOfWork, row: Cancellation) -> None:
    materials.forget(uow, row.id)
    uow.session.delete(row)
    uow.session.flush()
