"""The page: how it comes to its token, what it sees, refreshes, takes back and cancels."""

import pytest

from qr_session import Purpose, keys
from qr_session.errors import (
    AlreadyConsumed,
    AuthorizationPending,
    NoRefreshesLeft,
    OpenTokenExpired,
    OpenTokenRefused,
    PageTokenRefused,
    SessionEnded,
    SessionExpired,
    SessionUnknown,
    SlowDown,
    TicketExpired,
    TicketRefused,
    WrongState,
)
from tests.qr_session.scene import ALICE, BOB, BROWSER, Scene, make_service


def test_an_open_token_opens_once(scene):
    created = scene.service.create(purpose=Purpose.SIGN, subject="task-8")
    assert scene.service.open_page(created.id, created.open_token)
    with pytest.raises(OpenTokenRefused):
        scene.service.open_page(created.id, created.open_token)


def test_an_open_token_is_refused_after_120_seconds(scene):
    created = scene.service.create(purpose=Purpose.SIGN, subject="task-8")
    scene.clock.advance(seconds=120)
    with pytest.raises(OpenTokenExpired):
        scene.service.open_page(created.id, created.open_token)


def test_a_wrong_or_empty_open_token_opens_nothing(scene):
    created = scene.service.create(purpose=Purpose.SIGN, subject="task-8")
    for token in ("", "x", created.id, "\ud800"):
        with pytest.raises(OpenTokenRefused):
            scene.service.open_page(created.id, token)


def test_a_replayed_creation_gives_a_new_open_token_and_the_old_one_dies(scene):
    created = scene.service.create(purpose=Purpose.SIGN, subject="task-8")
    newer = scene.service.new_open_token(created.id)
    with pytest.raises(OpenTokenRefused):
        scene.service.open_page(created.id, created.open_token)
    assert scene.service.open_page(created.id, newer)


def test_opening_again_takes_the_session_from_the_older_browser(scene):
    newer = scene.service.open_page(scene.id, scene.service.new_open_token(scene.id))
    assert scene.service.view(scene.id, newer).state == "pending"
    with pytest.raises(PageTokenRefused):
        scene.service.view(scene.id, scene.page)


def test_a_browser_keeps_its_token_for_a_new_session_of_the_same_subject(scene):
    again = scene.service.create(purpose=Purpose.SIGN, subject="task-7", page_token=scene.page)
    assert again.open_token is None
    assert scene.service.view(again.id, scene.page).id == again.id
    assert scene.page not in repr(scene.service.peek(again.id).secrets)


def test_an_empty_page_token_binds_nobody(scene):
    created = scene.service.create(purpose=Purpose.SIGN, subject="task-8", page_token="")
    with pytest.raises(PageTokenRefused):
        scene.service.view(created.id, "")
    assert created.open_token


@pytest.mark.row("S-02", "S-10")
@pytest.mark.parametrize(
    "act",
    [
        lambda s, id_, token: s.view(id_, token),
        lambda s, id_, token: s.wait(id_, token, after=0, seconds=0),
        lambda s, id_, token: s.frames(id_, token),
        lambda s, id_, token: s.watch_ticket(id_, token),
        lambda s, id_, token: s.refresh(id_, token),
        lambda s, id_, token: s.use_another_phone(id_, token),
        lambda s, id_, token: s.cancel_by_page(id_, token),
        lambda s, id_, token: s.consume(id_, token),
        lambda s, id_, token: s.login_code(id_, token),
    ],
)
def test_the_page_token_of_another_session_and_the_code_itself_give_nothing(scene, act):
    stranger = Scene().page
    before = scene.service.peek(scene.id)
    for token in (stranger, scene.id, scene.text(), "", "签"):
        with pytest.raises(PageTokenRefused):
            act(scene.service, scene.id, token)
    assert scene.service.peek(scene.id) == before


def test_stored_secrets_are_hashes(scene):
    stored = scene.service.peek(scene.id).secrets
    assert stored.page == keys.hashed(scene.page)
    assert len(stored.page) == 64


