"""Coming in by a code sent to the phone: what is asked, what is refused, what is never told."""

import html
import re
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import Account, SmsCode
from tests.factories.devices import Browser, PhoneInHand
from tests.factories.product import HUANG, WEI, Product
from tests.factories.truth import events_of
from tests.fakes.outside import SilentSms

UNKNOWN = "13907719999"


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    """In hand, and nobody logged in on it."""
    return PhoneInHand(product.app.test_client(), WEI, product.sms)


def log_in(browser: Browser, code: str, **other: object) -> TestResponse:
    query = {"next": other.pop("next")} if "next" in other else {}
    body = {"phone": WEI.phone, "code": code, "agreed": True, **other}
    return browser.post("/m/login", body, query_string=query)


def say(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.row("F-06", "S-10")
def test_the_right_code_opens_a_session_under_a_fresh_cookie(
    product: Product, phone: PhoneInHand
) -> None:
    phone.client.set_cookie("gy_phone", "planted-before")
    phone.ask_code()

    answer = log_in(phone, phone.code())

    assert answer.get_json() == {"next": "/m/"}
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]
    assert cookie.value != "planted-before"
    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == 12 * 3600
    assert phone.get("/m/me").status_code == 200
    with product.parts.db.read() as uow:
        account = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
    assert events_of(product, account.id)[-1] == "account.logged_in"


@pytest.mark.row("S-22", "S-44")
def test_neither_code_nor_token_nor_phone_number_stands_in_the_database(
    product: Product, phone: PhoneInHand
) -> None:
    phone.ask_code()
    code = phone.code()
    token = SimpleCookie(log_in(phone, code).headers["Set-Cookie"])["gy_phone"].value
    product.parts.db.close()
    folder = product.parts.settings.data_dir

    stored = b"".join(path.read_bytes() for path in folder.glob("guiyin.sqlite3*"))

    for secret in (token, WEI.phone, WEI.pin):
        assert secret.encode() not in stored
    with product.parts.db.read() as uow:
        assert code not in str([row.__dict__ for row in uow.session.scalars(select(SmsCode))])


@pytest.mark.row("F-04", "P-41")
@pytest.mark.parametrize("body", [{"agreed": False}, {"agreed": None}, {"agreed": "maybe"}, {}])
def test_both_agreements_must_be_ticked(phone: PhoneInHand, body: dict[str, object]) -> None:
    phone.ask_code()
    given = {"phone": WEI.phone, "code": phone.code(), **body}

    answer = phone.post("/m/login", given)

    assert say(answer) in [(422, "agreements_not_ticked"), (422, "invalid_fields")]
    assert "Set-Cookie" not in answer.headers
    assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("S-23")
def test_a_wrong_code_is_refused(phone: PhoneInHand) -> None:
    phone.ask_code()

    assert say(log_in(phone, another(phone.code()))) == (422, "wrong_sms_code")
    assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("S-23")
@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６", "12 34 56"])
def test_what_is_no_code_is_not_even_tried(phone: PhoneInHand, code: str) -> None:
    phone.ask_code()
    for _ in range(6):
        assert say(log_in(phone, code)) == (422, "invalid_fields")

    assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("S-23")
@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 410), (601, 422)])
def test_a_code_lives_five_minutes(
    product: Product, phone: PhoneInHand, seconds: int, status: int
) -> None:
    phone.ask_code()
    product.clock.advance(seconds=seconds)

    assert log_in(phone, phone.code()).status_code == status


@pytest.mark.row("S-23")
def test_a_code_works_once(product: Product, phone: PhoneInHand) -> None:
    phone.ask_code()
    log_in(phone, phone.code())

    assert say(log_in(product.browser(), phone.code())) == (410, "sms_code_expired")


@pytest.mark.row("S-23")
def test_a_newer_code_kills_the_older(product: Product, phone: PhoneInHand) -> None:
    phone.ask_code()
    older = phone.code()
    product.clock.advance(seconds=60)
    phone.ask_code()
    assert older != phone.code()

    assert say(log_in(phone, older)) == (410, "sms_code_expired")
    assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("S-23")
def test_the_code_of_one_phone_opens_no_other(product: Product, phone: PhoneInHand) -> None:
    phone.ask_code()
    PhoneInHand(product.app.test_client(), HUANG, product.sms).ask_code()

    assert say(log_in(phone, phone.code(), phone=HUANG.phone)) == (422, "wrong_sms_code")


@pytest.mark.row("S-23", "P-43")
def test_a_second_code_is_sent_after_a_minute_only(product: Product, phone: PhoneInHand) -> None:
    assert phone.ask_code().get_json() == {"retry_after": 60}
    product.clock.advance(seconds=20)

    answer = phone.ask_code()

    assert say(answer) == (429, "sms_too_soon")
    assert (answer.get_json()["retry_after"], answer.headers["Retry-After"]) == (40, "40")
    assert len(product.sms.messages()) == 1
    product.clock.advance(seconds=40)
    assert phone.ask_code().status_code == 200
    assert len(product.sms.messages()) == 2


