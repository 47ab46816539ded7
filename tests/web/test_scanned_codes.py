"""What a phone's client says of a code that it brings: it may speak against it, and buys 20 s."""

import io
from typing import Any

import pytest
import qrcode
from werkzeug.test import TestResponse

from tests.factories.devices import OWN_ORIGIN
from tests.factories.product import Product, Signing

ALBUM_OR_LONG_PRESS = (1012, 1013, 1048, 1049)
CAMERA = 1047


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def bring(signing: Signing, text: str, **told: Any) -> TestResponse:
    """The link as a client sends it that has a camera of its own."""
    return signing.phone.post("/m/scan", {"text": text, **told})


def photograph(signing: Signing, text: str, **told: Any) -> TestResponse:
    """A picture of the code, as the phone's page sends it."""
    picture = io.BytesIO()
    qrcode.make(text).save(picture)
    picture.seek(0)
    form = {"photo": (picture, "p.png"), **{name: str(value) for name, value in told.items()}}
    return signing.phone.client.post("/m/scan", data=form, headers=OWN_ORIGIN)


def now(signing: Signing, seconds: int = 0) -> int:
    """The clock of an honest phone, or of one that is so many seconds off."""
    return int(signing.product.clock.now().timestamp()) + seconds


def said(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json().get("code", "")


@pytest.mark.row("S-03")
@pytest.mark.parametrize("send", [bring, photograph])
def test_a_picture_that_was_passed_on_is_refused(signing: Signing, send: Any) -> None:
    for launch_scene in ALBUM_OR_LONG_PRESS:
        answer = send(signing, signing.page.frame(), launch_scene=launch_scene)
        assert said(answer) == (403, "forwarded_picture"), launch_scene
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-03")
def test_other_ways_of_opening_are_all_the_same(signing: Signing) -> None:
    for launch_scene in (CAMERA, 1011, 1001, 0):
        answer = bring(signing, signing.page.frame(), launch_scene=launch_scene)
        assert answer.status_code == 200


@pytest.mark.row("S-03", "P-03")
def test_a_code_that_the_client_dates_may_come_twenty_seconds_late(signing: Signing) -> None:
    frame, scanned = signing.page.frame(), now(signing)
    signing.product.clock.advance(seconds=19)

    assert said(bring(signing, frame)) == (410, "frame_stale")
    assert bring(signing, frame, scancode_time=scanned).status_code == 200


@pytest.mark.row("S-03")
def test_what_was_scanned_more_than_twenty_seconds_ago_is_stale(signing: Signing) -> None:
    frame = signing.page.frame()

    assert said(bring(signing, frame, scancode_time=now(signing, -21))) == (410, "frame_stale")
    assert bring(signing, frame, scancode_time=now(signing, -20)).status_code == 200


@pytest.mark.row("S-03", "P-03")
@pytest.mark.parametrize("send", [bring, photograph])
def test_no_date_makes_a_code_fresh_that_comes_too_late(signing: Signing, send: Any) -> None:
    frame = signing.page.frame()
    signing.product.clock.advance(seconds=22)

    for lie in (0, -1, 3600, 10**9):
        answer = send(signing, frame, scancode_time=now(signing, lie))
        assert said(answer) == (410, "frame_stale"), lie
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-03", "F-38")
def test_a_photo_gets_twenty_seconds_and_no_more(signing: Signing) -> None:
    frame = signing.page.frame()
    signing.product.clock.advance(seconds=21)
    assert photograph(signing, frame).status_code == 200
    signing.product.clock.advance(seconds=1)
    assert said(photograph(signing, frame)) == (410, "frame_stale")


@pytest.mark.row("S-03")
def test_an_old_photo_says_itself_that_it_is_old(signing: Signing) -> None:
    answer = photograph(signing, signing.page.frame(), scancode_time=now(signing, -21))

    assert said(answer) == (410, "frame_stale")


@pytest.mark.row("S-03")
@pytest.mark.parametrize("send", [bring, photograph])
def test_what_a_client_cannot_have_meant_is_no_code(signing: Signing, send: Any) -> None:
    for told in (
        {"scancode_time": "yesterday"},
        {"scancode_time": -1},
        {"scancode_time": 10**30},
        {"launch_scene": "album"},
        {"launch_scene": 10**30},
        {"is_fresh": True},
    ):
        answer = send(signing, signing.page.frame(), **told)
        assert said(answer) == (422, "not_a_code"), told
