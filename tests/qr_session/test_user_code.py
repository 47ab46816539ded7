"""The letters that are typed where no camera is: who sees them, and for how long they are good."""

import json
from collections import Counter
from dataclasses import asdict

import pytest

from qr_session import MemoryStore, Purpose, QrSessionService, user_code
from qr_session.errors import AlreadyScanned, TicketRefused, UserCodeRefused
from qr_session.keys import root_key
from qr_session.records import to_text
from tests.fakes.clock import FakeClock
from tests.qr_session.scene import (
    ALICE,
    BOB,
    BROWSER,
    MASTER_KEY,
    Scene,
    make_service,
    make_session,
)

ROOT_KEY = root_key(MASTER_KEY)


@pytest.fixture
def login(store):
    """A page that waits for a phone to log it in, with sessions in each store in its turn."""
    return Scene(purpose=Purpose.LOGIN, store=store)


@pytest.fixture
def near():
    """The same with sessions in memory."""
    return Scene(purpose=Purpose.LOGIN)


def resolve(scene, letters):
    return scene.service.resolve_user_code(letters, holder=BROWSER)


def refused(scene, letters):
    with pytest.raises(UserCodeRefused):
        resolve(scene, letters)
    return True


@pytest.mark.row("P-25")
def test_the_letters_give_what_a_frame_gives(login):
    by_letters = resolve(login, login.letters())
    assert by_letters == login.service.resolve(login.text(), holder=BROWSER)
    assert login.service.scan(by_letters.ticket, holder=BROWSER, phone=ALICE).state == "scanned"


@pytest.mark.row("P-25")
def test_resolving_letters_changes_no_state(near):
    before = near.service.peek(near.id)
    resolve(near, near.letters())
    assert near.service.peek(near.id) == before


@pytest.mark.row("P-25", "S-05")
def test_a_ticket_got_by_letters_is_good_for_its_holder_only(near):
    ticket = resolve(near, near.letters()).ticket
    with pytest.raises(TicketRefused):
        near.service.scan(ticket, holder="somebody else", phone=BOB)


@pytest.mark.row("P-25")
@pytest.mark.parametrize(
    "written",
    [
        lambda shown: shown.lower(),
        lambda shown: shown.replace("-", ""),
        lambda shown: f" {shown[0]} {shown[1:4]}——{shown[5:]}. ",
        lambda shown: "".join(chr(ord(letter) + 0xFEE0) for letter in shown),
    ],
    ids=["small", "no dash", "spaces and dashes", "full width"],
)
def test_letters_are_read_as_people_write_them(near, written):
    assert resolve(near, written(near.letters())).session_id == near.id


