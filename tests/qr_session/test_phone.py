"""The phone: who owns a scanned session, and the way from scanning to confirming."""

import pytest

from qr_session.errors import (
    AlreadyConsumed,
    AlreadyScanned,
    ReferenceNeeded,
    SessionEnded,
    SessionUnknown,
    TicketExpired,
    TicketRefused,
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


@pytest.mark.row("S-13")
def test_a_named_signer_may_be_meant_by_another_name_than_the_account():
    scene = Scene(named_signer="phone:17")
    with pytest.raises(WrongSigner):
        scene.service.scan(scene.ticket(), holder=BROWSER, phone=BOB, known_as={"phone:18"})
    names = {"phone:17", "person:4"}
    taken = scene.service.scan(scene.ticket(), holder=BROWSER, phone=ALICE, known_as=names)
    assert (taken.state, taken.phone) == ("scanned", ALICE)


@pytest.mark.row("S-13")
def test_the_page_is_told_once_that_somebody_else_has_tried_and_not_who():
    scene = Scene(named_signer=ALICE.account)
    before = scene.service.view(scene.id, scene.page)
    for _ in range(3):
        with pytest.raises(WrongSigner):
            scene.scan(BOB)
    view = scene.service.view(scene.id, scene.page)
    assert (view.state, view.hint, view.seq) == ("pending", "wrong_signer", before.seq + 1)
    assert (view.masked_name, view.expires_at) == (None, before.expires_at)
    assert scene.service.refresh(scene.id, scene.page).hint == "outstanding"


@pytest.mark.row("S-05", "S-13")
def test_somebody_else_comes_too_late_once_the_named_signer_has_scanned():
    scene = Scene(named_signer=ALICE.account)
    late = scene.ticket(holder="other")
    scene.scan(ALICE)
    with pytest.raises(AlreadyScanned):
        scene.service.scan(late, holder="other", phone=BOB)
    assert scene.hint() == "scanned"


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
