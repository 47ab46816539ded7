"""Jobs: asked for in a transaction, claimed once, retried with pauses, parked in the end."""

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.core import jobs
from server.core.db import Database
from server.core.errors import Unavailable
from server.core.jobs import Claim, Handler, Job, JobState, Runner
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon

LEASE = timedelta(minutes=3)


def ask(db: Database, kind: str = "seal", **more: object) -> str:
    with db.begin() as uow:
        return jobs.enqueue(uow, kind, **more)  # type: ignore[arg-type]


def read(db: Database, job_id: str) -> Job:
    with db.read() as uow:
        return uow.session.get_one(Job, job_id)


def take(db: Database) -> Claim:
    job = jobs.claim(db, ["seal"], LEASE)
    assert job is not None
    return job


def runner(db: Database, handler: Handler) -> Runner:
    return Runner(db, {"seal": handler}, lease=LEASE)


def test_a_job_of_a_transaction_that_failed_does_not_exist(db: Database) -> None:
    with pytest.raises(Broken):
        abandon(db, lambda uow: jobs.enqueue(uow, "seal"))
    assert jobs.claim(db, ["seal"], LEASE) is None


def test_a_job_is_nobodys_before_its_transaction_is_committed(db: Database) -> None:
    with db.begin() as uow:
        jobs.enqueue(uow, "seal")
        uow.session.flush()
        with db.read() as other:
            assert other.session.scalars(select(Job)).all() == []
    assert take(db).kind == "seal"


def test_a_job_runs_once_with_what_it_was_given(db: Database) -> None:
    ask(db, task_id="task-1")
    seen: list[Claim] = []
    assert runner(db, seen.append).run_all() == 1
    assert [dict(job.payload) for job in seen] == [{"task_id": "task-1"}]
    assert read(db, seen[0].id).state == JobState.DONE


def test_the_oldest_job_comes_first(db: Database, clock: FakeClock) -> None:
    first = ask(db)
    clock.advance(seconds=1)
    ask(db)
    assert take(db).id == first


def test_a_job_that_nobody_here_can_do_is_left_for_others(db: Database) -> None:
    job_id = ask(db, "draw")
    assert runner(db, lambda _job: None).run_all() == 0
    assert read(db, job_id).state == JobState.QUEUED


@pytest.mark.row("R-13")
def test_eight_workers_claim_each_job_once(db: Database) -> None:
    asked = {ask(db) for _ in range(24)}

    def work() -> list[str]:
        done: list[str] = []
        while job := jobs.claim(db, ["seal"], LEASE):
            done.append(job.id)
        return done

    claimed = [job_id for done in together([work] * 8) for job_id in done]
    assert len(claimed) == 24
    assert set(claimed) == asked


@pytest.mark.row("R-01")
def test_a_job_left_lying_is_taken_over_and_its_old_worker_has_no_say(
    db: Database, clock: FakeClock
) -> None:
    job_id = ask(db)
    old = take(db)
    clock.advance(minutes=3)
    assert jobs.claim(db, ["seal"], LEASE) is None
    clock.advance(seconds=1)
    new = take(db)
    assert new.fence > old.fence

    jobs.finish(db, old)
    jobs.postpone(db, old, "late")
    held = read(db, job_id)
    assert (held.state, held.last_error) == (JobState.RUNNING, None)

    jobs.finish(db, new)
    assert read(db, job_id).state == JobState.DONE


def test_the_pauses_double_up_to_ten_minutes() -> None:
    for attempt, seconds in [(1, 2), (2, 2), (3, 4), (4, 8), (5, 16), (12, 600), (99, 600)]:
        pause = jobs.pause_before(attempt).total_seconds()
        assert 0.8 * seconds <= pause <= 1.2 * seconds, attempt


def test_a_job_that_failed_rests_and_is_tried_again(db: Database, clock: FakeClock) -> None:
    tried: list[int] = []

    def handler(job: Claim) -> None:
        tried.append(job.attempts)
        if len(tried) == 1:
            raise Unavailable

    job_id = ask(db)
    work = runner(db, handler)
    assert work.run_all() == 1
    assert (read(db, job_id).state, read(db, job_id).last_error) == ("queued", "unavailable")
    assert work.run_all() == 0
    clock.advance(seconds=3)
    assert work.run_all() == 1
    assert tried == [1, 2]
    assert (read(db, job_id).state, read(db, job_id).last_error) == ("done", None)


@pytest.mark.row("R-15", "S-44")
@pytest.mark.parametrize(
    ("error", "kept"), [(Unavailable(), "unavailable"), (Broken("PIN 135790"), "Broken")]
)
def test_after_its_last_try_a_job_is_parked_with_the_errors_name_and_not_its_text(
    error: Exception, kept: str, db: Database, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    last: list[bool] = []

    def handler(job: Claim) -> None:
        last.append(job.is_last_try)
        raise error

    job_id = ask(db, max_attempts=3)
    work = runner(db, handler)
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            work.run_all()
            clock.advance(minutes=12)
    parked = read(db, job_id)
    assert last == [False, False, True]
    assert (parked.state, parked.attempts, parked.last_error) == (JobState.PARKED, 3, kept)
    assert "job_parked" in caplog.text


def test_a_job_that_breaks_does_not_stop_those_behind_it(db: Database) -> None:
    def handler(job: Claim) -> None:
        if job.payload["place"] == 0:
            raise Broken

    done = [ask(db, place=place) for place in range(3)][1:]
    assert runner(db, handler).run_all() == 3
    assert [read(db, job_id).state for job_id in done] == [JobState.DONE] * 2


def test_a_worker_survives_a_database_that_is_away(
    db: Database, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    class Away(Database):
        def __init__(self) -> None:
            self.clock, self.engine, self.asked = clock, db.engine, 0

        def read(self):  # type: ignore[no-untyped-def]
            self.asked += 1
            if self.asked == 1:
                raise OSError
            return super().read()

    job_id = ask(db)
    Runner(Away(), {"seal": lambda _job: stop.set()}).run_until(stop, pause_s=0.01)
    assert read(db, job_id).state == JobState.DONE
    assert "runner_failed" in caplog.text
