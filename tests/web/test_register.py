"""Registering on the phone page: by the phone alone or with a declared document (F-02, F-03)."""

from http.cookies import SimpleCookie
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.accounts.models import Account, Consent, Level
from tests.factories.devices import Browser, PhoneInHand
from tests.factories.product import LI, NEWCOMER, WEI, Product

DECLARED = {
    "document_type": "resident_id",
    "name": NEWCOMER.name,
    "number": NEWCOMER.id_number,
    "consent_to_id_number": True,
}


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    """In hand, with a code, and nobody registered on it."""
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    return phone


def register(phone: PhoneInHand, **other: Any) -> TestResponse:
    body = {"phone": phone.person.phone, "code": phone.code(), "agreed": True, **other}
    return phone.post("/m/register", body)


def say(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def accounts(product: Product) -> int:
    with product.parts.db.read() as uow:
        return uow.session.scalar(select(func.count()).select_from(Account)) or 0


def newest(product: Product) -> Account:
    with product.parts.db.read() as uow:
        newest_first = select(Account).order_by(Account.created_at.desc(), Account.name)
        return uow.session.scalars(newest_first.where(Account.level != Level.PROVEN)).one()


def kinds(product: Product, account: Account) -> set[str]:
    with product.parts.db.read() as uow:
        mine = select(Consent.kind).where(Consent.account_id == account.id)
        return {str(kind) for kind in uow.session.scalars(mine)}


@pytest.mark.row("F-03", "S-10")
def test_the_code_that_a_login_refused_registers_the_phone(
    product: Product, phone: PhoneInHand
) -> None:
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    assert say(phone.post("/m/login", body)) == (409, "registration_needed")
    phone.client.set_cookie("gy_phone", "planted-before")

    answer = register(phone)

    assert answer.get_json() == {"next": "/m/"}
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["gy_phone"]
    assert len(cookie.value) >= 43
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == 12 * 3600
    assert phone.get("/m/me").status_code == 200
    account = newest(product)
    assert (account.level, account.name) == (Level.PHONE, "")
    assert kinds(product, account) == {"terms", "privacy"}


@pytest.mark.row("F-02")
def test_a_declared_name_and_document_are_kept_as_a_claim(
    product: Product, phone: PhoneInHand
) -> None:
    assert register(phone, declared=DECLARED).status_code == 200

    account = newest(product)
    assert (account.level, account.name) == (Level.DECLARED, NEWCOMER.name)
    assert kinds(product, account) == {"terms", "privacy", "id_number"}


@pytest.mark.row("F-02", "P-41")
@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ({"consent_to_id_number": False}, "consent_needed"),
        ({"number": "450103198506123012"}, "bad_id_number"),
        ({"name": "张三1"}, "bad_name"),
        ({"document_type": "passport"}, "unknown_document_type"),
    ],
)
def test_a_slip_in_the_form_makes_no_account_and_costs_no_try(
    product: Product, phone: PhoneInHand, slip: dict[str, Any], code: str
) -> None:
    before = accounts(product)
    for _ in range(6):
        assert say(register(phone, declared={**DECLARED, **slip})) == (422, code)
    assert accounts(product) == before

    assert register(phone, declared=DECLARED).status_code == 200


@pytest.mark.row("F-03", "P-41")
def test_nobody_registers_without_ticking_the_agreements(
    product: Product, phone: PhoneInHand
) -> None:
    before = accounts(product)

    answer = register(phone, agreed=False)

    assert say(answer) == (422, "agreements_not_ticked")
    assert "Set-Cookie" not in answer.headers
    assert accounts(product) == before


@pytest.mark.row("F-03", "S-23")
def test_a_wrong_code_registers_nobody(product: Product, phone: PhoneInHand) -> None:
    before = accounts(product)
    wrong = f"{(int(phone.code()) + 1) % 1_000_000:06d}"

    for _ in range(5):
        assert say(register(phone, code=wrong)) == (422, "wrong_sms_code")

    assert say(register(phone)) == (429, "locked")
    assert accounts(product) == before


@pytest.mark.row("S-24")
@pytest.mark.parametrize("declared", [None, DECLARED])
def test_who_is_registered_already_comes_in_by_the_same_answer_and_keeps_his_name(
    product: Product, phone: PhoneInHand, declared: dict[str, Any] | None
) -> None:
    known = PhoneInHand(product.app.test_client(), WEI, product.sms)
    known.ask_code()
    wrong = f"{(int(known.code()) + 1) % 1_000_000:06d}"
    before = accounts(product)
    refused = [register(one, code=wrong, declared=declared) for one in (known, phone)]
    assert len({say(answer) for answer in refused}) == 1

    answers = [register(one, declared=declared) for one in (known, phone)]

    assert [(one.status_code, one.get_json()) for one in answers] == [(200, {"next": "/m/"})] * 2
    assert accounts(product) == before + 1
    assert "韦" in known.get("/m/me").get_data(as_text=True)


@pytest.mark.row("F-02", "S-24")
def test_the_number_of_somebody_else_is_neither_told_nor_taken(
    product: Product, phone: PhoneInHand
) -> None:
    declared = {**DECLARED, "name": LI.name, "number": LI.id_number}

    answer = register(phone, declared=declared)

    assert (answer.status_code, answer.get_json()) == (200, {"next": "/m/"})
    assert newest(product).id_number_index is None


@pytest.mark.row("F-02", "F-07")
def test_the_page_offers_the_documents_and_sends_who_is_logged_in_on(product: Product) -> None:
    page = Browser(product.app.test_client()).get("/m/register")

    for name in ("居民身份证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证"):
        assert name in page.get_data(as_text=True)
    assert product.phone().get("/m/register").headers["Location"] == "/m/"
