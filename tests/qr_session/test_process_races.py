"""Of sixteen processes that move one session at once exactly one wins, on every shared store."""

import multiprocessing
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Barrier

import pytest

from qr_session import Code, Phone, Purpose, QrSessionError, QrSessionService, SQLiteStore
from qr_session.redis_store import RedisStore
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import ALICE, BROWSER, Scene, make_service

RACERS = 16
ROUNDS = 100
WAIT_SECONDS = 60

Act = Callable[[QrSessionService, "Round", int], object]
OpenStore = partial[SQLiteStore] | partial[RedisStore]


@dataclass(frozen=True)
class Round:
    """One session at its start; `held` is the token, ticket or code that all racers have."""

    move: str
    session_id: str
    held: str = ""


# Of these one racer gets its wish and the others an error.
ONCE: dict[str, Act] = {
    "scan": lambda service, round_, racer: service.scan(
        round_.held, holder=BROWSER, phone=Phone(account=f"acc-{racer}", name="某*")
    ),
    "open_page": lambda service, round_, _: service.open_page(round_.session_id, round_.held),
    "consume": lambda service, round_, _: service.consume(round_.session_id, round_.held),
    "redeem": lambda service, round_, _: service.redeem_login_code(round_.held),
    "another_phone": lambda service, round_, _: service.use_another_phone(
        round_.session_id, round_.held
    ),
}
# These may be repeated: every racer is content, and the session moves once.
REPEATABLE: dict[str, Act] = {
    "confirm": lambda service, round_, _: service.confirm(round_.session_id, ALICE.account),
    "decline": lambda service, round_, _: service.decline(round_.session_id, ALICE.account),
    "cancel": lambda service, round_, _: service.cancel(round_.session_id, hint=Code.GRANT_REVOKED),
    "cancel_by_page": lambda service, round_, _: service.cancel_by_page(
        round_.session_id, round_.held
    ),
    "fail": lambda service, round_, _: service.fail(round_.session_id, hint=Code.PIN_LOCKED),
    "annotate": lambda service, round_, _: service.annotate(round_.session_id, "sealed"),
}
MOVES = ONCE | REPEATABLE


def prepared(scene: Scene, move: str) -> Round:
    """The scene brought to where the move is possible."""
    held = scene.page
    if move == "scan":
        held = scene.ticket()
    elif move == "open_page":
        held = scene.service.new_open_token(scene.id)
    elif move in ("consume", "redeem"):
        scene.confirm()
    elif move == "annotate":
        scene.consume()
    else:
        scene.scan()
        scene.pick()
    if move == "redeem":
        held = scene.service.login_code(scene.id, scene.page)
    return Round(move, scene.id, held)


def run_a_racer(
    racer: int,
    open_store: OpenStore,
    rounds: list[Round],
    gate: Barrier,
    content: "SynchronizedArray[int]",
) -> None:
    with closing(open_store()) as store:
        service = make_service(store, FakeClock())
        for number, round_ in enumerate(rounds):
            gate.wait(WAIT_SECONDS)
            try:
                MOVES[round_.move](service, round_, racer)
            except QrSessionError:
                continue
            with content.get_lock():
                content[number] += 1


def race(open_store: OpenStore, rounds: list[Round]) -> list[int]:
    """How many of sixteen processes were content in each round."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    gate, content = server.Barrier(RACERS), server.Array("i", len(rounds))
    racers = [
        server.Process(target=run_a_racer, args=(number, open_store, rounds, gate, content))
        for number in range(RACERS)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(WAIT_SECONDS)
    assert [racer.exitcode for racer in racers] == [0] * RACERS
    return list(content)


@pytest.fixture(params=["sqlite", "redis"])
def open_store(request, tmp_path) -> OpenStore:
    """How each process opens the store for itself."""
    if request.param == "sqlite":
        return partial(SQLiteStore, tmp_path / "qr.sqlite3")
    return partial(RedisStore, request.getfixturevalue("redis_url"), clock=FakeClock())


@pytest.mark.row("S-05", "S-06", "R-13")
def test_of_sixteen_processes_exactly_one_makes_each_move(open_store):
    with closing(open_store()) as store:
        scenes = [
            (Scene(store=store, purpose=Purpose.LOGIN if move == "redeem" else Purpose.SIGN), move)
            for move in MOVES
            for _ in range(ROUNDS)
        ]
        rounds = [prepared(scene, move) for scene, move in scenes]
        before = [scene.service.peek(scene.id).seq for scene, _ in scenes]
        content = race(open_store, rounds)
        assert content == [1 if move in ONCE else RACERS for _, move in scenes]
        after = [scene.service.peek(scene.id).seq for scene, _ in scenes]
        assert after == [seq + 1 for seq in before]
