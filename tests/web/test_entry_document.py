"""Logging in by a document's number: the four types, by code and by password (F-06, F-07)."""

from http.cookies import SimpleCookie

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from server.accounts.id_documents import IdDocument, document_index
from server.accounts.models import Account
from tests.factories.devices import PhoneInHand
from tests.factories.entry import another, said, told
from tests.factories.product import HUANG, NEWCOMER, WEI, Product

PERMITS = {
    "hk_macao_permit": "H12345678",
    "taiwan_permit": "12345678",
    "permanent_resident_card": "ABC110012345678",
}
RESIDENT = "resident_id"
UNKNOWN = NEWCOMER.id_number


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    """In hand, and nobody logged in on it."""
    return PhoneInHand(product.app.test_client(), WEI, product.sms)


def ask(phone: PhoneInHand, number: str, kind: str = RESIDENT) -> TestResponse:
    return phone.post("/m/login/document/sms", {"document_type": kind, "number": number})


def log_in(
    phone: PhoneInHand, number: str, code: str, kind: str = RESIDENT, *, agreed: bool = True
) -> TestResponse:
    body = {"document_type": kind, "number": number, "code": code, "agreed": agreed}
    return phone.post("/m/login/document", body)


def hold(product: Product, kind: str) -> None:
    """From now on the person's proven document is a permit of this kind."""
    index = document_index(product.parts.providers.keys, IdDocument(kind, PERMITS[kind]))
    with product.parts.db.begin() as uow:
        mine = update(Account).where(Account.name == WEI.name)
        uow.session.execute(mine.values(id_number_index=index, document_type=kind))


@pytest.mark.row("F-06", "S-10")
def test_a_residents_number_and_the_code_of_the_bound_phone_open_a_session(
    phone: PhoneInHand,
) -> None:
    phone.client.set_cookie("gy_phone", "planted-before")
    assert ask(phone, WEI.id_number).get_json() == {"retry_after": 60}

    answer = log_in(phone, WEI.id_number, phone.code())

    assert answer.get_json() == {"next": "/m/"}
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]
    assert len(cookie.value) >= 43
    assert phone.get("/m/me").status_code == 200
    assert told(log_in(phone, WEI.id_number, phone.code())) == (410, "sms_code_expired")


@pytest.mark.row("F-06", "F-07")
@pytest.mark.parametrize("kind", PERMITS)
def test_each_of_the_other_documents_logs_in_by_code_and_by_password(
    product: Product, phone: PhoneInHand, kind: str
) -> None:
    hold(product, kind)
    number = f" {PERMITS[kind][:4].lower()} {PERMITS[kind][4:]}"
    ask(phone, number, kind)

    assert log_in(phone, number, phone.code(), kind).status_code == 200
    body = {"name": number, "document_type": kind, "password": WEI.password, "agreed": True}
    assert phone.post("/m/login/password", body).status_code == 200
    product.clock.advance(minutes=2)
    forgot = {"name": number, "document_type": kind}
    assert phone.post("/m/forgot/sms", forgot).status_code == 200
    fresh = {**forgot, "code": phone.code(), "password": "another-2026"}
    assert phone.post("/m/forgot", fresh).status_code == 200


@pytest.mark.row("F-06", "F-07")
@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (RESIDENT, "450103198506123012"),
        (RESIDENT, WEI.phone),
        ("hk_macao_permit", "X12345678"),
        ("taiwan_permit", "1234567"),
        ("permanent_resident_card", WEI.id_number),
    ],
)
def test_a_number_that_no_such_document_has_is_said_in_one_sentence(
    phone: PhoneInHand, kind: str, number: str
) -> None:
    for answer in (ask(phone, number, kind), log_in(phone, number, "000000", kind)):
        assert told(answer) == (422, "bad_id_number")
        assert answer.get_json()["detail"] == "请输入正确的手机号/身份证"
    assert phone.sms.messages() == []


@pytest.mark.row("F-07")
def test_a_document_that_is_not_offered_is_refused(phone: PhoneInHand) -> None:
    assert told(ask(phone, "E12345678", "passport")) == (422, "unknown_document_type")


@pytest.mark.row("S-24", "S-23")
def test_a_number_that_nobody_has_is_answered_as_one_that_somebody_has(
    phone: PhoneInHand,
) -> None:
    assert said(ask(phone, WEI.id_number)) == said(ask(phone, UNKNOWN))
    assert {one.phone for one in phone.sms.messages()} == {WEI.phone}
    assert said(ask(phone, WEI.id_number)) == said(ask(phone, UNKNOWN))
    wrong = another(phone.code())
    for _ in range(6):
        known = log_in(phone, WEI.id_number, wrong)
        assert said(known) == said(log_in(phone, UNKNOWN, wrong))
        assert "Set-Cookie" not in known.headers
    assert told(log_in(phone, WEI.id_number, phone.code())) == (429, "locked")


@pytest.mark.row("S-23")
def test_a_code_is_good_for_the_name_alone_that_it_was_asked_for(
    product: Product, phone: PhoneInHand
) -> None:
    ask(phone, WEI.id_number)
    code = phone.code()

    assert told(log_in(phone, HUANG.id_number, code)) == (422, "wrong_sms_code")
    by_phone = {"phone": WEI.phone, "code": code, "agreed": True}
    assert told(phone.post("/m/login", by_phone)) == (422, "wrong_sms_code")


@pytest.mark.row("F-06", "P-41")
def test_the_right_code_without_the_tick_opens_nothing_and_stays_good(phone: PhoneInHand) -> None:
    ask(phone, WEI.id_number)

    answer = log_in(phone, WEI.id_number, phone.code(), agreed=False)

    assert told(answer) == (422, "agreements_not_ticked")
    assert "Set-Cookie" not in answer.headers
    assert log_in(phone, WEI.id_number, phone.code()).status_code == 200


@pytest.mark.row("F-06", "F-07", "F-02", "F-03")
def test_the_page_offers_four_documents_and_says_what_to_type(product: Product) -> None:
    page = product.browser().get("/m/login").get_data(as_text=True)

    for words in ("手机号/身份证号", "请输入手机号/身份证号"):
        assert words in page
    for way in ("短信验证码", "账号密码", "注册/登录", "实名注册", "手机号注册", "收不到验证码"):
        assert way in page
    assert page.count("<option") == 4
    assert product.browser().get("/m/forgot").get_data(as_text=True).count("<option") == 4
