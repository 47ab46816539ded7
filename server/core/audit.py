"""The audit trail: rows that are only ever added, each holding the hash of the one before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, UnitOfWork

GENESIS = "0" * 64


class AuditRow(Base):
    """Who did what to which thing, and the link to the row before."""

    __tablename__ = "audit_rows"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that names the end of the chain; its lock orders the writers."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


@dataclass(frozen=True)
class Flaw:
    """The first place where the chain does not hold: `seq` and why."""

    seq: int
    reason: str


def record(uow: UnitOfWork, event: str, *, actor: str, subject: str, **details: Any) -> None:
    """Add a row at the end of the caller's transaction.

    The chain's lock is taken as the last step before the commit, so that slow work never holds
    it. `details` hold ids, digests and numbers; personal data stays in its own tables.
    """
    entry = {"event": event, "actor": actor, "subject": subject, "details": details}
    uow.before_commit(lambda: _append(uow, entry))


def _append(uow: UnitOfWork, entry: dict[str, Any]) -> None:
    only = select(AuditHead).where(AuditHead.id == 1).with_for_update()
    head = uow.session.scalar(only)
    if head is None:
        # There is no head to lock yet, and the first two rows of a chain may come at once.
        uow.queue_up("audit chain")
        head = uow.session.scalar(only)
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        uow.session.add(head)
    row = AuditRow(seq=head.seq + 1, at=uow.now, previous=head.hash, **entry)
    row.hash = digest(row)
    head.seq, head.hash = row.seq, row.hash
    uow.session.add(row)
    uow.session.flush()


def digest(row: AuditRow) -> str:
    """SHA-256 over the canonical JSON of a row and the hash before it."""
    content = [
        row.seq,
        row.at.isoformat(timespec="microseconds"),
        row.actor,
        row.event,
        row.subject,
        row.details,
        row.previous,
    ]
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify(uow: UnitOfWork) -> Flaw | None:
    """Walk the chain; the first row that was edited, removed, moved or cut off, or None."""
    seq, previous = 0, GENESIS
    walk = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000)
    with uow.session.scalars(walk) as rows:
        for row in rows:
            if reason := _flaw_of(row, seq, previous):
                return Flaw(seq + 1, reason)
            seq, previous = row.seq, row.hash
    head = uow.session.get(AuditHead, 1) or AuditHead(seq=0, hash=GENESIS)
    return _flaw_at_the_end(head, seq, previous)


def _flaw_of(row: AuditRow, seq: int, previous: str) -> str:
    if row.seq != seq + 1:
        return "missing"
    if row.previous != previous:
        return "not linked to the row before"
    return "" if row.hash == digest(row) else "edited"


def _flaw_at_the_end(head: AuditHead, seq: int, last: str) -> Flaw | None:
    if head.seq > seq:
        return Flaw(seq + 1, "the end was cut off")
    if head.seq < seq:
        return Flaw(head.seq + 1, "behind the head of the chain")
    return None if head.hash == last else Flaw(seq, "not the row that the head names")
