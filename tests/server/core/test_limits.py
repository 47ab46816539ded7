"""Counted attempts: exact among many at once, kept over rollbacks and restarts."""

from datetime import timedelta

import pytest

from server.core.db import Database
from server.core.limits import (
    Locked,
    LockPolicy,
    forgive,
    give_back,
    lock_seconds,
    take_attempt,
    take_attempts,
)
from tests.fakes.clock import FakeClock
from tests.fakes.threads import together
from tests.fakes.trouble import Broken, abandon

POLICY = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))
KEY = "pin:acc-1"


def attempt(db: Database, times: int = 1) -> list[int]:
    return [take_attempt(db, KEY, POLICY) for _ in range(times)]


def seconds(db: Database) -> int:
    with db.read() as uow:
        return lock_seconds(uow, KEY)


@pytest.mark.row("S-21")
def test_five_tries_count_down_to_nothing(db: Database) -> None:
    assert attempt(db, 5) == [4, 3, 2, 1, 0]
    with pytest.raises(Locked) as locked:
        attempt(db)
    assert locked.value.details == {"retry_after": 15 * 60}


@pytest.mark.row("S-21")
def test_the_first_lock_lasts_15_minutes_and_each_later_one_a_day(
    db: Database, clock: FakeClock
) -> None:
    for lock in (timedelta(minutes=15), timedelta(hours=24), timedelta(hours=24)):
        assert attempt(db, 5)[-1] == 0
        assert seconds(db) == lock.total_seconds()
        clock.advance(seconds=lock.total_seconds() - 1)
        with pytest.raises(Locked):
            attempt(db)
        clock.advance(seconds=1)
        assert seconds(db) == 0


def test_a_try_at_a_locked_door_does_not_lengthen_the_lock(db: Database, clock: FakeClock) -> None:
    attempt(db, 5)
    clock.advance(minutes=14)
    with pytest.raises(Locked):
        attempt(db)
    assert seconds(db) == 60


@pytest.mark.row("S-21")
def test_success_forgets_the_tries_and_the_locks(db: Database, clock: FakeClock) -> None:
    attempt(db, 5)
    clock.advance(minutes=15)
    attempt(db, 2)
    forgive(db, KEY)
    assert attempt(db, 5) == [4, 3, 2, 1, 0]
    assert seconds(db) == 15 * 60


def test_one_persons_tries_are_not_anothers(db: Database) -> None:
    attempt(db, 5)
    assert take_attempt(db, "pin:acc-2", POLICY) == 4


@pytest.mark.row("S-21")
def test_of_ten_at_once_after_four_only_one_is_let_in(db: Database) -> None:
    attempt(db, 4)
    outcomes = together([lambda: attempt(db)] * 10)
    assert [one for one in outcomes if not isinstance(one, Locked)] == [[0]]


@pytest.mark.row("S-21")
def test_of_ten_at_once_from_nothing_five_are_let_in(db: Database) -> None:
    outcomes = together([lambda: take_attempt(db, KEY, POLICY)] * 10)
    let_in = sorted(one for one in outcomes if not isinstance(one, Locked))
    assert let_in == [0, 1, 2, 3, 4]


def test_a_caller_that_rolls_back_cannot_give_the_try_back(db: Database) -> None:
    attempt(db)
    with pytest.raises(Broken):
        abandon(db, lambda _uow: None)
    assert attempt(db) == [3]


@pytest.mark.row("S-50")
def test_the_count_and_the_lock_outlive_the_process(
    db: Database, url: str, clock: FakeClock
) -> None:
    attempt(db, 4)
    db.close()
    other = Database(url, clock)
    assert attempt(other) == [0]
    other.close()
    with pytest.raises(Locked):
        attempt(db)


def test_tries_under_several_keys_count_together_and_while_one_is_locked_none_does(
    db: Database,
) -> None:
    attempt(db, 4)
    take_attempts(db, {KEY: POLICY, "other": POLICY})
    for _ in range(2):
        with pytest.raises(Locked) as locked:
            take_attempts(db, {KEY: POLICY, "other": POLICY})
        assert locked.value.details == {"retry_after": 15 * 60}
    assert take_attempt(db, "other", POLICY) == 3


def test_a_right_try_is_given_back_and_the_wrong_ones_before_it_stay(db: Database) -> None:
    attempt(db, 5)
    give_back(db, [KEY, "never tried"])
    assert seconds(db) == 0
    assert attempt(db) == [0]
    assert seconds(db) == 15 * 60


def test_a_lock_that_was_given_back_does_not_lengthen_the_next(
    db: Database, clock: FakeClock
) -> None:
    attempt(db, 5)
    give_back(db, [KEY])
    attempt(db)
    assert seconds(db) == 15 * 60
    clock.advance(minutes=15)
    attempt(db, 5)
    assert seconds(db) == 24 * 60 * 60


@pytest.mark.row("S-50")
def test_counts_under_several_keys_are_exact_among_many_at_once(db: Database) -> None:
    """In whichever order the keys are named, nobody waits for somebody who waits for him."""
    named = [{KEY: POLICY, "other": POLICY}, {"other": POLICY, KEY: POLICY}] * 6
    outcomes = together([lambda keys=keys: take_attempts(db, keys) for keys in named])
    assert sum(one is None for one in outcomes) == 5
    assert sum(isinstance(one, Locked) for one in outcomes) == 7