@pytest.mark.row("P-25")
@pytest.mark.parametrize(
    "typed",
    ["", "-", "BCDF-GHJ", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ1", "字母字母字母字母", "\ud800" * 8],
)
def test_what_cannot_be_a_code_is_refused_as_a_wrong_one_is(near, typed):
    assert refused(near, typed)


@pytest.mark.row("P-25")
def test_letters_that_no_page_shows_are_refused(near):
    shown = near.letters()
    other = "B" if shown[-1] != "B" else "C"
    assert refused(near, shown[:-1] + other)


@pytest.mark.row("P-25")
def test_letters_have_the_shape_that_rfc_8628_advises_and_all_are_used():
    drawn = Counter()
    for number in range(400):
        head, tail = user_code.shown(ROOT_KEY, "A" * 16, number).split("-")
        assert len(head) == len(tail) == 4
        drawn.update(head + tail)
    assert set(drawn) == set(user_code.ALPHABET) == set("BCDFGHJKLMNPQRSTVWXZ")
    assert min(drawn.values()) > 100  # 160 are expected of each


@pytest.mark.row("P-25")
def test_letters_die_with_the_scan(login):
    letters = login.letters()
    login.service.scan(resolve(login, letters).ticket, holder=BROWSER, phone=ALICE)
    assert refused(login, letters)
    assert login.service.view(login.id, login.page).user_code is None


@pytest.mark.row("P-25", "S-05")
def test_of_two_who_typed_the_letters_the_first_owns_the_session(near):
    mine, yours = (near.service.resolve_user_code(near.letters(), holder=name) for name in "AB")
    near.service.scan(mine.ticket, holder="A", phone=ALICE)
    with pytest.raises(AlreadyScanned):
        near.service.scan(yours.ticket, holder="B", phone=BOB)


@pytest.mark.row("P-25")
def test_letters_die_with_a_refresh_and_the_new_ones_are_good(login):
    for _ in range(4):
        letters = login.letters()
        view = login.service.refresh(login.id, login.page)
        assert view.user_code != letters
        assert refused(login, letters)
        assert resolve(login, view.user_code).session_id == login.id


@pytest.mark.row("P-25")
def test_letters_die_at_the_deadline(login):
    letters = login.letters()
    login.clock.advance(seconds=119.9)
    assert resolve(login, letters).session_id == login.id
    login.clock.advance(seconds=0.1)
    assert refused(login, letters)
    assert login.service.view(login.id, login.page).user_code is None


@pytest.mark.row("P-25")
def test_letters_die_when_the_page_gives_up(login):
    letters = login.letters()
    login.service.cancel_by_page(login.id, login.page)
    assert refused(login, letters)


@pytest.mark.row("P-25")
def test_a_phone_that_is_too_slow_leaves_a_page_with_new_letters(login):
    letters = login.letters()
    login.scan()
    login.clock.advance(seconds=180)
    assert login.state() == "pending"
    assert refused(login, letters)
    assert resolve(login, login.letters()).session_id == login.id


@pytest.mark.row("P-25")
def test_every_generation_that_a_session_can_reach_has_letters_of_its_own(near):
    seen = {near.letters()}
    for _ in range(4):
        seen.add(near.service.refresh(near.id, near.page).user_code)
    for _ in range(2):
        near.scan()
        seen.add(near.service.use_another_phone(near.id, near.page).user_code)
        assert resolve(near, near.letters()).session_id == near.id
    assert len(seen) == 7


@pytest.mark.row("P-25")
def test_a_session_to_sign_has_no_letters_unless_the_service_is_told_so(store):
    scene = Scene(store=store)
    would_be = user_code.shown(ROOT_KEY, scene.id, 0)
    assert scene.letters() == ""
    assert refused(scene, would_be)

    scene.service.user_code_for = frozenset(Purpose)
    told = scene.service.create(purpose=Purpose.SIGN, subject="task-8", page_token="page")
    shown = scene.service.view(told.id, "page").user_code
    assert resolve(scene, shown).purpose is Purpose.SIGN


@pytest.mark.row("P-25")
def test_only_the_page_is_told_the_letters(near):
    letters = near.letters().replace("-", "")
    stored = near.service.peek(near.id)
    told = [to_text(stored), str(asdict(stored)), near.id, near.text(), near.ticket()]
    assert stored.user_code
    assert not [text for text in told if letters in text.replace("-", "")]


@pytest.mark.row("P-25")
def test_another_master_key_finds_nothing(near):
    other = QrSessionService(
        near.service.store,
        near.service.bus,
        clock=near.clock,
        master_key=bytes(32),
        base_url="https://seal.example",
    )
    with pytest.raises(UserCodeRefused):
        other.resolve_user_code(near.letters(), holder=BROWSER)


class CrowdedStore(MemoryStore):
    """Says of the first code that it is asked for that it is another session's."""

    taken = ""

    def by_user_code(self, digest):
        self.taken = self.taken or digest
        return make_session() if digest == self.taken else super().by_user_code(digest)


@pytest.mark.row("P-25")
def test_a_session_whose_letters_another_one_has_is_named_anew():
    service = make_service(CrowdedStore(), FakeClock())
    created = service.create(purpose=Purpose.LOGIN, subject="desktop")
    assert service.store.taken
    assert service.store.taken not in service.peek(created.id).user_codes


@pytest.mark.row("P-25")
def test_the_view_for_the_page_carries_the_letters(near):
    view = near.service.view(near.id, near.page).as_dict()
    assert view["user_code"] == near.letters()
    assert json.dumps(view)
