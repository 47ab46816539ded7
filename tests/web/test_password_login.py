"""Coming in by the login password, and a new one when it is forgotten (F-05, F-06)."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.factories.devices import Browser, PhoneInHand
from tests.factories.product import HUANG, WEI, Product

UNKNOWN_PHONE, UNKNOWN_NUMBER = "13907719999", "450103199203151220"
NEW = "another-2026"


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    """In hand, and nobody logged in on it."""
    return PhoneInHand(product.app.test_client(), WEI, product.sms)


def log_in(browser: Browser, name: str, password: str = WEI.password, **other: Any) -> TestResponse:
    body = {"name": name, "password": password, "agreed": True, **other}
    return browser.post("/m/login/password", body)


def ask_code(phone: PhoneInHand, name: str) -> TestResponse:
    return phone.post("/m/forgot/sms", {"name": name})


def reset(phone: PhoneInHand, name: str, code: str, password: str = NEW) -> TestResponse:
    return phone.post("/m/forgot", {"name": name, "code": code, "password": password})


def say(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def said(answer: TestResponse) -> tuple[int, dict[str, Any]]:
    body = {key: value for key, value in answer.get_json().items() if key != "request_id"}
    return answer.status_code, body


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.row("F-06", "S-10")
@pytest.mark.parametrize(
    "name", [WEI.phone, WEI.id_number, f" {WEI.id_number[:6]} {WEI.id_number[6:]}"]
)
def test_phone_or_document_and_password_open_a_session(phone: PhoneInHand, name: str) -> None:
    phone.client.set_cookie("gy_phone", "planted-before")

    answer = log_in(phone, name)

    assert answer.get_json() == {"next": "/m/"}
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]
    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert phone.get("/m/me").status_code == 200


@pytest.mark.row("F-06")
@pytest.mark.parametrize("name", ["1", "1390771000", "450103198506123012", "韦志远"])
@pytest.mark.parametrize("path", ["/m/login/password", "/m/forgot/sms"])
def test_what_is_neither_phone_nor_document_is_said_in_one_sentence(
    phone: PhoneInHand, name: str, path: str
) -> None:
    more = {"password": WEI.password, "agreed": True} if path == "/m/login/password" else {}

    answer = phone.post(path, {"name": name, **more})

    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "请输入正确的手机号/身份证"


@pytest.mark.row("S-24", "S-50")
def test_a_name_that_nobody_has_is_answered_as_a_wrong_password_is(phone: PhoneInHand) -> None:
    for _ in range(6):
        known, unknown = log_in(phone, WEI.phone, "wrong-1234"), log_in(phone, UNKNOWN_PHONE)
        number = log_in(phone, UNKNOWN_NUMBER)
        assert said(known) == said(unknown) == said(number)
        assert "Set-Cookie" not in known.headers
    assert say(known) == (429, "password_locked")
    assert say(log_in(phone, WEI.phone)) == (429, "password_locked")


@pytest.mark.row("F-04", "P-41")
def test_the_right_password_without_the_tick_opens_nothing(phone: PhoneInHand) -> None:
    answer = log_in(phone, WEI.phone, agreed=False)

    assert say(answer) == (422, "agreements_not_ticked")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.row("F-05")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_the_code_of_the_bound_phone_sets_a_new_password_and_ends_every_session(
    product: Product, phone: PhoneInHand, name: str
) -> None:
    before = product.phone(WEI)
    product.clock.advance(minutes=2)
    assert ask_code(phone, name).get_json() == {"retry_after": 60}

    assert reset(phone, name, phone.code()).get_json() == {"next": "/m/login/password"}

    assert before.get("/m/me").status_code == 401
    assert say(log_in(phone, WEI.phone)) == (422, "wrong_password")
    assert log_in(phone, WEI.phone, NEW).status_code == 200
    assert say(reset(phone, name, phone.code())) == (410, "sms_code_expired")


@pytest.mark.row("S-24", "S-23")
@pytest.mark.parametrize("unknown", [UNKNOWN_PHONE, UNKNOWN_NUMBER])
def test_who_forgot_is_never_told_whether_anybody_has_the_name(
    product: Product, phone: PhoneInHand, unknown: str
) -> None:
    assert said(ask_code(phone, WEI.phone)) == said(ask_code(phone, unknown))
    assert {one.phone for one in product.sms.messages()} == {WEI.phone}
    assert said(ask_code(phone, WEI.phone)) == said(ask_code(phone, unknown))
    wrong = another(phone.code())
    for _ in range(6):
        assert said(reset(phone, WEI.phone, wrong)) == said(reset(phone, unknown, wrong))
    assert say(reset(phone, WEI.phone, phone.code())) == (429, "locked")
    assert log_in(phone, WEI.phone).status_code == 200


@pytest.mark.row("S-23")
def test_a_code_to_log_in_with_sets_no_password_and_the_other_way_round(
    product: Product, phone: PhoneInHand
) -> None:
    phone.ask_code()
    assert say(reset(phone, WEI.phone, phone.code())) == (422, "wrong_sms_code")
    product.clock.advance(minutes=2)
    ask_code(phone, WEI.phone)
    body = {"phone": WEI.phone, "code": phone.code(), "agreed": True}

    assert say(phone.post("/m/login", body)) == (422, "wrong_sms_code")


@pytest.mark.row("S-23")
def test_the_code_of_one_person_sets_no_password_of_another(phone: PhoneInHand) -> None:
    ask_code(phone, WEI.phone)

    assert say(reset(phone, HUANG.phone, phone.code())) == (422, "wrong_sms_code")
    assert log_in(phone, HUANG.phone, HUANG.password).status_code == 200


@pytest.mark.row("F-05", "S-24")
@pytest.mark.parametrize("password", ["short1", "12345678", f"a{WEI.phone}", "abcdefgh"])
def test_a_weak_password_is_refused_and_costs_no_try(phone: PhoneInHand, password: str) -> None:
    ask_code(phone, WEI.phone)
    for _ in range(6):
        assert say(reset(phone, WEI.phone, phone.code(), password)) == (422, "weak_password")

    assert reset(phone, WEI.phone, phone.code()).status_code == 200


@pytest.mark.row("F-05", "F-06", "S-28")
def test_the_pages_lead_to_each_other_and_nowhere_else(product: Product) -> None:
    browser = product.browser()
    assert "账号密码" in browser.get("/m/login").get_data(as_text=True)
    page = browser.get("/m/login/password", query_string={"next": "//evil.test/m/"})

    shown = page.get_data(as_text=True)

    assert "请输入手机号/身份证号" in shown
    assert "/m/forgot?next=/m/" in shown
    assert "忘记密码" in browser.get("/m/forgot").get_data(as_text=True)
    assert product.phone().get("/m/login/password").headers["Location"] == "/m/"
