"""Coming in by face, and a new password by it: for proven accounts, told to nobody (F-05, F-06)."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.providers.face import FaceUnavailable
from server.providers.face.local import LocalFace
from tests.factories.entry import Entrance, said, told
from tests.factories.product import NEWCOMER, WEI, Product

UNKNOWN = NEWCOMER.id_number
NEW = "another-2026"
NAMES = [WEI.phone, WEI.id_number]


@pytest.fixture
def entrance(product: Product) -> Entrance:
    return Entrance.of(product)


def begin(entrance: Entrance, name: str, *, to: str = "login", **other: Any) -> TestResponse:
    tick = {"agreed": True} if to == "login" else {}
    return entrance.post(f"/m/{to}/face", {"name": name, "consent": True, **tick, **other})


def set_new(entrance: Entrance, password: str = NEW) -> TestResponse:
    return entrance.post("/m/forgot/new", {"password": password})


def by_password(entrance: Entrance, password: str) -> TestResponse:
    body = {"name": WEI.phone, "password": password, "agreed": True}
    return entrance.post("/m/login/password", body)


@pytest.mark.row("F-06", "S-10")
@pytest.mark.parametrize("name", NAMES)
def test_a_face_behind_phone_or_number_opens_a_session(entrance: Entrance, name: str) -> None:
    entrance.client.set_cookie("gy_phone", "planted-before")

    answer = entrance.show_face(begin(entrance, name))

    assert answer.get_json()["next"] == "/m/"
    sent = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        sent.load(header)
    assert len(sent["gy_phone"].value) >= 43
    assert "韦" in entrance.get("/m/me").get_data(as_text=True)


@pytest.mark.row("F-06")
def test_a_face_that_fails_opens_nothing(entrance: Entrance) -> None:
    answer = entrance.show_face(begin(entrance, WEI.id_number), passes=False)

    assert told(answer) == (422, "face_not_passed")
    assert "gy_phone" not in str(answer.headers.getlist("Set-Cookie"))
    assert entrance.get("/m/me").status_code == 401


@pytest.mark.row("S-24", "F-06")
@pytest.mark.parametrize("to", ["login", "forgot"])
def test_a_number_that_nobody_has_proved_begins_like_any_other_and_never_passes(
    product: Product, to: str
) -> None:
    known, unknown = Entrance.of(product), Entrance.of(product)
    first, second = begin(known, WEI.id_number, to=to), begin(unknown, UNKNOWN, to=to)

    assert first.status_code == second.status_code == 200
    assert first.get_json().keys() == second.get_json().keys()
    assert len(first.get_json()["next"]) == len(second.get_json()["next"])
    refused = known.show_face(first, passes=False), unknown.show_face(second, passes=True)
    assert said(refused[0]) == said(refused[1])
    assert told(refused[0]) == (422, "face_not_passed")


@pytest.mark.row("F-06", "P-41")
@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ({"agreed": False}, "agreements_not_ticked"),
        ({"consent": False}, "consent_needed"),
        ({"name": "450103198506123012"}, "bad_id_number"),
        ({"name": "韦志远"}, "bad_phone"),
        ({"document_type": "passport"}, "unknown_document_type"),
    ],
)
def test_without_the_ticks_and_a_readable_name_no_check_begins(
    entrance: Entrance, slip: dict[str, Any], code: str
) -> None:
    body = {"name": WEI.id_number, "consent": True, "agreed": True, **slip}
    assert told(entrance.post("/m/login/face", body)) == (422, code)
    assert told(entrance.post("/m/face/settle")) == (404, "face_check_unknown")


@pytest.mark.row("F-06", "R-09")
def test_a_face_service_that_is_away_is_said_and_the_other_ways_stay_open(
    product: Product,
) -> None:
    class Away(LocalFace):
        def start(self, *_: Any) -> Any:
            raise FaceUnavailable()

    faces = Away(product.parts.settings.data_dir / "away")
    entrance = Entrance.of(product.restarted_with(face=faces))
    for name in (WEI.id_number, UNKNOWN):
        answer = begin(entrance, name)
        assert told(answer) == (503, "face_unavailable")
        assert "短信验证码" in answer.get_json()["next_step"]

    assert by_password(entrance, WEI.password).status_code == 200


@pytest.mark.row("F-05")
def test_a_face_sets_a_new_password_once_and_ends_every_session(
    product: Product, entrance: Entrance
) -> None:
    before = product.phone(WEI)
    answer = entrance.show_face(begin(entrance, WEI.id_number, to="forgot"))
    assert answer.get_json()["next"] == "/m/forgot/new"
    assert entrance.get("/m/forgot/new").status_code == 200
    assert told(set_new(entrance, "short1")) == (422, "weak_password")

    assert set_new(entrance).get_json() == {"next": "/m/login/password"}

    assert before.get("/m/me").status_code == 401
    assert told(by_password(entrance, WEI.password)) == (422, "wrong_password")
    assert by_password(entrance, NEW).status_code == 200
    assert told(set_new(entrance, "a-third-2026")) == (404, "face_check_unknown")


@pytest.mark.row("F-05", "S-24")
@pytest.mark.parametrize("phone", [WEI.phone, NEWCOMER.phone])
def test_for_a_phones_account_no_face_sets_a_password(entrance: Entrance, phone: str) -> None:
    answer = begin(entrance, phone, to="forgot")

    assert told(answer) == (422, "face_needs_document")
    assert "手机验证码" in answer.get_json()["next_step"]


@pytest.mark.row("F-05")
def test_no_other_check_sets_a_password(product: Product, entrance: Entrance) -> None:
    assert entrance.get("/m/forgot/new").headers["Location"] == "/m/forgot"
    assert told(set_new(entrance)) == (404, "face_check_unknown")
    begun = begin(entrance, WEI.id_number)  # to log in
    entrance.post(begun.get_json()["next"], {"passes": True})
    assert told(set_new(entrance)) == (404, "face_check_unknown")

    begin(entrance, WEI.id_number, to="forgot")
    assert told(set_new(entrance)) == (422, "face_not_passed")
    entrance.show_face(begin(entrance, WEI.id_number, to="forgot"), passes=False)
    assert told(set_new(entrance)) == (422, "face_not_passed")
    entrance.show_face(begin(entrance, WEI.id_number, to="forgot"))
    stolen = Entrance.of(product)
    cookie = entrance.client.get_cookie("gy_face", path="/m")
    assert cookie
    stolen.client.set_cookie("gy_face", cookie.value, path="/m")
    assert told(set_new(stolen)) == (422, "face_not_passed")
    product.clock.advance(minutes=11)
    assert told(set_new(entrance)) == (422, "face_not_passed")
    assert by_password(entrance, WEI.password).status_code == 200


@pytest.mark.row("F-08")
def test_only_the_houses_that_are_connected_offer_a_quick_login(product: Product) -> None:
    page = product.browser().get("/m/login").get_data(as_text=True)
    assert "一键登录" not in page

    connected = product.restarted(alipay_app_id="2021000000000001", wechat_appid="wx0000000000")

    page = connected.browser().get("/m/login").get_data(as_text=True)
    assert 'data-house="alipay"' in page
    assert 'data-house="sso"' not in page
    assert 'data-open="wechat-how"' in page
    assert "壮掌桂" in page