def test_the_view_shows_the_name_from_scanning_on_and_the_reference_only_while_it_is_picked(scene):
    seen = scene.service.view(scene.id, scene.page)
    assert (seen.masked_name, seen.reference_code) == (None, None)
    scene.scan()
    seen = scene.service.view(scene.id, scene.page)
    assert seen.masked_name == ALICE.name
    assert len(seen.reference_code) == 2
    assert ALICE.account not in str(seen.as_dict())
    scene.pick()
    seen = scene.service.view(scene.id, scene.page)
    assert seen.reference_code is None
    assert seen.hint == "enter_pin"


def test_the_page_refreshes_four_times(scene):
    for left in (3, 2, 1, 0):
        scene.clock.advance(seconds=119)
        assert scene.service.refresh(scene.id, scene.page).refreshes_left == left
    with pytest.raises(NoRefreshesLeft):
        scene.service.refresh(scene.id, scene.page)


def test_a_refresh_after_the_deadline_comes_too_late(scene):
    scene.clock.advance(seconds=120)
    with pytest.raises(SessionExpired) as caught:
        scene.service.refresh(scene.id, scene.page)
    assert caught.value.hint == "expired_unscanned"
    assert caught.value.next_step[0] == "刷新二维码"


def test_nothing_refreshes_a_scanned_session(scene):
    scene.scan()
    with pytest.raises(WrongState):
        scene.service.refresh(scene.id, scene.page)


def test_another_phone_may_take_over_twice_then_the_session_expires(scene):
    for left in (1, 0):
        scene.scan()
        seen = scene.service.use_another_phone(scene.id, scene.page)
        assert (seen.state, seen.other_phones_left, seen.masked_name) == ("pending", left, None)
    scene.scan(BOB)
    seen = scene.service.use_another_phone(scene.id, scene.page)
    assert (seen.status, seen.hint) == ("failed", "expired_unconfirmed")


def test_a_phone_that_was_sent_away_must_scan_again(scene):
    ticket = scene.ticket()
    scene.service.scan(ticket, holder=BROWSER, phone=BOB)
    scene.service.use_another_phone(scene.id, scene.page)
    with pytest.raises(TicketExpired):
        scene.service.scan(ticket, holder=BROWSER, phone=BOB)
    assert scene.scan(ALICE).phone == ALICE


def test_the_reference_code_is_another_for_another_phone(scene):
    picked = set()
    for _ in range(3):
        scene.scan()
        picked.add(tuple(scene.service.reference_choices(scene.id, ALICE.account)))
        scene.service.use_another_phone(scene.id, scene.page)
    assert len(picked) == 3


def test_a_refresh_between_resolving_and_scanning_does_not_lose_the_scan(scene):
    ticket = scene.ticket()
    scene.service.refresh(scene.id, scene.page)
    assert scene.service.scan(ticket, holder=BROWSER, phone=ALICE).state == "scanned"


@pytest.mark.row("S-09")
def test_cancelling_is_final(scene):
    scene.scan()
    scene.pick()
    assert scene.service.cancel_by_page(scene.id, scene.page).state == "cancelled"
    for act in (
        lambda: scene.service.confirm(scene.id, ALICE.account),
        lambda: scene.service.consume(scene.id, scene.page),
        lambda: scene.service.use_another_phone(scene.id, scene.page),
    ):
        with pytest.raises(SessionEnded) as caught:
            act()
        assert caught.value.code == "access_denied"
        assert caught.value.hint == "cancelled_by_page"
    assert scene.service.cancel_by_page(scene.id, scene.page).state == "cancelled"


@pytest.mark.row("S-08")
def test_a_result_cannot_be_taken_before_the_phone_confirmed(scene):
    with pytest.raises(AuthorizationPending):
        scene.service.consume(scene.id, scene.page)
    scene.scan()
    with pytest.raises(AuthorizationPending):
        scene.service.consume(scene.id, scene.page)


