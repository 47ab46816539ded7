"""Uses of seals: reserved before the work, settled once after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, select

from server.accounts.models import Account
from server.certificates.models import KeyRelease, OwnerKind
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id
from server.enterprises.models import Enterprise, EnterpriseStatus
from server.grants.errors import GrantEnded
from server.grants.models import Grant, SealUse, UseState
from server.grants.rights import stands
from server.seals.queries import by_ids

# Longer than the child's limit (30 s) and all tries for a time stamp (2 x 5 s) together.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Use:
    """What is about to be sealed, by whom, and under which right.

    `enterprise_id` is None where somebody seals with seals of his own.
    """

    reservation_key: str
    task_id: str
    account_id: str
    enterprise_id: str | None
    grant_id: str
    document_digest: str
    document_name: str
    placements_digest: str
    partner_id: str
    seals: list[dict[str, Any]]


def reserve(uow: UnitOfWork, use: Use) -> SealUse:
    """Take one use before the work starts; raises GrantEnded, GrantExhausted."""
    if use.grant_id:
        uow.locked(Grant, use.grant_id).take_use(uow.now)
    row = SealUse(
        id=new_id("use"),
        reserved_at=uow.now,
        lease_until=uow.now + LEASE,
        **use.__dict__,
    )
    uow.session.add(row)
    audit.record(
        uow,
        "seal.sealing_started",
        actor=use.account_id,
        subject=use.task_id,
        document=use.document_digest,
        placements=use.placements_digest,
        seals=[seal["id"] for seal in use.seals],
        grant=use.grant_id,
    )
    return row


def release(uow: UnitOfWork, use: SealUse) -> None:
    """Give the use back: nothing was sealed."""
    use.release(uow.now)
    if use.grant_id:
        uow.locked(Grant, use.grant_id).give_back_use()


def require_still_granted(uow: UnitOfWork, use: SealUse) -> None:
    """Ask at the last moment whether the right still stands; raises GrantEnded (S-29)."""
    if use.enterprise_id is None:
        _require_own(uow, use)
        return
    enterprise = uow.session.get_one(Enterprise, use.enterprise_id)
    if enterprise.status != EnterpriseStatus.ACTIVE or not _is_entitled(uow, use, enterprise):
        raise GrantEnded()


def _require_own(uow: UnitOfWork, use: SealUse) -> None:
    """Nobody but their owner uses a person's seals. Raises GrantEnded."""
    closed = uow.session.get_one(Account, use.account_id).closed_at is not None
    seals = by_ids(uow, [one["id"] for one in use.seals])
    owner = (OwnerKind.ACCOUNT, use.account_id)
    if closed or any((seal.owner_kind, seal.owner_id) != owner for seal in seals):
        raise GrantEnded()


def _is_entitled(uow: UnitOfWork, use: SealUse, enterprise: Enterprise) -> bool:
    if not use.grant_id:
        return enterprise.representative_id == use.account_id
    grant = uow.session.get_one(Grant, use.grant_id)
    return stands(uow, grant, enterprise) and all(grant.covers(one["id"]) for one in use.seals)


def lost_reservations(uow: UnitOfWork) -> Sequence[SealUse]:
    """Reservations that no worker holds and none can take up again, as their key is gone."""
    openable = exists().where(KeyRelease.holder_id == SealUse.id, KeyRelease.ends_at > uow.now)
    reserved = (SealUse.state == UseState.RESERVED, SealUse.lease_until < uow.now)
    return uow.session.scalars(select(SealUse).where(*reserved, ~openable)).all()


def reserved_by(uow: UnitOfWork, account_id: str) -> Sequence[SealUse]:
    """What a person has confirmed and no worker has settled yet."""
    his = (SealUse.account_id == account_id, SealUse.state == UseState.RESERVED)
    return uow.session.scalars(select(SealUse).where(*his)).all()


def reservation_of(uow: UnitOfWork, task_id: str) -> SealUse | None:
    """The live reservation of a task."""
    return uow.session.scalar(
        select(SealUse).where(SealUse.task_id == task_id, SealUse.state == UseState.RESERVED)
    )
