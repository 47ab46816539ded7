"""The animated QR: what it holds, how fresh it must be, and who can make it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from qr_session import Purpose, QrSessionService, frames, keys
from qr_session.errors import (
    ForwardedPicture,
    FrameForged,
    FrameStale,
    NotASigningCode,
    SessionUnknown,
)
from tests.qr_session.scene import ALICE, BROWSER, MASTER_KEY, Scene, make_service


def test_hkdf_agrees_with_the_first_case_of_rfc_5869():
    pseudorandom = keys.extract(bytes(range(13)), b"\x0b" * 22)
    block = keys.expand(pseudorandom, bytes(range(0xF0, 0xFA)))
    assert pseudorandom.hex() == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
    assert block.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"


def test_a_master_key_shorter_than_256_bits_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        keys.root_key(b"short")


def test_a_token_is_32_characters_that_fit_a_scene():
    token = frames.build(b"k" * 32, session_id="A" * 16, step=7, purpose=Purpose.SIGN)
    assert len(token) == 32
    assert set(token) <= set(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$&'()*+,/:;=?@-._~"
    )


@pytest.mark.parametrize("step", [0, 1, 63, 64, 4095, 4096, frames.LAST_STEP])
def test_the_step_survives_the_token(step):
    token = frames.build(b"k" * 32, session_id="A" * 16, step=step, purpose=Purpose.SIGN)
    assert frames.read(token).step == step


def test_the_first_frame_is_step_one_because_zero_is_the_static_code():
    start = datetime(2026, 11, 20, tzinfo=UTC)
    length = timedelta(seconds=2)
    assert frames.step_at(start, start, length) == 1
    assert frames.step_at(start + timedelta(seconds=2), start, length) == 2


@pytest.mark.row("S-01")
def test_a_hundred_codes_hold_nothing_but_the_address_and_a_token():
    service = make_service()
    ids, texts = set(), set()
    for number in range(100):
        created = service.create(purpose=Purpose.SIGN, subject=f"task-{number}-张三")
        page = service.open_page(created.id, created.open_token or "")
        text = service.frames(created.id, page)[0].text
        assert text.startswith("https://seal.example/q/1" + created.id)
        assert len(text) == len("https://seal.example/q/") + 32
        assert page not in text
        assert (created.open_token or "") not in text
        ids.add(created.id)
        texts.add(text)
    assert len(ids) == len(texts) == 100


@pytest.mark.row("S-03")
def test_a_frame_lives_three_steps_and_is_stale_after(scene):
    text = scene.text()
    scene.clock.advance(seconds=7.9)
    assert scene.service.resolve(text, holder=BROWSER).session_id == scene.id
    scene.clock.advance(seconds=0.1)
    with pytest.raises(FrameStale):
        scene.service.resolve(text, holder=BROWSER)
    assert scene.state() == "pending"


def test_frames_pushed_ahead_cannot_be_used_ahead(scene):
    now, following, later, *_ = scene.service.frames(scene.id, scene.page)
    assert scene.service.resolve(now.text, holder=BROWSER).ticket
    assert scene.service.resolve(following.text, holder=BROWSER).ticket
    with pytest.raises(FrameStale):
        scene.service.resolve(later.text, holder=BROWSER)


def test_a_forged_frame_is_refused(scene):
    text = scene.text()
    forged = text[:-1] + ("A" if text[-1] != "A" else "B")
    with pytest.raises(FrameForged):
        scene.service.resolve(forged, holder=BROWSER)


def test_the_mac_covers_the_step(scene):
    text = scene.text()
    step = len("https://seal.example/q/1") + 16
    with pytest.raises(FrameForged):
        scene.service.resolve(text[:step] + "AAC" + text[step + 3 :], holder=BROWSER)


def test_the_mac_covers_the_purpose():
    token = frames.read(frames.build(b"k" * 32, session_id="A" * 16, step=1, purpose=Purpose.LOGIN))
    assert frames.is_genuine(token, b"k" * 32, Purpose.LOGIN)
    assert not frames.is_genuine(token, b"k" * 32, Purpose.SIGN)


def test_a_frame_of_one_session_is_refused_under_the_id_of_another(scene):
    other = scene.service.create(purpose=Purpose.SIGN, subject="task-8")
    swapped = scene.text().replace(scene.id, other.id)
    with pytest.raises(FrameForged):
        scene.service.resolve(swapped, holder=BROWSER)


def test_a_frame_made_from_everything_stored_but_without_the_master_key_is_refused(scene):
    stored = scene.service.peek(scene.id)
    for guess in (b"", stored.secrets.page.encode(), bytes(32)):
        root = keys.extract(b"qr_session", guess)
        key = frames.frame_key(root, stored.id, stored.generation)
        token = frames.build(key, session_id=stored.id, step=1, purpose=stored.purpose)
        with pytest.raises(FrameForged):
            scene.service.resolve(token, holder=BROWSER)
    root = keys.root_key(MASTER_KEY)
    key = frames.frame_key(root, stored.id, stored.generation)
    token = frames.build(key, session_id=stored.id, step=1, purpose=stored.purpose)
    assert scene.service.resolve(token, holder=BROWSER).session_id == scene.id


def test_the_static_code_is_off(scene):
    stored = scene.service.peek(scene.id)
    key = frames.frame_key(keys.root_key(MASTER_KEY), stored.id, stored.generation)
    static = frames.build(key, session_id=stored.id, step=0, purpose=stored.purpose)
    with pytest.raises(FrameStale):
        scene.service.resolve(static, holder=BROWSER)


def test_a_frame_of_an_earlier_generation_is_stale(scene):
    text = scene.text()
    scene.service.refresh(scene.id, scene.page)
    with pytest.raises(FrameStale):
        scene.service.resolve(text, holder=BROWSER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "https://evil.example/q/1" + "A" * 31,
        "http://seal.example/q/1" + "A" * 31,
        "https://seal.example/q/1" + "A" * 30,
        "https://seal.example/q/1" + "A" * 31 + "?x=1",
        "https://seal.example/q/2" + "A" * 31,
        "https://seal.example/q/1" + "A" * 30 + "签",
        "https://seal.example/q/1" + "A" * 30 + "\ud800",
    ],
)
def test_what_is_not_our_code_is_said_to_be_none(scene, text):
    with pytest.raises(NotASigningCode):
        scene.service.resolve(text, holder=BROWSER)


def test_the_bare_token_is_read_as_well(scene):
    token = scene.text().removeprefix("https://seal.example/q/")
    assert scene.service.resolve(token, holder=BROWSER).subject == "task-7"


def test_a_code_of_no_session_is_unknown(scene):
    with pytest.raises(SessionUnknown):
        scene.service.resolve("1" + "A" * 31, holder=BROWSER)


def test_a_photo_gets_twenty_seconds(scene):
    text = scene.text()
    scene.clock.advance(seconds=15)
    taken = scene.clock.now()
    with pytest.raises(FrameStale):
        scene.service.resolve(text, holder=BROWSER)
    assert scene.service.resolve(text, holder=BROWSER, photo_taken_at=taken).ticket


def test_a_photo_that_claims_to_be_new_is_still_stale_after_twenty_seconds(scene):
    text = scene.text()
    scene.clock.advance(seconds=22)
    with pytest.raises(FrameStale):
        scene.service.resolve(text, holder=BROWSER, photo_taken_at=scene.clock.now())


def test_a_photo_taken_long_ago_is_stale_whatever_it_shows(scene):
    taken = scene.clock.now() - timedelta(seconds=21)
    with pytest.raises(FrameStale):
        scene.service.resolve(scene.text(), holder=BROWSER, photo_taken_at=taken)


@pytest.mark.parametrize("launch_scene", [1012, 1013, 1048, 1049])
def test_a_picture_from_the_album_is_refused_as_forwarded(scene, launch_scene):
    with pytest.raises(ForwardedPicture):
        scene.service.resolve(scene.text(), holder=BROWSER, launch_scene=launch_scene)
    assert scene.service.resolve(scene.text(), holder=BROWSER, launch_scene=1011).ticket


def test_frames_follow_one_another_and_stop_at_the_deadline(scene):
    shown = scene.service.frames(scene.id, scene.page, count=10)
    assert len(shown) == 10
    assert shown[0].shows_at <= scene.clock.now() < shown[0].ends_at
    assert all(a.ends_at == b.shows_at for a, b in pairwise(shown))
    scene.clock.advance(seconds=113)
    assert len(scene.service.frames(scene.id, scene.page, count=10)) == 4


def test_no_page_gets_more_than_a_minute_of_frames(scene):
    assert len(scene.service.frames(scene.id, scene.page, count=10_000)) == 30


def test_the_code_is_hidden_once_it_is_scanned(scene):
    scene.scan()
    assert scene.service.frames(scene.id, scene.page) == []


def test_frames_do_not_move_the_sequence(scene):
    before = scene.service.peek(scene.id).seq
    scene.service.frames(scene.id, scene.page)
    assert scene.service.peek(scene.id).seq == before


def test_resolving_changes_no_state(scene):
    before = scene.service.peek(scene.id)
    scene.ticket()
    assert scene.service.peek(scene.id) == before


def test_two_processes_with_the_same_master_key_read_each_others_frames():
    scene = Scene()
    other = QrSessionService(
        scene.service.store,
        scene.service.bus,
        clock=scene.clock,
        master_key=MASTER_KEY,
        base_url="https://seal.example/",
    )
    ticket = other.resolve(scene.text(), holder=BROWSER).ticket
    assert scene.service.scan(ticket, holder=BROWSER, phone=ALICE).state == "scanned"