def test_a_result_is_taken_once(scene):
    assert scene.consume().state == "consumed"
    with pytest.raises(AlreadyConsumed):
        scene.service.consume(scene.id, scene.page)


def test_a_page_that_reconnects_learns_the_end_for_ten_minutes(scene):
    scene.service.cancel_by_page(scene.id, scene.page)
    scene.clock.advance(seconds=599)
    assert scene.service.view(scene.id, scene.page).state == "cancelled"
    scene.clock.advance(seconds=1)
    with pytest.raises(SessionUnknown):
        scene.service.view(scene.id, scene.page)


def test_a_page_that_missed_everything_gets_the_end_at_once(scene):
    seq = scene.service.view(scene.id, scene.page).seq
    scene.consume()
    seen = scene.service.wait(scene.id, scene.page, after=seq, seconds=25)
    assert (seen.status, seen.state) == ("complete", "consumed")
    assert seen.seq > seq


def test_polling_too_fast_is_slowed_down_and_a_pause_helps(scene):
    for _ in range(10):
        scene.service.wait(scene.id, scene.page, after=0, seconds=0)
    with pytest.raises(SlowDown):
        scene.service.wait(scene.id, scene.page, after=0, seconds=0)
    scene.clock.advance(seconds=1)
    assert scene.service.wait(scene.id, scene.page, after=0, seconds=0)


def test_a_watch_ticket_proves_the_page_for_sixty_seconds(scene):
    ticket = scene.service.watch_ticket(scene.id, scene.page)
    assert scene.page not in ticket
    assert scene.service.watch(ticket).session_id == scene.id
    scene.clock.advance(seconds=60)
    with pytest.raises(TicketExpired):
        scene.service.watch(ticket)


@pytest.mark.row("S-19")
def test_a_watch_ticket_is_good_in_the_browser_that_it_was_given_to(scene):
    bound = scene.service.watch_ticket(scene.id, scene.page, holder=BROWSER)
    assert scene.service.watch(bound, holder=BROWSER).session_id == scene.id
    for other in ("another browser", ""):
        with pytest.raises(TicketRefused):
            scene.service.watch(bound, holder=other)
    free = scene.service.watch_ticket(scene.id, scene.page)
    assert scene.service.watch(free, holder="another browser").session_id == scene.id


def test_a_ticket_of_one_kind_is_no_ticket_of_another(scene):
    with pytest.raises(TicketRefused):
        scene.service.watch(scene.ticket(holder=""))
    with pytest.raises(TicketRefused):
        scene.service.scan(scene.service.watch_ticket(scene.id, scene.page), holder="", phone=ALICE)


@pytest.mark.parametrize("ticket", ["", ".", "a.b.c", "签.1.x", "\ud800"])
def test_a_ticket_of_any_shape_is_refused_quietly(scene, ticket):
    with pytest.raises(TicketRefused):
        scene.service.watch(ticket)


def test_a_watcher_loses_the_session_with_its_browser(scene):
    watch = scene.service.watch(scene.service.watch_ticket(scene.id, scene.page))
    assert scene.service.snapshot(watch).id == scene.id
    assert scene.service.frames_for(watch)
    scene.service.open_page(scene.id, scene.service.new_open_token(scene.id))
    with pytest.raises(PageTokenRefused):
        scene.service.snapshot(watch)
    with pytest.raises(PageTokenRefused):
        scene.service.frames_for(watch)


def test_sessions_past_their_readable_time_are_swept_and_others_stay():
    scene = Scene()
    scene.service.cancel_by_page(scene.id, scene.page)
    scene.clock.advance(minutes=10)
    young = scene.service.create(purpose=Purpose.SIGN, subject="task-9")
    assert scene.service.sweep() == 1
    assert scene.service.peek(young.id)


def test_an_unknown_session_is_unknown_to_all():
    with pytest.raises(SessionUnknown):
        make_service().view("A" * 16, "x")
