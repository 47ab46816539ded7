"""The phone: who owns a scanned session, and the way from scanning to confirming."""

import pytest

from qr_session import Purpose
from qr_session.errors import (
    AlreadyConsumed,
    AlreadyScanned,
    LoginCodeRefused,
    ReferenceNeeded,
    SessionEnded,
    SessionExpired,
    SessionUnknown,
    TicketExpired,
    TicketRefused,
    WrongPurpose,
    WrongReference,
    WrongSigner,
    WrongState,
)
from tests.qr_session.scene import ALICE, BOB, BROWSER, Scene


@pytest.mark.row("S-05")
def test_the_first_phone_owns_the_session(scene):
    first, second = scene.ticket(), scene.ticket(holder="other")
    scene.service.scan(first, holder=BROWSER, phone=ALICE)
    with pytest.raises(AlreadyScanned):
        scene.service.scan(second, holder="other", phone=BOB)
    assert scene.service.view(scene.id, scene.page).masked_name == ALICE.name


def test_a_second_phone_does_not_even_learn_what_is_signed(scene):
    text = scene.text()
    scene.scan()
    with pytest.raises(AlreadyScanned):
        scene.service.resolve(text, holder=BOB.account)
    assert scene.service.resolve(text, holder=ALICE.account).subject == "task-7"


def test_the_same_phone_may_scan_again(scene):
    ticket = scene.ticket()
    first = scene.service.scan(ticket, holder=BROWSER, phone=ALICE)
    assert scene.service.scan(ticket, holder=BROWSER, phone=ALICE) == first


@pytest.mark.row("S-13")
def test_only_the_named_signer_may_scan():
    scene = Scene(named_signer=ALICE.account)
    with pytest.raises(WrongSigner):
        scene.scan(BOB)
    assert scene.state() == "pending"
    assert scene.scan(ALICE).state == "scanned"


def test_a_ticket_is_good_for_its_holder_only(scene):
    with pytest.raises(TicketRefused):
        scene.service.scan(scene.ticket(), holder="somebody else", phone=BOB)


def test_a_ticket_outlives_its_frame_by_three_minutes(scene):
    ticket = scene.ticket()
    scene.clock.advance(seconds=100)
    scene.service.refresh(scene.id, scene.page)
    scene.clock.advance(seconds=79)
    assert scene.service.scan(ticket, holder=BROWSER, phone=ALICE).state == "scanned"


def test_a_ticket_is_refused_after_three_minutes(scene):
    ticket = scene.ticket()
    scene.clock.advance(seconds=100)
    scene.service.refresh(scene.id, scene.page)
    scene.clock.advance(seconds=80)
    with pytest.raises(TicketExpired):
        scene.service.scan(ticket, holder=BROWSER, phone=ALICE)


@pytest.mark.row("S-07")
@pytest.mark.parametrize(
    "act",
    [
        lambda s, id_: s.as_phone(id_, BOB.account),
        lambda s, id_: s.extend(id_, BOB.account),
        lambda s, id_: s.reference_choices(id_, BOB.account),
        lambda s, id_: s.check_reference(id_, BOB.account, "10"),
        lambda s, id_: s.note_wrong_pin(id_, BOB.account),
        lambda s, id_: s.confirm(id_, BOB.account),
        lambda s, id_: s.decline(id_, BOB.account),
    ],
)
def test_a_phone_that_did_not_scan_can_do_nothing(scene, act):
    with pytest.raises(WrongState):
        act(scene.service, scene.id)
    scene.scan()
    before = scene.service.peek(scene.id)
    with pytest.raises(AlreadyScanned):
        act(scene.service, scene.id)
    assert scene.service.peek(scene.id) == before


@pytest.mark.row("S-08")
def test_no_phone_confirms_before_it_has_picked_the_reference_code(scene):
    scene.scan()
    with pytest.raises(ReferenceNeeded):
        scene.service.confirm(scene.id, ALICE.account)
    assert scene.state() == "scanned"


@pytest.mark.row("S-12")
def test_one_wrong_pick_ends_the_session(scene):
    scene.scan()
    right, wrong = scene.right_reference(), scene.wrong_reference()
    with pytest.raises(WrongReference):
        scene.service.check_reference(scene.id, ALICE.account, wrong)
    assert (scene.state(), scene.hint()) == ("failed", "wrong_reference")
    with pytest.raises(SessionEnded):
        scene.service.check_reference(scene.id, ALICE.account, right)


def test_three_different_codes_are_offered_in_an_order_that_stays():
    places = set()
    for _ in range(40):
        scene = Scene()
        scene.scan()
        three = scene.service.reference_choices(scene.id, ALICE.account)
        assert three == scene.service.reference_choices(scene.id, ALICE.account)
        assert len(set(three)) == 3
        assert all(len(code) == 2 and code.isdecimal() for code in three)
        places.add(three.index(scene.right_reference()))
    assert places == {0, 1, 2}


