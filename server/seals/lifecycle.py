"""Suspending, enabling and cancelling a seal (F-29, F-30), and what ends with it.

The caller has spent the intent in the same transaction. The certificates belong to the key ring,
which the seals of an owner share: a suspended seal leaves them as they are, and they are revoked
when the ring's last seal is cancelled.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from server.accounts.news import News
from server.certificates.models import KeyCopy, KeyRing, OwnerKind
from server.certificates.revoking import end_ring
from server.core import audit, jobs, outbox
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.pki.revocation import RevocationReason
from server.seals.models import Reason, Seal, SealStatus
from server.seals.telling import tell_owner

# Handled in `signing`, which seals know nothing of: what is open under these seals ends at once.
STOPPED = "seals.stopped"


def suspend(uow: UnitOfWork, seal_id: str, *, actor: str, by: Reason) -> Seal:
    """Stop a seal by hand; `by` is OWNER or ADMINISTRATOR. Raises what `Seal.suspend` raises."""
    seal = uow.locked(Seal, seal_id)
    seal.suspend(uow.now, by)
    _tell(uow, "suspended", seal, actor, reason=by)
    if by == Reason.ADMINISTRATOR:
        tell_owner(uow, seal, News.SEAL_SUSPENDED)
    ended(uow, [seal.id])
    return seal


def stop(uow: UnitOfWork, seals: Collection[Seal], reason: Reason) -> list[Seal]:
    """Stop what fits the registry no more (P-39); those for which that is news."""
    stopped = [seal for seal in seals if uow.locked(Seal, seal.id).stop(uow.now, reason)]
    for seal in stopped:
        _tell(uow, "suspended", seal, "registry", reason=reason)
    if stopped:
        ended(uow, [seal.id for seal in stopped])
    return stopped


def enable(uow: UnitOfWork, seal_id: str, *, actor: str, by: Reason) -> Seal:
    """Let a seal be used again; raises what `Seal.enable` raises.

    A new representative has taken over when he holds a copy of the key, and not before.
    """
    seal = uow.locked(Seal, seal_id)
    if _is_taken_over(uow, seal):
        seal.fit_again()
    seal.enable(uow.now, by=by)
    _tell(uow, "enabled", seal, actor)
    if by == Reason.ADMINISTRATOR:
        tell_owner(uow, seal, News.SEAL_ENABLED)
    return seal


def cancel(uow: UnitOfWork, seal_id: str, *, actor: str) -> Seal:
    """End a seal for good; with the ring's last one its keys go. Raises SealCancelled."""
    seal = uow.locked(Seal, seal_id)
    # Two seals of a ring that are cancelled at once must not each take the other for living.
    uow.locked(KeyRing, seal.ring_id)
    seal.cancel(uow.now)
    _tell(uow, "cancelled", seal, actor)
    tell_owner(uow, seal, News.SEAL_CANCELLED)
    ended(uow, [seal.id])
    uow.session.flush()
    if not living_of_ring(uow, seal.ring_id):
        end_ring(uow, seal.ring_id, RevocationReason.CESSATION_OF_OPERATION)
    return seal


def ended(uow: UnitOfWork, seal_ids: list[str]) -> None:
    """Whatever is open under these seals ends at once, by a job of this transaction."""
    jobs.enqueue(uow, STOPPED, seal_ids=seal_ids)


def living_of_ring(uow: UnitOfWork, ring_id: str) -> Sequence[Seal]:
    """The seals of a ring that are not cancelled, oldest first."""
    living = (Seal.ring_id == ring_id, Seal.status != SealStatus.CANCELLED)
    return uow.session.scalars(select(Seal).where(*living).order_by(Seal.id)).all()


def _is_taken_over(uow: UnitOfWork, seal: Seal) -> bool:
    if seal.owner_kind != OwnerKind.ENTERPRISE:
        return False
    holder = uow.session.get_one(Enterprise, seal.owner_id).representative_id
    mine = (KeyCopy.ring_id == seal.ring_id, KeyCopy.grant_id == "")
    own = select(KeyCopy.id).where(*mine, KeyCopy.account_id == holder)
    return holder is not None and uow.session.scalar(own) is not None


def _tell(uow: UnitOfWork, what: str, seal: Seal, actor: str, **more: str) -> None:
    audit.record(uow, f"seal.{what}", actor=actor, subject=seal.id, **more)
    outbox.publish(uow, f"seal.{what}", audience="own", subject=seal.id, **more)