@pytest.mark.row("S-24")
def test_a_phone_that_nobody_registered_gets_the_same_answers_and_the_same_message(
    product: Product, phone: PhoneInHand
) -> None:
    unknown, known = phone.ask_code(UNKNOWN), phone.ask_code()
    assert (unknown.status_code, unknown.get_json()) == (known.status_code, known.get_json())
    first, second = (one.text for one in product.sms.messages())
    assert re.sub(r"\d{6}", "", first) == re.sub(r"\d{6}", "", second)
    assert say(phone.ask_code(UNKNOWN)) == say(phone.ask_code()) == (429, "sms_too_soon")

    wrong = another(phone.code())
    for _ in range(6):
        known, unknown = log_in(phone, wrong), log_in(phone, wrong, phone=UNKNOWN)
        assert said(unknown) == said(known)
    assert say(unknown) == (429, "locked")


@pytest.mark.row("S-23", "S-50")
def test_five_wrong_codes_lock_and_the_right_one_is_refused_for_a_quarter_of_an_hour(
    product: Product, phone: PhoneInHand
) -> None:
    phone.ask_code()
    for _ in range(5):
        log_in(phone, another(phone.code()))

    answer = log_in(phone, phone.code())

    assert say(answer) == (429, "locked")
    assert answer.headers["Retry-After"] == "900"
    product.clock.advance(minutes=15)
    phone.ask_code()
    assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("S-23")
def test_a_login_forgives_the_wrong_tries_before_it(product: Product, phone: PhoneInHand) -> None:
    for _ in range(2):
        product.clock.advance(minutes=2)
        phone.ask_code()
        for _ in range(4):
            log_in(phone, another(phone.code()))
        assert log_in(phone, phone.code()).status_code == 200


@pytest.mark.row("R-09")
def test_a_gateway_that_is_down_costs_neither_code_nor_minute(
    product: Product, phone: PhoneInHand
) -> None:
    broken = product.restarted_with(sms=SilentSms())

    answer = broken.browser().post("/m/login/sms", {"phone": WEI.phone})

    assert say(answer) == (503, "sms_unavailable")
    assert phone.ask_code().status_code == 200


@pytest.mark.row("F-06")
@pytest.mark.parametrize(
    "number",
    ["", "1", "1390771000", "0771-4977565", "+1 202 555 0100", "139077100011", "abc", "一"],
)
def test_what_is_no_mobile_phone_is_said_so(phone: PhoneInHand, number: str) -> None:
    answer = phone.ask_code(number or " ")

    assert say(answer) in [(422, "bad_phone"), (422, "invalid_fields")]


@pytest.mark.row("F-06")
@pytest.mark.parametrize("number", ["+86 139-0771-0001", "139 0771 0001", "０８６13907710001"[3:]])
def test_a_phone_may_be_written_as_people_write_it(
    product: Product, phone: PhoneInHand, number: str
) -> None:
    assert phone.ask_code(number).status_code == 200
    assert product.sms.messages()[0].phone == WEI.phone


@pytest.mark.row("S-28")
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/m/",
        "//evil.test/m/",
        "/\\evil.test",
        "/m/\\evil.test",
        "/m//evil.test",
        "/m/../..//evil.test",
        "javascript:alert(1)",
        "/m/\r\nSet-Cookie: x=1",
        "/sign/other",
        "m/",
        "",
    ],
)
def test_a_login_leads_nowhere_else(product: Product, phone: PhoneInHand, target: str) -> None:
    phone.ask_code()

    assert log_in(phone, phone.code(), next=target).get_json() == {"next": "/m/"}
    # Somebody who is logged in is sent on at once.
    answer = phone.get("/m/login", query_string={"next": target})
    assert answer.headers["Location"] == "/m/"
    shown = product.browser().get("/m/login", query_string={"next": target})
    for link in re.findall(r'(?:href|action|src)="([^"]*)"', shown.get_data(as_text=True)):
        place = urlsplit(urljoin("http://127.0.0.1:8321/m/login", html.unescape(link)))
        assert place.netloc in ("127.0.0.1:8321", ""), link
        assert place.scheme in ("http", "tel"), link


@pytest.mark.row("F-38")
def test_a_login_leads_back_to_the_scan(phone: PhoneInHand) -> None:
    phone.ask_code()

    answer = log_in(phone, phone.code(), next="/m/qr/AAAAAAAAAAAAAAAA")

    assert answer.get_json() == {"next": "/m/qr/AAAAAAAAAAAAAAAA"}


@pytest.mark.row("P-43")
def test_the_message_says_who_what_how_long_and_to_tell_nobody(
    product: Product, phone: PhoneInHand
) -> None:
    phone.ask_code()

    text = product.sms.messages()[0].text

    assert text.startswith("【桂印】")
    assert "5 分钟内有效" in text
    assert "请勿泄露" in text
    assert re.search(r"(?<!\d)\d{6}(?!\d)", text)


def said(answer: TestResponse) -> tuple[int, dict[str, object]]:
    body = {key: value for key, value in answer.get_json().items() if key != "request_id"}
    return answer.status_code, body
