"""Work that must happen later: rows written in the transaction that asks for it.

A job is claimed under a lease with a fencing number, retried with growing pauses, and parked
after its last try, where `server.cli jobs` shows it. A try is counted before the work, so that one
that kills its worker is counted too.
"""

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Database, UnitOfWork
from server.core.errors import DomainError
from server.core.ids import new_id

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    PARKED = "parked"


class WorkBrokeOff(DomainError):
    """Every worker that tried died of it, or was killed: most often the file is at fault (R-15)."""

    code = "work_broke_off"
    message = ("处理多次中断，已停止。", "The processing broke off too often and was given up.")
    next_step = (
        "请稍后重试；仍不成功请重新导出文件，或联系支持人员。",
        "Try again later; if it fails again, export the file anew or ask for support.",
    )


class Job(Base):
    """One piece of work; `payload` holds ids only, never a secret."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_run_at", "state", "run_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default=JobState.QUEUED)
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=8)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Claim:
    """A job in hand: what to do, and the number that proves that it is still ours."""

    id: str
    kind: str
    payload: Mapping[str, Any]
    fence: int
    attempts: int
    max_attempts: int

    @property
    def is_last_try(self) -> bool:
        return self.attempts >= self.max_attempts

    def require_tries_left(self) -> None:
        """Raise WorkBrokeOff when the workers of all tries have died.

        A handler asks first, and then has only to settle what the job was to do.
        """
        if self.attempts > self.max_attempts:
            raise WorkBrokeOff()


Handler = Callable[[Claim], None]


def enqueue(uow: UnitOfWork, kind: str, *, max_attempts: int = 8, **payload: Any) -> str:
    """Write a job into the caller's transaction; it runs once that has been committed."""
    job = Job(
        id=new_id("job"),
        kind=kind,
        payload=payload,
        run_at=uow.now,
        created_at=uow.now,
        max_attempts=max_attempts,
    )
    uow.session.add(job)
    return job.id


def claim(db: Database, kinds: list[str], lease: timedelta) -> Claim | None:
    """Take the oldest due job of these kinds, or one whose worker let its lease run out."""
    with db.read() as uow:
        if uow.session.scalar(_due(uow.now, kinds)) is None:
            return None
    with db.begin() as uow:
        job = uow.session.scalar(_due(uow.now, kinds).with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.lease_until = JobState.RUNNING, uow.now + lease
        job.fence += 1
        job.attempts += 1
        return Claim(job.id, job.kind, job.payload, job.fence, job.attempts, job.max_attempts)


def _due(now: datetime, kinds: list[str]) -> Any:
    waiting = and_(Job.state == JobState.QUEUED, Job.run_at <= now)
    abandoned = and_(Job.state == JobState.RUNNING, Job.lease_until < now)
    return (
        select(Job).where(Job.kind.in_(kinds), or_(waiting, abandoned)).order_by(Job.run_at)
    ).limit(1)


def finish(db: Database, job: Claim) -> None:
    """Mark a job done, unless somebody else has taken it over meanwhile."""
    _settle(db, job, {"state": JobState.DONE, "lease_until": None, "last_error": None})


def still_holds(uow: UnitOfWork, job: Claim) -> bool:
    """Whether nobody has taken the job over; until the end of the transaction nobody will."""
    return uow.locked(Job, job.id).fence == job.fence


def postpone(db: Database, job: Claim, error: str) -> None:
    """Try again later, or park the job after its last try."""
    if job.is_last_try:
        log.error("job_parked", extra={"job": job.id, "kind": job.kind, "error": error})
        _settle(db, job, {"state": JobState.PARKED, "lease_until": None, "last_error": error})
        return
    run_at = db.clock.now() + pause_before(job.attempts + 1)
    news = {"state": JobState.QUEUED, "run_at": run_at, "lease_until": None, "last_error": error}
    _settle(db, job, news)


def pause_before(attempt: int) -> timedelta:
    """How long to wait before the n-th try: 2 s, 4 s, 8 s … 10 min, with jitter."""
    doublings = min(max(0, attempt - 2), 16)
    pause: timedelta = min(FIRST_PAUSE * 2**doublings, LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)


def _settle(db: Database, job: Claim, news: dict[str, Any]) -> None:
    with db.begin() as uow:
        mine = and_(Job.id == job.id, Job.fence == job.fence)
        uow.session.execute(update(Job).where(mine).values(**news))


class Runner:
    """Claims jobs and hands each to the handler of its kind; one for each worker thread."""

    def __init__(
        self, db: Database, handlers: Mapping[str, Handler], *, lease: timedelta | None = None
    ) -> None:
        self.db = db
        self.handlers = dict(handlers)
        self.lease = lease or timedelta(minutes=3)

    def run_once(self) -> bool:
        """Run one due job; False when there was none."""
        job = claim(self.db, list(self.handlers), self.lease)
        if job is None:
            return False
        try:
            self._work(job)
        except DomainError as error:
            postpone(self.db, job, error.code)
        except Exception as error:
            log.exception("job_failed", extra={"job": job.id, "kind": job.kind})
            postpone(self.db, job, type(error).__name__)
        else:
            finish(self.db, job)
        return True

    def _work(self, job: Claim) -> None:
        # One time more than it has tries: the handler may settle it. No job comes back for ever.
        if job.attempts > job.max_attempts + 1:
            raise WorkBrokeOff()
        self.handlers[job.kind](job)

    def run_all(self) -> int:
        """Run until nothing is due; the number of jobs run."""
        count = 0
        while self.run_once():
            count += 1
        return count

    def run_until(self, stop: threading.Event, pause_s: float = 0.1) -> None:
        """Run for ever; survives a database that is away for a while."""
        while not stop.is_set():
            try:
                ran = self.run_once()
            except Exception:
                log.exception("runner_failed")
                stop.wait(1.0)
                continue
            if not ran:
                stop.wait(pause_s)
