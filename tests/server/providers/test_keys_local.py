"""The local key holder: one key file, one count for all processes."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from server.providers.keys import KeysUnavailable, TooManyKeyCalls, UnwrapRefused
from server.providers.keys.local import LocalKeys


@pytest.mark.row("S-22")
def test_without_the_key_file_nothing_opens(tmp_path: Path, clock) -> None:
    first = LocalKeys(tmp_path, clock)
    wrapped, answer = first.wrap("grant", "g-1", b"secret"), first.hmac("pin", "acc-1")
    assert LocalKeys(tmp_path, clock).unwrap("grant", "g-1", wrapped) == b"secret"
    (tmp_path / "master.key").unlink()
    thief = LocalKeys(tmp_path, clock)
    assert thief.hmac("pin", "acc-1") != answer
    with pytest.raises(UnwrapRefused):
        thief.unwrap("grant", "g-1", wrapped)


@pytest.mark.row("S-50")
def test_the_limit_holds_over_processes_and_restarts(tmp_path: Path, clock) -> None:
    first, second = (LocalKeys(tmp_path, clock, calls_per_minute=4) for _ in range(2))
    for keys in (first, second, first, second):
        keys.hmac("pin", "acc-1")
    for keys in (first, second, LocalKeys(tmp_path, clock, calls_per_minute=4)):
        with pytest.raises(TooManyKeyCalls):
            keys.hmac("pin", "acc-1")


@pytest.mark.row("S-51")
def test_without_the_counter_no_call_is_answered(tmp_path: Path, clock) -> None:
    keys = LocalKeys(tmp_path, clock)
    (tmp_path / "calls.sqlite3").unlink()
    (tmp_path / "calls.sqlite3").mkdir()
    with pytest.raises(KeysUnavailable):
        keys.hmac("pin", "acc-1")


def test_the_counter_does_not_keep_what_is_over(tmp_path: Path, clock) -> None:
    keys = LocalKeys(tmp_path, clock, calls_per_minute=1)
    for number in range(3):
        keys.hmac("pin", f"acc-{number}")
        clock.advance(minutes=1)
    with closing(sqlite3.connect(tmp_path / "calls.sqlite3")) as db:
        rows = db.execute("SELECT subject FROM calls").fetchall()
    assert rows == [("acc-2",)]
