"""Counted attempts at a secret: each is written down before the secret is looked at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Database, UnitOfWork
from server.core.errors import TooMany


class AttemptCounter(Base):
    """Tries since the last success under one key, such as `pin:acc-…`."""

    __tablename__ = "attempt_counters"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    locks: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


@dataclass(frozen=True)
class LockPolicy:
    """How many tries, and how long each lock in turn lasts (the last one repeats)."""

    tries: int
    locks: tuple[timedelta, ...]


class Locked(TooMany):
    """The tries are used up; `retry_after` (seconds) says when the lock ends."""

    code = "locked"
    message = ("错误次数过多，已暂时锁定。", "Locked after too many wrong tries.")
    next_step = ("请在锁定结束后重试，或重新设置。", "Wait until the lock ends, or reset it.")


def take_attempt(db: Database, key: str, policy: LockPolicy) -> int:
    """Count one try in a transaction of its own; the number of tries left after this one.

    Call it before the secret is checked, outside any other transaction: a caller that then
    fails and rolls back cannot give the try back. Raises `Locked`.
    """
    with db.begin() as uow:
        counter = _counter(uow, key)
        wait = _locked_for(counter, uow.now)
        if not wait:
            return _count(counter, uow.now, policy)
    raise Locked(retry_after=wait)


def take_attempts(db: Database, policies: Mapping[str, LockPolicy]) -> None:
    """`take_attempt` for several keys at once: while one of them is locked, none is counted."""
    with db.begin() as uow:
        # In one order, so that two callers never wait for each other.
        counters = [_counter(uow, key) for key in sorted(policies)]
        wait = max(_locked_for(counter, uow.now) for counter in counters)
        if not wait:
            for counter in counters:
                _count(counter, uow.now, policies[counter.key])
            return
    raise Locked(retry_after=wait)


def give_back(db: Database, keys: Iterable[str]) -> None:
    """The try just taken was a right one: it counts no longer, and a lock that it set is opened.

    Other than after `forgive` the wrong tries before it stay counted.
    """
    with db.begin() as uow:
        for key in sorted(keys):
            counter = uow.session.get(AttemptCounter, key, with_for_update=True)
            if counter is None:
                continue
            if counter.locked_until is not None:
                counter.locked_until, counter.locks = None, counter.locks - 1
            counter.tries = max(0, counter.tries - 1)
            if not counter.tries and not counter.locks:
                uow.session.delete(counter)


def lock_seconds(uow: UnitOfWork, key: str) -> int:
    """Seconds until the key may be tried again; 0 when it is open."""
    counter = uow.session.get(AttemptCounter, key)
    return _locked_for(counter, uow.now) if counter else 0


def forgive(db: Database, key: str) -> None:
    """Start again from nothing, after the right secret was given."""
    with db.begin() as uow:
        forgive_within(uow, key)


def forgive_within(uow: UnitOfWork, key: str) -> None:
    """`forgive` in the caller's transaction, where the secret itself is exchanged."""
    uow.session.execute(delete(AttemptCounter).where(AttemptCounter.key == key))


def _counter(uow: UnitOfWork, key: str) -> AttemptCounter:
    counter = uow.session.get(AttemptCounter, key, with_for_update=True)
    if counter is None:
        # There is no row to lock yet, and two first tries may come at once.
        uow.queue_up(f"attempts {key}")
        counter = uow.session.get(AttemptCounter, key, with_for_update=True)
    if counter is None:
        counter = AttemptCounter(key=key, tries=0, locks=0)
        uow.session.add(counter)
    return counter


def _locked_for(counter: AttemptCounter, now: datetime) -> int:
    if counter.locked_until is None or counter.locked_until <= now:
        return 0
    return max(1, int((counter.locked_until - now).total_seconds()))


def _count(counter: AttemptCounter, now: datetime, policy: LockPolicy) -> int:
    if counter.locked_until is not None:
        counter.tries, counter.locked_until = 0, None
    counter.tries += 1
    if counter.tries >= policy.tries:
        # The last try locks at once; only its success opens again.
        counter.locked_until = now + policy.locks[min(counter.locks, len(policy.locks) - 1)]
        counter.locks += 1
    return policy.tries - counter.tries