@pytest.mark.row("S-06")
def test_confirming_twice_is_confirming_once(scene):
    first = scene.confirm()
    assert scene.service.confirm(scene.id, ALICE.account) == first
    scene.service.consume(scene.id, scene.page)
    assert scene.service.confirm(scene.id, ALICE.account).state == "consumed"


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


def test_a_wrong_pin_is_told_and_the_state_stays(scene):
    scene.scan()
    scene.pick()
    before = scene.service.peek(scene.id).seq
    told = scene.service.note_wrong_pin(scene.id, ALICE.account)
    assert (told.state, told.hint, told.seq) == ("scanned", "pin_wrong", before + 1)
    assert scene.service.confirm(scene.id, ALICE.account).state == "confirmed"


def test_a_locked_pin_fails_the_session(scene):
    scene.scan()
    failed = scene.service.fail(scene.id, hint="pin_locked")
    assert (failed.status, failed.hint) == ("failed", "pin_locked")
    with pytest.raises(SessionEnded):
        scene.service.as_phone(scene.id, ALICE.account)


@pytest.mark.parametrize(
    ("not_mine", "hint"), [(False, "user_declined"), (True, "not_started_by_me")]
)
def test_declining_is_final_and_says_why(scene, not_mine, hint):
    scene.scan()
    scene.service.decline(scene.id, ALICE.account, not_started_by_me=not_mine)
    assert (scene.state(), scene.hint()) == ("declined", hint)
    with pytest.raises(SessionEnded):
        scene.service.confirm(scene.id, ALICE.account)


def test_the_application_cancels_with_its_reason_until_the_result_is_taken(scene):
    scene.confirm()
    assert scene.service.cancel(scene.id, hint="seal_suspended").hint == "seal_suspended"
    taken = Scene()
    taken.consume()
    with pytest.raises(AlreadyConsumed):
        taken.service.cancel(taken.id, hint="grant_revoked")


def test_progress_after_the_result_is_told_and_stays_readable(scene):
    with pytest.raises(WrongState):
        scene.service.annotate(scene.id, "sealing")
    taken = scene.consume()
    scene.clock.advance(minutes=29)
    assert scene.service.annotate(scene.id, "sealing").seq == taken.seq + 1
    scene.clock.advance(minutes=11)
    assert scene.service.annotate(scene.id, "sealed").state == "consumed"
    assert scene.service.view(scene.id, scene.page).progress == "sealed"
    scene.clock.advance(minutes=40)
    with pytest.raises(SessionUnknown):
        scene.service.annotate(scene.id, "archived")


def login_scene() -> tuple[Scene, str]:
    scene = Scene(purpose=Purpose.LOGIN)
    scene.confirm()
    return scene, scene.service.login_code(scene.id, scene.page)


def test_a_login_code_is_redeemed_once():
    scene, code = login_scene()
    assert scene.service.redeem_login_code(code).phone == ALICE
    assert scene.state() == "consumed"
    with pytest.raises(LoginCodeRefused):
        scene.service.redeem_login_code(code)


def test_a_login_code_lives_sixty_seconds():
    scene, code = login_scene()
    scene.clock.advance(seconds=59)
    newer, code_of_newer = login_scene()
    newer.clock.advance(seconds=60)
    assert scene.service.redeem_login_code(code).state == "consumed"
    with pytest.raises(LoginCodeRefused):
        newer.service.redeem_login_code(code_of_newer)


def test_a_login_code_made_late_still_lives_sixty_seconds():
    scene = Scene(purpose=Purpose.LOGIN)
    scene.confirm()
    scene.clock.advance(seconds=50)
    code = scene.service.login_code(scene.id, scene.page)
    scene.clock.advance(seconds=59)
    assert scene.service.redeem_login_code(code).state == "consumed"


def test_a_new_login_code_replaces_the_last():
    scene, code = login_scene()
    newer = scene.service.login_code(scene.id, scene.page)
    with pytest.raises(LoginCodeRefused):
        scene.service.redeem_login_code(code)
    assert scene.service.redeem_login_code(newer)


@pytest.mark.parametrize("code", ["", "x", "A" * 16, "A" * 59])
def test_a_login_code_of_any_shape_is_refused_quietly(scene, code):
    with pytest.raises(LoginCodeRefused):
        scene.service.redeem_login_code(code)
    with pytest.raises(LoginCodeRefused):
        scene.service.redeem_login_code(scene.id)


def test_login_and_signing_are_taken_each_in_its_own_way():
    scene, _ = login_scene()
    with pytest.raises(WrongPurpose):
        scene.service.consume(scene.id, scene.page)
    signing = Scene()
    signing.confirm()
    with pytest.raises(WrongPurpose):
        signing.service.login_code(signing.id, signing.page)
