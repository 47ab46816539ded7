"""Renewing a seal (F-28): asked for within its last ten days, carried out by the worker.

The seal keeps its picture and its number. Its maker vouches for the new period, and the owner's
certificates are renewed where they would end before it.
"""

from datetime import datetime

from sqlalchemy import select

from server.certificates import renewing as certificates
from server.core import audit, jobs
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.seals.errors import ChangeUnderWay
from server.seals.lifecycle import living_of_ring
from server.seals.models import ChangeKind, ChangeState, Seal, SealChange
from server.seals.service import SEAL_LIFE

CHANGE = "seals.change"
# The worker's pauses grow to ten minutes: an authority may be away for most of a day.
MOST_TRIES = 100


def ask_renewal(uow: UnitOfWork, seal_id: str, *, actor: str) -> SealChange:
    """Take a renewal on; raises TooEarlyToRenew, ChangeUnderWay, SealExpired, SealSuspended …

    The new period follows the old one. Certificates are renewed once for all seals of a ring.
    """
    seal = uow.locked(Seal, seal_id)
    seal.require_renewable(uow.now)
    until = seal.valid_until + SEAL_LIFE
    change = take_on(uow, seal, ChangeKind.RENEWAL, actor, valid_until=until.isoformat())
    plan_certificates(uow, seal, until)
    return change


def plan_certificates(uow: UnitOfWork, seal: Seal, until: datetime) -> None:
    """Have the certificates of the ring that the seal is on now last until then.

    Again for each try of a renewal: the seal may have come onto another ring since (P-40).
    """
    others = [one.valid_until for one in living_of_ring(uow, seal.ring_id)]
    ends = max([seal.valid_until, *others]) + SEAL_LIFE
    certificates.plan(uow, seal.ring_id, must_last=until, ends=ends)


def take_on(
    uow: UnitOfWork, seal: Seal, kind: ChangeKind, actor: str, **wish: object
) -> SealChange:
    """Write down what is wished of a seal that the caller has locked, and let the worker do it."""
    if pending(uow, seal.id) is not None:
        raise ChangeUnderWay(seal=seal.name)
    change = SealChange(
        id=new_id("chg"),
        seal_id=seal.id,
        kind=kind,
        wish=wish,
        asked_by=actor,
        asked_at=uow.now,
    )
    uow.session.add(change)
    jobs.enqueue(uow, CHANGE, max_attempts=MOST_TRIES, change_id=change.id)
    audit.record(uow, f"seal.{kind}_asked", actor=actor, subject=seal.id, change=change.id)
    return change


def pending(uow: UnitOfWork, seal_id: str) -> SealChange | None:
    """What is being done to a seal now."""
    return uow.session.scalar(
        select(SealChange).where(
            SealChange.seal_id == seal_id, SealChange.state == ChangeState.PENDING
        )
    )


def latest(uow: UnitOfWork, seal_id: str) -> SealChange | None:
    """What was last asked for."""
    return uow.session.scalar(
        select(SealChange)
        .where(SealChange.seal_id == seal_id)
        .order_by(SealChange.id.desc())
        .limit(1)
    )


def renewed_until(change: SealChange) -> datetime:
    """The end that a renewal asks for."""
    return datetime.fromisoformat(change.wish["valid_until"])
