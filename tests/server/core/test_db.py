"""The unit of work: all or nothing, news only after the commit, readers in nobody's way."""

import logging
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import StatementError

from server.core import outbox
from server.core.db import Database, UnitOfWork
from server.core.limits import AttemptCounter
from server.core.outbox import OutboxEvent
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon, fail


def say(uow: UnitOfWork, subject: str = "task-1") -> None:
    outbox.publish(uow, "signing.sealed", audience="par-1", subject=subject)


def count(db: Database) -> int:
    with db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(OutboxEvent)) or 0


def test_an_error_undoes_everything_and_tells_nobody(db: Database) -> None:
    told: list[str] = []

    def seal(uow: UnitOfWork) -> None:
        say(uow)
        uow.after_commit(lambda: told.append("sealed"))

    with pytest.raises(Broken):
        abandon(db, seal)
    assert count(db) == 0
    assert told == []


def test_what_waits_for_the_commit_sees_it_done(db: Database) -> None:
    seen: list[int] = []
    with db.begin() as uow:
        uow.after_commit(lambda: seen.append(count(db)))
        say(uow)
    assert seen == [1]


def test_a_failure_after_the_commit_undoes_nothing_and_stops_nobody(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    with caplog.at_level(logging.ERROR), db.begin() as uow:
        say(uow)
        uow.after_commit(fail)
        uow.after_commit(lambda: told.append("sealed"))
    assert count(db) == 1
    assert told == ["sealed"]
    assert "after_commit_failed" in caplog.text


def test_the_last_step_before_the_commit_belongs_to_the_transaction(db: Database) -> None:
    told: list[str] = []

    def seal() -> None:
        with db.begin() as uow:
            say(uow)
            uow.before_commit(fail)
            uow.after_commit(lambda: told.append("sealed"))

    with pytest.raises(Broken):
        seal()
    assert count(db) == 0
    assert told == []


def test_a_reader_is_in_no_writers_way(db: Database) -> None:
    with db.read() as reader:
        assert reader.session.scalars(select(OutboxEvent)).all() == []
        with db.begin() as writer:
            say(writer)
    assert count(db) == 1


def test_a_reader_sees_one_moment(db: Database) -> None:
    number = select(func.count()).select_from(OutboxEvent)
    with db.read() as reader:
        before = reader.session.scalar(number)
        with db.begin() as writer:
            say(writer)
        assert (before, reader.session.scalar(number)) == (0, 0)


def test_a_writer_is_in_no_readers_way(db: Database) -> None:
    with db.begin() as writer:
        say(writer)
        writer.session.flush()
        assert count(db) == 0


def test_rows_stay_readable_after_a_reading_transaction(db: Database) -> None:
    with db.begin() as uow:
        say(uow)
    with db.read() as uow:
        row = uow.session.scalars(select(OutboxEvent)).one()
    assert row.subject == "task-1"


def test_rows_stay_readable_after_a_writing_transaction(db: Database) -> None:
    with db.begin() as uow:
        say(uow)
        uow.session.flush()
        row = uow.session.scalars(select(OutboxEvent)).one()
    assert row.subject == "task-1"


def test_nothing_written_in_a_reading_transaction_is_kept(db: Database) -> None:
    with db.read() as uow:
        say(uow)
        uow.session.flush()
    assert count(db) == 0


@pytest.mark.row("R-16")
def test_writers_wait_for_each_other_and_lose_no_update(db: Database) -> None:
    with db.begin() as uow:
        uow.session.add(AttemptCounter(key="k", tries=0, locks=0))

    def add_ten() -> None:
        for _ in range(10):
            with db.begin() as uow:
                uow.session.get_one(AttemptCounter, "k", with_for_update=True).tries += 1

    assert together([add_ten] * 8) == [None] * 8
    with db.read() as uow:
        assert uow.session.get_one(AttemptCounter, "k").tries == 80


def test_a_second_writer_waits_rather_than_fails(db: Database) -> None:
    asked = threading.Event()
    outcome: list[Any] = []

    def second() -> None:
        asked.set()
        with db.begin() as uow:
            say(uow, "second")
            outcome.append(uow.session.scalars(select(OutboxEvent.subject)).all())

    thread = threading.Thread(target=second)
    with db.begin() as uow:
        say(uow, "first")
        uow.session.flush()
        thread.start()
        asked.wait(5)
    thread.join(5)
    assert sorted(outcome[0]) == ["first", "second"]


def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="a datetime without a zone"), db.begin() as uow:
        uow.session.add(AttemptCounter(key="k", locked_until=datetime(2026, 11, 20, 8, 0)))  # noqa: DTZ001


def test_a_time_comes_back_in_utc(db: Database) -> None:
    in_beijing = datetime(2026, 11, 20, 16, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with db.begin() as uow:
        uow.session.add(AttemptCounter(key="k", locked_until=in_beijing))
    with db.read() as uow:
        found = uow.session.get_one(AttemptCounter, "k").locked_until
    assert found == in_beijing
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.row("R-20")
def test_sqlite_syncs_each_commit_and_checks_foreign_keys(db: Database) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a promise of the other databases by themselves")
    with db.engine.connect() as connection:
        said = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("synchronous", "journal_mode", "foreign_keys")
        }
    assert said == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
