"""Login: the partner's back end takes the result by a code, once."""

import pytest

from qr_session import Purpose
from qr_session.errors import (
    AlreadyConsumed,
    LoginCodeRefused,
    WrongPurpose,
)
from tests.qr_session.scene import ALICE, Scene


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
    assert scene.state() == "confirmed"
    signing = Scene()
    signing.confirm()
    with pytest.raises(WrongPurpose):
        signing.service.login_code(signing.id, signing.page)
    with pytest.raises(WrongPurpose):
        signing.service.consume(signing.id, signing.page, purpose=Purpose.LOGIN)
    assert signing.state() == "confirmed"


def test_our_own_page_takes_a_login_itself_and_once():
    scene, code = login_scene()
    taken = scene.service.consume(scene.id, scene.page, purpose=Purpose.LOGIN)
    assert (taken.state, taken.phone) == ("consumed", ALICE)
    with pytest.raises(AlreadyConsumed):
        scene.service.consume(scene.id, scene.page, purpose=Purpose.LOGIN)
    with pytest.raises(AlreadyConsumed):
        scene.service.redeem_login_code(code)
