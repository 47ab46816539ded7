"""The deadlines: each state has its end, and the whole session too."""

import pytest

from qr_session.errors import (
    SessionExpired,
    WrongState,
)
from tests.qr_session.scene import ALICE, BROWSER, Scene


@pytest.mark.row("S-04")
def test_a_pending_session_expires_after_120_seconds(scene):
    ticket = scene.ticket()
    scene.clock.advance(seconds=120)
    assert (scene.state(), scene.hint()) == ("expired", "expired_unscanned")
    with pytest.raises(SessionExpired):
        scene.service.scan(ticket, holder=BROWSER, phone=ALICE)


@pytest.mark.row("S-04")
def test_a_scan_that_is_not_confirmed_in_time_gives_the_code_back(scene):
    scene.scan()
    scene.clock.advance(seconds=180)
    seen = scene.service.view(scene.id, scene.page)
    assert (seen.state, seen.masked_name, seen.other_phones_left) == ("pending", None, 1)
    with pytest.raises(WrongState):
        scene.service.confirm(scene.id, ALICE.account)
    scene.clock.advance(seconds=120)
    with pytest.raises(SessionExpired):
        scene.service.confirm(scene.id, ALICE.account)


def test_the_third_scan_without_confirming_expires_the_session(scene):
    for _ in range(3):
        scene.scan()
        scene.clock.advance(seconds=180)
    assert (scene.state(), scene.hint()) == ("expired", "expired_unconfirmed")


def test_a_confirmation_is_taken_within_sixty_seconds_or_expires(scene):
    scene.confirm()
    scene.clock.advance(seconds=60)
    assert (scene.state(), scene.hint()) == ("expired", "expired_unconsumed")
    with pytest.raises(SessionExpired):
        scene.service.consume(scene.id, scene.page)


@pytest.mark.row("S-04")
def test_confirming_after_the_end_is_refused(scene):
    scene.scan()
    scene.pick()
    scene.clock.advance(seconds=301)
    with pytest.raises(SessionExpired):
        scene.service.confirm(scene.id, ALICE.account)
    assert scene.service.peek(scene.id).phone is None


def test_activity_on_the_preview_keeps_a_scan_for_at_most_300_seconds(scene):
    scene.scan()
    start = scene.clock.now()
    scene.clock.advance(seconds=170)
    assert (scene.service.extend(scene.id, ALICE.account).deadline - start).seconds == 300
    scene.clock.advance(seconds=129)
    scene.service.extend(scene.id, ALICE.account)
    assert scene.state() == "scanned"
    scene.clock.advance(seconds=1)
    assert scene.state() == "pending"


def test_no_session_outlives_fifteen_minutes(scene):
    start = scene.clock.now()
    for _ in range(4):
        scene.clock.advance(seconds=119)
        scene.service.refresh(scene.id, scene.page)
    for _ in range(2):
        scene.clock.advance(seconds=100)
        scene.scan()
        assert scene.service.peek(scene.id).deadline <= scene.service.peek(scene.id).ends_at
        scene.service.use_another_phone(scene.id, scene.page)
    scene.clock.advance(seconds=100)
    scene.scan()
    assert (scene.service.peek(scene.id).deadline - start).total_seconds() == 15 * 60
    scene.clock.advance(seconds=180)
    assert scene.state() == "expired"


def late_scan(scene: Scene) -> None:
    """A scan 14 min 50 s after creation."""
    for _ in range(4):
        scene.clock.advance(seconds=119)
        scene.service.refresh(scene.id, scene.page)
    for _ in range(2):
        scene.clock.advance(seconds=109)
        scene.scan()
        scene.clock.advance(seconds=80)
        scene.service.use_another_phone(scene.id, scene.page)
    scene.clock.advance(seconds=36)
    scene.scan()


def test_a_confirmation_near_the_end_does_not_outlive_the_session(scene):
    late_scan(scene)
    scene.pick()
    confirmed = scene.service.confirm(scene.id, ALICE.account)
    assert confirmed.deadline == confirmed.ends_at


def test_a_code_given_back_near_the_end_does_not_outlive_the_session(scene):
    for _ in range(4):
        scene.clock.advance(seconds=119)
        scene.service.refresh(scene.id, scene.page)
    for _ in range(2):
        scene.clock.advance(seconds=100)
        scene.scan()
        scene.clock.advance(seconds=110)
        scene.service.use_another_phone(scene.id, scene.page)
    session = scene.service.peek(scene.id)
    assert (session.state, session.deadline) == ("pending", session.ends_at)


def test_a_scan_that_lapses_at_the_end_of_the_session_gives_nothing_back(scene):
    for _ in range(4):
        scene.clock.advance(seconds=119)
        scene.service.refresh(scene.id, scene.page)
    scene.clock.advance(seconds=119)
    scene.scan()
    scene.clock.advance(seconds=180)
    scene.scan()
    scene.clock.advance(seconds=124)
    assert scene.state() == "scanned"
    scene.clock.advance(seconds=1)
    assert (scene.state(), scene.hint()) == ("expired", "expired_unconfirmed")


def test_a_moment_gained_on_the_preview_is_not_written(scene):
    scanned = scene.scan()
    scene.clock.advance(seconds=4)
    assert scene.service.extend(scene.id, ALICE.account) == scanned
    scene.clock.advance(seconds=1)
    assert scene.service.extend(scene.id, ALICE.account).seq == scanned.seq + 1


def test_an_expiry_is_written_when_a_move_touches_it(scene):
    ticket = scene.ticket()
    scene.clock.advance(seconds=120)
    with pytest.raises(SessionExpired):
        scene.service.scan(ticket, holder=BROWSER, phone=ALICE)
    assert scene.service.store.get(scene.id).state == "expired"
