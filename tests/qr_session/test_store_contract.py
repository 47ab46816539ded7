"""What every store promises, and that of many who move at once exactly one wins."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from qr_session import (
    Code,
    MemoryStore,
    Phone,
    Purpose,
    QrSession,
    QrSessionError,
    SQLiteStore,
    State,
)
from qr_session.errors import SessionUnknown
from qr_session.records import from_text, to_text
from qr_session.session import Secrets
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import ALICE, BROWSER, Scene

THREADS = 16
ROUNDS = 20


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryStore()
        return
    with SQLiteStore(tmp_path / "qr.sqlite3") as opened:
        yield opened


def make_session(session_id: str = "A" * 16, **changes) -> QrSession:
    now = FakeClock().now() + timedelta(microseconds=123_457)
    start = QrSession(
        id=session_id,
        purpose=Purpose.SIGN,
        subject="签署任务 7",
        created_at=now,
        deadline=now + timedelta(seconds=120),
        ends_at=now + timedelta(minutes=15),
        forget_at=now + timedelta(minutes=25),
    )
    return replace(start, **changes)


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
    secrets=Secrets("a" * 64, "b" * 64, FakeClock().now(), "c" * 64, FakeClock().now()),
)


@pytest.mark.parametrize("session", [make_session(), FULL], ids=["new", "full"])
def test_a_session_survives_its_record(session):
    assert from_text(to_text(session)) == session


@pytest.mark.parametrize("session", [make_session(), FULL], ids=["new", "full"])
def test_what_was_added_is_got(store, session):
    store.add(session)
    assert store.get(session.id) == session


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
    now = make_session().created_at
    store.add(make_session("A" * 16, forget_at=now))
    store.add(make_session("B" * 16, forget_at=now + timedelta(microseconds=1)))
    assert store.forget(now) == 1
    assert store.get("A" * 16) is None
    assert store.get("B" * 16) is not None


def at_once(act) -> list:
    """What 16 threads get that all begin at the same moment; errors are returned."""
    barrier = Barrier(THREADS)

    def run(number: int):
        barrier.wait()
        try:
            return act(number)
        except QrSessionError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_of_sixteen_swaps_from_one_state_exactly_one_wins(store):
    for number in range(ROUNDS):
        old = make_session(f"{number:016}")
        store.add(old)
        won = at_once(lambda thread, old=old: store.swap(old, old.changed(progress=str(thread))))
        assert won.count(True) == 1
        assert store.get(old.id).progress == str(won.index(True))


def race_scan(scene: Scene):
    ticket = scene.ticket()
    return lambda number: scene.service.scan(
        ticket, holder=BROWSER, phone=Phone(account=f"acc-{number}", name="某*")
    )


def race_open(scene: Scene):
    token = scene.service.new_open_token(scene.id)
    return lambda _: scene.service.open_page(scene.id, token)


def race_consume(scene: Scene):
    scene.confirm()
    return lambda _: scene.service.consume(scene.id, scene.page)


@pytest.mark.row("S-05", "S-06")
@pytest.mark.parametrize("race", [race_scan, race_open, race_consume])
def test_of_sixteen_who_race_for_a_move_exactly_one_wins(store, race):
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        got = at_once(race(scene))
        assert sum(not isinstance(answer, QrSessionError) for answer in got) == 1


def test_of_sixteen_redeeming_a_login_exactly_one_wins(store):
    for _ in range(ROUNDS):
        scene = Scene(store=store, purpose=Purpose.LOGIN)
        scene.confirm()
        code = scene.service.login_code(scene.id, scene.page)
        got = at_once(lambda _, scene=scene, code=code: scene.service.redeem_login_code(code))
        assert sum(isinstance(answer, QrSession) for answer in got) == 1


def scanned(scene: Scene) -> None:
    scene.scan()
    scene.pick()


REPEATABLE = {
    "confirm": (scanned, lambda s, id_, _: s.confirm(id_, ALICE.account)),
    "decline": (scanned, lambda s, id_, _: s.decline(id_, ALICE.account)),
    "cancel": (scanned, lambda s, id_, _: s.cancel(id_, hint=Code.GRANT_REVOKED)),
    "cancel by the page": (scanned, lambda s, id_, page: s.cancel_by_page(id_, page)),
    "fail": (scanned, lambda s, id_, _: s.fail(id_, hint=Code.PIN_LOCKED)),
    "annotate": (Scene.consume, lambda s, id_, _: s.annotate(id_, "sealed")),
}


@pytest.mark.row("S-06")
@pytest.mark.parametrize("name", REPEATABLE)
def test_a_move_that_sixteen_repeat_at_once_happens_once(store, name):
    prepare, act = REPEATABLE[name]
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        prepare(scene)
        before = scene.service.peek(scene.id).seq
        got = at_once(lambda _, scene=scene: act(scene.service, scene.id, scene.page))
        assert not [answer for answer in got if isinstance(answer, QrSessionError)]
        assert scene.service.peek(scene.id).seq == before + 1


def test_a_phone_that_confirms_while_others_cancel_and_decline_leaves_one_outcome(store):
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        scanned(scene)
        acts = [
            lambda scene=scene: scene.service.confirm(scene.id, ALICE.account),
            lambda scene=scene: scene.service.cancel(scene.id, hint=Code.SEAL_SUSPENDED),
            lambda scene=scene: scene.service.decline(scene.id, ALICE.account),
        ]
        at_once(lambda number, acts=acts: acts[number % 3]())
        assert scene.state() in ("cancelled", "declined")
        assert scene.service.peek(scene.id).seq <= 6


def race_from_a_process(path: Path, barrier, won) -> None:
    with SQLiteStore(path) as store:
        for number in range(ROUNDS):
            old = store.get(f"{number:016}")
            barrier.wait()
            if old is not None and store.swap(old, old.changed()):
                with won.get_lock():
                    won.value += 1


def test_of_several_processes_on_one_file_exactly_one_wins_each_round(tmp_path):
    path = tmp_path / "qr.sqlite3"
    with SQLiteStore(path) as store:
        for number in range(ROUNDS):
            store.add(make_session(f"{number:016}"))
    spawn = multiprocessing.get_context("spawn")
    barrier, won = spawn.Barrier(3), spawn.Value("i", 0)
    processes = [
        spawn.Process(target=race_from_a_process, args=(path, barrier, won)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert won.value == ROUNDS


def test_many_open_one_new_file_at_once(tmp_path):
    for number in range(ROUNDS):
        opened = at_once(lambda _, number=number: SQLiteStore(tmp_path / f"{number}.sqlite3"))
        for store in opened:
            with closing(store):
                assert store.get("A" * 16) is None


def test_sessions_outlive_the_process_that_made_them(tmp_path):
    path = tmp_path / "qr.sqlite3"
    with SQLiteStore(path) as store:
        store.add(make_session())
    with SQLiteStore(path) as store:
        assert store.get("A" * 16) == make_session()
