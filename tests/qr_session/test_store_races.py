"""Of many threads that move one session at once exactly one wins, on every store."""

import pytest

from qr_session import Code, Lives, Phone, Purpose, QrSession, QrSessionError
from qr_session.errors import SessionExpired
from tests.qr_session.racers import at_once
from tests.qr_session.scene import ALICE, BROWSER, Scene, make_session

ROUNDS = 100
LIVES = Lives()


@pytest.mark.row("R-13")
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


def race_another_phone(scene: Scene):
    scene.scan()
    return lambda _: scene.service.use_another_phone(scene.id, scene.page)


@pytest.mark.row("S-05", "S-06", "R-13")
@pytest.mark.parametrize("race", [race_scan, race_open, race_consume, race_another_phone])
def test_of_sixteen_who_race_for_a_move_exactly_one_wins(store, race):
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        got = at_once(race(scene))
        assert sum(not isinstance(answer, QrSessionError) for answer in got) == 1


@pytest.mark.row("S-06", "R-13")
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


@pytest.mark.row("S-06", "R-13")
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


@pytest.mark.row("R-13")
def test_sixteen_who_refresh_at_once_use_up_no_more_than_there_are(store):
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        got = at_once(lambda _, scene=scene: scene.service.refresh(scene.id, scene.page))
        assert sum(not isinstance(answer, QrSessionError) for answer in got) == LIVES.refreshes
        assert scene.service.peek(scene.id).generation == LIVES.refreshes


@pytest.mark.row("R-13", "S-04")
def test_of_sixteen_who_come_too_late_one_writes_the_end(store):
    for _ in range(ROUNDS):
        scene = Scene(store=store)
        ticket, before = scene.ticket(), store.get(scene.id).seq
        scene.clock.advance(seconds=LIVES.pending.total_seconds())
        late = at_once(
            lambda _, scene=scene, ticket=ticket: scene.service.scan(
                ticket, holder=BROWSER, phone=ALICE
            )
        )
        assert all(isinstance(answer, SessionExpired) for answer in late)
        assert (store.get(scene.id).state, store.get(scene.id).seq) == ("expired", before + 1)


@pytest.mark.row("R-13", "S-09")
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
