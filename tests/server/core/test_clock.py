"""Deadlines are counted by one clock, whatever a machine believes the time to be (R-06)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from server.core import jobs, limits
from server.core.clock import SteadyClock, SystemClock, in_china, uptime
from server.core.db import CLOCK_AGE, Base, Database
from server.core.limits import LockPolicy
from server.worker import watch_clock
from tests.fakes.clock import FakeClock, WrongClock
from tests.server.core.conftest import TABLES

WRONG = [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
NEARLY = timedelta(seconds=5)
LEASE = timedelta(minutes=3)


class Counter:
    """An uptime that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def machine(url: str, by: timedelta) -> Iterator[Database]:
    """One more machine at the database, whose own clock is off by so much."""
    database = Database(url, SteadyClock(WrongClock(by)))
    yield database
    database.close()


@pytest.fixture
def right(postgres_url: str) -> Iterator[Database]:
    """The database of a machine that has the time."""
    with machine(postgres_url, timedelta()) as database:
        Base.metadata.create_all(database.engine, tables=TABLES)  # type: ignore[arg-type]
        yield database


@pytest.mark.row("R-06")
@pytest.mark.parametrize("by", WRONG)
def test_setting_the_machines_clock_moves_no_deadline(by: timedelta) -> None:
    wall, counter = FakeClock(), Counter()
    clock = SteadyClock(wall, counter)
    begun = clock.now()

    wall.advance(seconds=by.total_seconds())
    counter.seconds += 7

    assert clock.now() == begun + timedelta(seconds=7)
    assert clock.machine_is_ahead == by - timedelta(seconds=7)


def test_the_counter_never_goes_back() -> None:
    assert uptime() <= uptime()


@pytest.mark.row("R-06")
@pytest.mark.parametrize("by", WRONG)
@pytest.mark.parametrize("how", ["begin", "read", "set_clock"])
def test_a_machine_whose_clock_is_off_goes_by_the_databases(
    postgres_url: str, by: timedelta, how: str
) -> None:
    with machine(postgres_url, by) as database:
        if how == "set_clock":
            database.set_clock()
        else:
            with getattr(database, how)() as uow:
                told = uow.session.scalars(select(func.clock_timestamp())).one()
                assert abs(uow.now - told) < NEARLY
        assert abs(database.clock.now() - SystemClock().now()) < NEARLY


@pytest.mark.row("R-06", "R-13")
@pytest.mark.parametrize("by", WRONG)
def test_a_job_is_not_taken_over_early_or_left_late_by_a_machine_whose_clock_is_off(
    right: Database, postgres_url: str, by: timedelta
) -> None:
    with machine(postgres_url, by) as wrong:
        with right.begin() as uow:
            jobs.enqueue(uow, "seal")
        first = jobs.claim(wrong, ["seal"], LEASE)
        assert first is not None
        assert jobs.claim(right, ["seal"], LEASE) is None
        assert jobs.claim(wrong, ["seal"], LEASE) is None
        jobs.postpone(wrong, first, "busy")
        with right.read() as uow:
            waits = uow.session.get_one(jobs.Job, first.id).run_at - uow.now
        assert timedelta() < waits < NEARLY


@pytest.mark.row("R-06", "S-21", "S-50")
@pytest.mark.parametrize("by", WRONG)
def test_a_lock_holds_on_a_machine_whose_clock_is_off(
    right: Database, postgres_url: str, by: timedelta
) -> None:
    policy = LockPolicy(tries=1, locks=(timedelta(minutes=15),))
    with machine(postgres_url, by) as wrong:
        limits.take_attempt(right, "pin:a", policy)
        with pytest.raises(limits.Locked) as locked:
            limits.take_attempt(wrong, "pin:a", policy)
    assert 890 < locked.value.details["retry_after"] <= 900


@pytest.mark.row("R-06")
def test_the_database_is_asked_again_after_a_while(postgres_url: str) -> None:
    counter = Counter()
    database = Database(postgres_url, SteadyClock(SystemClock(), counter))
    with database.read():
        pass
    # The counter ran on by an hour that has not passed: it drifts, or the machine was suspended.
    counter.seconds += 3600
    with database.read() as uow:
        assert abs(uow.now - SystemClock().now()) < NEARLY
    # Not at each transaction: that would be one more round trip for every request.
    counter.seconds += CLOCK_AGE - 1
    with database.read() as uow:
        ahead = uow.now - SystemClock().now()
    assert abs(ahead - timedelta(seconds=CLOCK_AGE - 1)) < NEARLY
    database.close()


@pytest.mark.row("R-06")
def test_a_database_that_is_away_does_not_stop_the_start(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none", SteadyClock())
    database.set_clock()
    assert "database_away" in caplog.text
    assert abs(database.clock.now() - SystemClock().now()) < NEARLY


@pytest.mark.row("R-06")
@pytest.mark.parametrize(("off", "alarms"), [(4, 0), (6, 1), (-6, 1)])
def test_a_machines_clock_that_leaves_ours_is_an_alarm(
    off: int, alarms: int, caplog: pytest.LogCaptureFixture
) -> None:
    wall = FakeClock()
    clock = SteadyClock(wall)
    wall.advance(seconds=off)
    with caplog.at_level(logging.ERROR):
        watch_clock(clock)
    assert [one.message for one in caplog.records] == ["machine_clock_off"] * alarms


def test_people_read_their_own_wall_clock_up_to_the_end_of_the_calendar() -> None:
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert in_china(noon) == noon
    assert in_china(noon).hour == 12
    no_end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert in_china(no_end) is no_end
