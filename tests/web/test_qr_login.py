"""Logging in on a computer by the phone: whose login it is, in which browser, and how often."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.factories.devices import LoginPage, PhoneInHand
from tests.factories.logins import computers, cookie, held, id_of, told
from tests.factories.product import HUANG, WEI, Product
from tests.factories.truth import events_of
from tests.fakes.threads import together

RACERS = 16


@pytest.fixture
def page(product: Product) -> LoginPage:
    return product.login_page()


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return product.phone(WEI)


@pytest.mark.row("F-13", "S-10", "P-04")
def test_a_computer_is_logged_in_when_the_phone_and_the_person_at_the_page_agree(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    assert page.get("/account").status_code == 401

    session_id = phone.let_in(page)

    assert (page.qr()["state"], page.qr()["phone_name"]) == ("confirmed", "韦*远")
    assert computers(product) == []
    answer = page.post_to("confirm")
    assert answer.get_json() == {"next": "/account"}
    assert page.qr()["state"] == "consumed"
    shown = page.get("/account").get_data(as_text=True)
    assert "韦*远" in shown
    assert "韦志远" not in shown
    account = id_of(product, WEI)
    assert events_of(product, account)[-2:] == ["login.confirmed", "account.logged_in"]
    [login] = computers(product)
    assert (login.account_id, login.expires_at - login.created_at) == (account, timedelta(hours=8))
    assert session_id not in login.token_digest


@pytest.mark.row("S-10")
def test_the_login_comes_to_the_browser_that_began_it_and_to_no_other(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    session_id = phone.let_in(page)
    other, thief = product.login_page(), product.browser()
    thief.client.set_cookie("gy_login", session_id + held(other)[16:], path="/login")

    for browser in (product.browser(), thief, phone):
        for action in ("confirm", "not-me", "refresh", "another-phone", "ticket"):
            assert told(browser.post(f"/login/{action}")) == (403, "page_token_refused"), action
        for what in ("state", "events", "frames"):
            assert told(browser.get(f"/login/{what}")) == (403, "page_token_refused"), what
        assert browser.get("/account").status_code == 401
    assert told(other.post_to("confirm")) == (409, "authorization_pending")
    assert computers(product) == []

    assert page.post_to("confirm").status_code == 200


@pytest.mark.row("S-10")
def test_a_page_cookie_that_somebody_planted_is_never_the_key_to_the_login(
    product: Product, phone: PhoneInHand
) -> None:
    attacker = product.login_page()
    planted = held(attacker)
    victim = product.browser()
    victim.client.set_cookie("gy_login", planted, path="/login")
    page = LoginPage(victim.client)

    assert held(page)[16:] != planted[16:]
    assert held(page)[:16] != planted[:16]
    phone.let_in(page)

    assert told(attacker.post_to("confirm")) == (409, "access_denied")
    assert computers(product) == []


@pytest.mark.row("S-10")
def test_the_computers_cookie_is_fresh_and_its_earlier_login_ends(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    page.client.set_cookie("gy_desktop", "planted-before")
    phone.let_in(page)
    first = cookie(page.post_to("confirm"), "gy_desktop")
    page.open()
    product.phone(HUANG).let_in(page)

    second = cookie(page.post_to("confirm"), "gy_desktop")

    assert len({"planted-before", first.value, second.value}) == 3
    assert len(second.value) >= 43
    assert (second["httponly"], second["samesite"], second["path"]) == (True, "Lax", "/")
    assert int(second["max-age"]) == 8 * 3600
    thief = product.browser()
    thief.client.set_cookie("gy_desktop", first.value)
    assert thief.get("/account").status_code == 401
    assert "黄*" in page.get("/account").get_data(as_text=True)


@pytest.mark.row("S-06", "S-10")
def test_of_sixteen_requests_at_once_one_is_logged_in(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    phone.let_in(page)
    value = held(page)

    def log_in() -> TestResponse:
        racer = product.browser()
        racer.client.set_cookie("gy_login", value, path="/login")
        return racer.post("/login/confirm")

    answers = together([log_in] * RACERS)

    assert sorted(one.status_code for one in answers) == [200] + [409] * (RACERS - 1)
    assert {told(one) for one in answers if one.status_code != 200} == {(409, "already_consumed")}
    assert len(computers(product)) == 1


@pytest.mark.row("S-04", "S-10")
def test_a_login_that_nobody_takes_within_a_minute_is_void(
    product: Product, phone: PhoneInHand
) -> None:
    late, in_time = product.login_page(), product.login_page()
    phone.let_in(late)
    phone.let_in(in_time)
    product.clock.advance(seconds=59)
    assert in_time.post_to("confirm").status_code == 200

    product.clock.advance(seconds=1)

    assert told(late.post_to("confirm")) == (410, "expired_token")
    assert late.qr()["hint"]["code"] == "expired_unconsumed"
    assert len(computers(product)) == 1


@pytest.mark.row("S-08")
def test_nothing_is_taken_before_the_phone_has_confirmed(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    assert told(page.post_to("confirm")) == (409, "authorization_pending")
    phone.scan_login(page)
    assert told(page.post_to("confirm")) == (409, "authorization_pending")

    assert computers(product) == []


@pytest.mark.row("S-05", "S-09", "F-13")
def test_a_stranger_who_scanned_first_is_refused_by_the_person_at_the_page(
    product: Product, page: LoginPage
) -> None:
    stranger = product.phone(HUANG)
    stranger.let_in(page)
    assert page.qr()["phone_name"] == "黄*"

    answer = page.post_to("not-me").get_json()["qr"]

    assert (answer["state"], answer["hint"]["code"]) == ("cancelled", "cancelled_by_page")
    assert told(page.post_to("confirm")) == (409, "access_denied")
    assert computers(product) == []
    assert events_of(product, id_of(product, HUANG))[-1] == "login.refused_at_page"
    page.open()
    product.phone(WEI).let_in(page)
    assert page.post_to("confirm").status_code == 200


@pytest.mark.row("S-06", "S-09")
def test_yes_and_no_at_once_have_one_outcome(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    value = held(page)
    phone.let_in(page)

    def answer(action: str) -> TestResponse:
        racer = product.browser()
        racer.client.set_cookie("gy_login", value, path="/login")
        return racer.post(f"/login/{action}")

    acts = [lambda: answer("confirm"), lambda: answer("not-me")] * (RACERS // 2)
    answers = together(acts)

    taken = [one for one in answers[::2] if one.status_code == 200]
    assert len(taken) == len(computers(product)) <= 1
    assert page.qr()["state"] == ("consumed" if taken else "cancelled")


@pytest.mark.row("S-08", "S-10")
def test_the_token_of_a_signing_page_opens_no_computer(product: Product) -> None:
    signing = product.signing()
    session_id = signing.scan()["session_id"]
    token = signing.page.client.get_cookie("gy_page", path=signing.page.path)
    assert token
    signing.page.client.set_cookie("gy_login", session_id + token.value, path="/login")

    for action in ("confirm", "not-me", "refresh", "another-phone", "ticket"):
        assert told(signing.page.post(f"/login/{action}")) == (409, "wrong_purpose"), action
    LoginPage(signing.page.client)

    assert signing.page.read()["qr"]["state"] == "scanned"


@pytest.mark.row("S-10", "S-17")
def test_a_partners_key_is_no_way_into_a_login(product: Product, page: LoginPage) -> None:
    product.phone(WEI).let_in(page)
    partner = product.partner()

    for action in ("confirm", "not-me", "ticket"):
        answer = product.browser().post(f"/login/{action}", headers=partner.headers)
        assert told(answer) == (403, "page_token_refused")

    assert page.qr()["state"] == "confirmed"


@pytest.mark.row("S-05")
def test_the_page_may_take_the_code_back_from_a_strangers_phone(
    product: Product, page: LoginPage, phone: PhoneInHand
) -> None:
    product.phone(HUANG).scan_login(page)

    assert page.post_to("another-phone").get_json()["qr"]["state"] == "pending"

    phone.let_in(page)
    assert page.qr()["phone_name"] == "韦*远"
