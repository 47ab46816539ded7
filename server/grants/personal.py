"""What grants and the register of uses know of a person, and what ends with his account."""

from sqlalchemy import select

from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, of, rows
from server.core import audit
from server.core.db import UnitOfWork
from server.grants.models import Grant, GrantStatus, SealUse, UseState

GRANT = ("enterprise_id", "role", "status", "starts_at", "ends_at", "most_uses", "uses")
USE = ("enterprise_id", "document_name", "document_digest", "state", "reserved_at", "settled_at")


def nothing_open(_uow: UnitOfWork, _account_id: str) -> list[Obstacle]:
    """A grant holds nobody back; a sealing that runs does (`signing/personal.py`)."""
    return []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """Revoke what was granted to him; the register of uses keeps naming him."""
    mine = (Grant.grantee_id == account_id, Grant.status != GrantStatus.REVOKED)
    for grant in uow.session.scalars(select(Grant).where(*mine)):
        grant.status = GrantStatus.REVOKED
        audit.record(uow, "grant.revoked", actor=account_id, subject=grant.id)
    used = select(SealUse.id).where(
        SealUse.account_id == account_id, SealUse.state != UseState.RELEASED
    )
    return uow.session.scalars(used.limit(1)).first() is not None


def records(uow: UnitOfWork, account_id: str) -> Records:
    """What was granted to him, what he granted, and every use of a seal by him."""
    to_him, by_him = Grant.grantee_id == account_id, Grant.granted_by == account_id
    return {
        "grants": rows(uow, select(Grant).where(to_him).order_by(Grant.id), GRANT),
        "grants_given": rows(uow, select(Grant).where(by_him).order_by(Grant.id), GRANT),
        "seal_uses": rows(uow, of(SealUse, account_id), USE),
    }


TIE = Tie(nothing_open, let_go)
