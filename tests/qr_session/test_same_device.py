"""The page's own browser in the phone's place: what its proof is worth, where, and how long."""

import pytest

from qr_session import Purpose
from qr_session.errors import (
    AlreadyScanned,
    FrameStale,
    PageTokenRefused,
    ReferenceNeeded,
    SessionExpired,
    TicketExpired,
    TicketRefused,
    UserCodeRefused,
    WrongState,
)
from tests.qr_session.scene import ALICE, BOB, BROWSER, Scene, make_service


def take(scene, holder=BROWSER):
    return scene.service.take_on_this_device(scene.id, scene.page, holder=holder)


def scan_here(scene, phone=ALICE):
    here = take(scene)
    scene.service.scan(here.ticket, holder=BROWSER, phone=phone)
    return here


def accept(scene, proof, *, account=ALICE.account, holder=BROWSER):
    return scene.service.accept_page_browser(scene.id, account, proof, holder=holder)


@pytest.mark.row("P-24")
def test_the_pages_own_browser_scans_and_confirms_without_a_reference_code(scene):
    here = scan_here(scene)
    with pytest.raises(ReferenceNeeded):
        scene.service.confirm(scene.id, ALICE.account)
    accept(scene, here.proof)
    assert scene.service.confirm(scene.id, ALICE.account).state == "confirmed"
    assert scene.service.consume(scene.id, scene.page).state == "consumed"


@pytest.mark.row("P-24", "S-10")
def test_only_the_holder_of_the_page_token_gets_a_proof(scene):
    before = scene.service.peek(scene.id)
    with pytest.raises(PageTokenRefused):
        scene.service.take_on_this_device(scene.id, "guessed", holder=BROWSER)
    assert scene.service.peek(scene.id) == before


@pytest.mark.row("P-24", "S-12")
def test_a_proof_is_worth_nothing_in_another_browser(scene):
    here = scan_here(scene)
    with pytest.raises(TicketRefused):
        accept(scene, here.proof, holder="another browser")
    assert scene.service.page_of_this_browser(scene.id, here.proof, holder="another") is None
    assert scene.service.page_of_this_browser(scene.id, here.proof, holder=BROWSER) == "task-7"
    assert not scene.service.peek(scene.id).reference_ok


@pytest.mark.row("P-24", "S-12")
def test_a_scan_alone_proves_no_page(scene):
    """The ticket of a link that was passed on is of another kind than the proof."""
    ticket = scene.ticket()
    scene.service.scan(ticket, holder=BROWSER, phone=ALICE)
    for worthless in ("", ticket, "x.y.1.z", ticket.replace(".", "..")):
        with pytest.raises(TicketRefused):
            accept(scene, worthless)
        assert scene.service.page_of_this_browser(scene.id, worthless, holder=BROWSER) is None


@pytest.mark.row("P-24", "S-01")
def test_a_proof_scans_nothing(scene):
    here = take(scene)
    with pytest.raises(TicketRefused):
        scene.service.scan(here.proof, holder=BROWSER, phone=ALICE)


@pytest.mark.row("P-24", "S-01")
def test_a_proof_is_for_one_session_also_where_one_page_has_had_two(scene):
    earlier = take(scene)
    scene.id = scene.service.create(
        purpose=Purpose.SIGN, subject="task-7", page_token=scene.page
    ).id
    here = scan_here(scene)
    with pytest.raises(TicketRefused):
        accept(scene, earlier.proof)
    assert accept(scene, here.proof).reference_ok


@pytest.mark.row("P-24", "S-07")
def test_the_proof_does_not_make_another_account_the_phone(scene):
    here = scan_here(scene)
    with pytest.raises(AlreadyScanned):
        accept(scene, here.proof, account=BOB.account)
    fresh = Scene()
    unscanned = take(fresh)
    with pytest.raises(WrongState):
        accept(fresh, unscanned.proof)


@pytest.mark.row("P-24", "S-10")
def test_the_proof_dies_when_another_browser_takes_the_page(scene):
    service = scene.service
    link = service.new_open_token(scene.id)
    here = scan_here(scene)
    service.open_page(scene.id, link)
    with pytest.raises(TicketRefused):
        accept(scene, here.proof)
    assert service.page_of_this_browser(scene.id, here.proof, holder=BROWSER) is None


@pytest.mark.row("P-24", "S-11")
def test_what_the_page_showed_dies_when_its_browser_goes_on(scene):
    shown = scene.text()
    take(scene)
    with pytest.raises(FrameStale):
        scene.service.resolve(shown, holder="camera elsewhere")
    assert scene.service.resolve(scene.text(), holder="camera elsewhere").session_id == scene.id


@pytest.mark.row("P-24", "P-25")
def test_letters_that_the_page_showed_die_too():
    scene = Scene(purpose=Purpose.LOGIN)
    letters = scene.letters()
    take(scene)
    with pytest.raises(UserCodeRefused):
        scene.service.resolve_user_code(letters, holder="keyboard elsewhere")
    assert scene.letters() not in ("", letters)


@pytest.mark.row("P-24")
def test_there_are_three_minutes_to_log_in_and_no_more(scene):
    here = take(scene)
    scene.clock.advance(seconds=179)
    assert scene.service.scan(here.ticket, holder=BROWSER, phone=ALICE).state == "scanned"
    late = Scene()
    ticket = take(late).ticket
    late.clock.advance(seconds=180)
    with pytest.raises(TicketExpired):
        late.service.scan(ticket, holder=BROWSER, phone=ALICE)
    assert late.state() == "expired"


@pytest.mark.row("P-24", "S-11")
def test_going_on_is_a_refresh_and_where_none_is_left_it_gains_no_time(scene):
    for _ in range(4):
        take(scene)
        scene.clock.advance(seconds=149)
    before = scene.service.peek(scene.id)
    here = take(scene)
    assert scene.service.peek(scene.id) == before
    assert scene.service.scan(here.ticket, holder=BROWSER, phone=ALICE).state == "scanned"
    late = Scene()
    for _ in range(4):
        take(late)
        late.clock.advance(seconds=149)
    late.clock.advance(seconds=31)
    with pytest.raises(SessionExpired):
        take(late)


@pytest.mark.row("P-24", "S-11")
def test_going_on_does_not_outlive_the_quarter_of_an_hour(scene):
    scene.scan()
    scene.clock.advance(seconds=179)
    scene.service.use_another_phone(scene.id, scene.page)
    for _ in range(4):
        scene.clock.advance(seconds=119 if scene.service.peek(scene.id).refreshes < 1 else 179)
        take(scene)
    assert scene.service.peek(scene.id).deadline == scene.service.peek(scene.id).ends_at


@pytest.mark.row("P-24")
def test_the_way_back_to_the_phones_side_moves_nothing(scene):
    scan_here(scene)
    before = scene.service.peek(scene.id)
    again = take(scene)
    assert scene.service.peek(scene.id) == before
    assert scene.service.scan(again.ticket, holder=BROWSER, phone=ALICE) == before
    with pytest.raises(AlreadyScanned):
        scene.service.scan(again.ticket, holder=BROWSER, phone=BOB)


def test_a_confirmed_session_is_not_taken_again(scene):
    scene.confirm()
    with pytest.raises(WrongState):
        take(scene)


def test_a_session_that_nobody_knows_is_nobodys_page():
    assert make_service().page_of_this_browser("A" * 16, "x", holder=BROWSER) is None
