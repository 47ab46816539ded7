"""Answering a repeated request with what the first one made."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Database, UnitOfWork
from server.core.errors import Gone, Invalid
from server.core.ids import new_id

LOOKS, BETWEEN_LOOKS_S = 20, 0.05


class IdempotencyKey(Base):
    """A caller's key and the id of what it made; no answer, and so no secret, is kept."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    scope: Mapped[str] = mapped_column(String(160))
    key: Mapped[str] = mapped_column(String(128))
    body_digest: Mapped[str] = mapped_column(String(64))
    made: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class KeyReused(Invalid):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"
    message = ("同一个幂等键用于了不同的请求。", "The Idempotency-Key came with another body.")
    next_step = ("请为每个新请求使用新的幂等键。", "Use a new key for each new request.")


class RepeatTooLate(Gone):
    """A request was sent again later than its answer may be given again."""

    code = "repeat_too_late"
    message = ("重复请求已超时。", "The request was sent again too late.")
    next_step = ("请重新操作。", "Please do it once more.")


def body_digest(body: Any) -> str:
    """SHA-256 of the canonical JSON of a request's content."""
    # In ASCII, as JSON may hold half a surrogate pair, which UTF-8 cannot.
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Once:
    """One request as its sender numbers it: whose and what for, the key, the body's digest.

    `life`: how long its answer may be given again; without one for as long as the row is kept.
    """

    scope: str
    key: str | None
    digest: str
    life: timedelta | None = None


def made_before(uow: UnitOfWork, once: Once) -> str | None:
    """The id that this key made earlier, or None. KeyReused for another body, RepeatTooLate.

    A request that comes while another with its key is at work waits for what that one makes.
    """
    if once.key is None:
        return None
    uow.queue_up(f"{once.scope} {once.key}")
    same = (IdempotencyKey.scope == once.scope, IdempotencyKey.key == once.key)
    known = uow.session.scalar(select(IdempotencyKey).where(*same))
    if known is None:
        return None
    if known.body_digest != once.digest:
        raise KeyReused()
    if once.life is not None and uow.now >= known.created_at + once.life:
        raise RepeatTooLate()
    return known.made


def made_meanwhile(db: Database, once: Once) -> str | None:
    """What this very request, sent a moment earlier and still at work, makes within a second.

    For a request that was refused what its first sending has just spent.
    """
    for _ in range(LOOKS if once.key else 0):
        with db.begin() as uow:
            if made := made_before(uow, once):
                return made
        Event().wait(BETWEEN_LOOKS_S)
    return None


def remember(uow: UnitOfWork, once: Once, made: str) -> None:
    """Keep what this key made, in the transaction that makes it."""
    if once.key is not None:
        uow.session.add(
            IdempotencyKey(
                id=new_id("idk"),
                scope=once.scope,
                key=once.key,
                body_digest=once.digest,
                made=made,
                created_at=uow.now,
            )
        )
