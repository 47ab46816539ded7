"""What every store promises."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from qr_session import Code, SQLiteStore, State
from qr_session.errors import SessionUnknown, StoreAway
from qr_session.records import from_text, to_text
from qr_session.session import Secrets
from tests.fakes.clock import FakeClock
from tests.qr_session.patience import within
from tests.qr_session.racers import at_once
from tests.qr_session.scene import ALICE, Scene, make_session

FULL = make_session(
    state=State.CONFIRMED,
    seq=9,
    generation=3,
    hint=Code.CONFIRMED,
    progress="sealing",
    phone=ALICE,
    scanned_at=FakeClock().now(),
    reference_ok=True,
    named_signer=ALICE.account,
    refreshes=2,
    other_phones=1,
    user_codes=("d" * 22, "e" * 22),
    secrets=Secrets("a" * 64, "b" * 64, FakeClock().now(), "c" * 64, FakeClock().now()),
)


@pytest.mark.parametrize("session", [make_session(), FULL], ids=["new", "full"])
def test_a_session_survives_its_record(session):
    assert from_text(to_text(session)) == session


@pytest.mark.parametrize("session", [make_session(), FULL], ids=["new", "full"])
def test_what_was_added_is_got(store, session):
    store.add(session)
    assert store.get(session.id) == session


@pytest.mark.row("P-25")
def test_a_session_is_found_by_each_of_its_typed_codes(store):
    store.add(FULL)
    store.add(make_session("B" * 16))
    assert [store.by_user_code(code * 22) for code in "def"] == [FULL, FULL, None]
    moved = FULL.changed(progress="sealed")
    assert store.swap(FULL, moved)
    assert store.by_user_code("e" * 22) == moved


@pytest.mark.row("P-25")
def test_a_typed_code_is_forgotten_once_its_session_cannot_be_open(store):
    over = make_session("A" * 16, user_codes=("d" * 22,), ends_at=FakeClock().now())
    store.add(over)
    store.add(make_session("B" * 16, user_codes=("e" * 22,)))
    store.forget(over.ends_at)
    assert within(5, lambda: store.by_user_code("d" * 22) is None)
    assert store.get("A" * 16) == over
    assert store.by_user_code("e" * 22) is not None


def test_what_was_never_added_is_none(store):
    assert store.get("B" * 16) is None


def test_a_swap_replaces_the_whole_session(store):
    old = make_session()
    store.add(old)
    new = replace(FULL, id=old.id)
    assert store.swap(old, new)
    assert store.get(old.id) == new


@pytest.mark.parametrize("changes", [{"seq": 2}, {"state": State.SCANNED}])
def test_a_swap_from_another_state_or_seq_changes_nothing(store, changes):
    stored = make_session()
    store.add(stored)
    outdated = replace(stored, **changes)
    assert not store.swap(outdated, outdated.changed(progress="x"))
    assert store.get(stored.id) == stored


def test_a_swap_of_what_is_not_there_changes_nothing(store):
    session = make_session()
    assert not store.swap(session, session.changed())
    assert store.get(session.id) is None


@pytest.mark.parametrize("name", ["", "签" * 16, "\ud800" * 16, "A" * 100_000, "a\0b"])
def test_a_name_of_any_shape_is_simply_unknown(store, name):
    with pytest.raises(SessionUnknown):
        Scene(store=store).service.peek(name)


def test_the_past_is_forgotten_and_the_rest_stays(store):
    past = make_session("A" * 16, forget_at=FakeClock().now())
    store.add(past)
    store.add(make_session("B" * 16))
    store.forget(past.forget_at)
    assert within(5, lambda: store.get("A" * 16) is None)
    assert store.get("B" * 16) is not None


@pytest.mark.parametrize("store", ["memory", "sqlite"], indirect=True)
def test_a_sweep_forgets_at_the_very_moment_and_tells_how_many(store):
    now = make_session().created_at
    store.add(make_session("A" * 16, forget_at=now))
    store.add(make_session("B" * 16, forget_at=now + timedelta(microseconds=1)))
    assert store.forget(now) == 1
    assert store.get("A" * 16) is None
    assert store.get("B" * 16) is not None


def test_many_open_one_new_file_at_once(tmp_path):
    for number in range(20):
        path = tmp_path / f"{number}.sqlite3"
        for store in at_once(lambda _, path=path: SQLiteStore(path)):
            with closing(store):
                assert store.get("A" * 16) is None


def test_sessions_outlive_the_process_that_made_them(tmp_path):
    path = tmp_path / "qr.sqlite3"
    with SQLiteStore(path) as store:
        store.add(make_session())
    with SQLiteStore(path) as store:
        assert store.get("A" * 16) == make_session()


@pytest.mark.row("R-05", "S-51")
def test_a_file_that_is_full_is_a_store_that_is_away_and_keeps_what_it_has(tmp_path, caplog):
    with SQLiteStore(tmp_path / "qr.sqlite3") as store:
        kept = make_session()
        store.add(kept)
        store._connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StoreAway):
            store.add(make_session("B" * 16, subject="more than a page" * 1000))
        assert store.get(kept.id) == kept
        store._connection.execute("PRAGMA max_page_count = 10000")
        assert store.swap(kept, kept.changed(progress="sealed"))
    assert "full" in caplog.text
