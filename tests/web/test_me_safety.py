"""我的: another phone, another password, a real name, each by a fresh proof; and the log."""

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import Account, Level
from tests.factories.devices import PhoneInHand
from tests.factories.own_pages import ask_proof, by_password, code_sent, declare, newcomer
from tests.factories.product import HUANG, NEWCOMER, WEI, Product

NEW = "another-2026"
NEW_PHONE = "13907718888"
ME = "/m/me"


def told(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def set_password(phone: PhoneInHand, proof: dict[str, str], password: str = NEW) -> TestResponse:
    return phone.post(f"{ME}/password", {"proof": proof, "password": password})


def log_in(product: Product, name: str, password: str) -> TestResponse:
    body = {"name": name, "password": password, "agreed": True}
    return product.browser().post("/m/login/password", body)


def change_phone(
    product: Product, phone: PhoneInHand, to: str, proof: dict[str, str]
) -> TestResponse:
    product.clock.advance(minutes=2)
    assert phone.post(f"{ME}/phone/sms", {"phone": to}).status_code == 200
    assert product.sms.messages()[0].phone == to
    body = {"phone": to, "code": code_sent(product), "proof": proof}
    return phone.post(f"{ME}/phone", body)


@pytest.mark.row("P-38")
@pytest.mark.parametrize("way", ["sms", "password"])
def test_a_fresh_proof_sets_the_password_and_ends_the_other_logins(
    product: Product, way: str
) -> None:
    other, phone = product.phone(), product.phone()
    proof = by_password() if way == "password" else ask_proof(product, phone, "password")

    assert set_password(phone, proof).get_json() == {"next": f"{ME}?done=password"}

    assert (other.get(ME).status_code, phone.get(ME).status_code) == (401, 200)
    assert log_in(product, WEI.phone, NEW).status_code == 200
    assert told(log_in(product, WEI.phone, WEI.password)) == (422, "wrong_password")


@pytest.mark.row("P-38", "S-23")
def test_a_session_alone_sets_no_password(product: Product) -> None:
    phone = product.phone()
    of_another_act = ask_proof(product, phone, "phone")

    assert told(set_password(phone, of_another_act)) == (422, "wrong_sms_code")
    assert told(set_password(phone, by_password("wrong-1234"))) == (422, "wrong_password")
    assert told(phone.post(f"{ME}/password", {"password": NEW})) == (422, "invalid_fields")
    assert log_in(product, WEI.phone, WEI.password).status_code == 200


@pytest.mark.row("S-23")
def test_the_code_of_another_session_proves_nothing(product: Product) -> None:
    phone, thief = product.phone(), product.phone()
    proof = ask_proof(product, phone, "password")

    assert told(set_password(thief, proof)) == (422, "wrong_sms_code")


@pytest.mark.row("P-38")
@pytest.mark.parametrize("password", ["short1", "12345678", f"a{WEI.phone}"])
def test_a_weak_password_is_refused_before_the_proof_is_spent(
    product: Product, password: str
) -> None:
    phone = product.phone()
    proof = ask_proof(product, phone, "password")

    assert told(set_password(phone, proof, password)) == (422, "weak_password")

    assert set_password(phone, proof).status_code == 200


@pytest.mark.row("P-38", "S-49")
def test_another_phone_is_bound_by_its_code_and_the_owners_proof(product: Product) -> None:
    other, phone = product.phone(), product.phone()
    proof = ask_proof(product, phone, "phone")

    answer = change_phone(product, phone, NEW_PHONE, proof)

    assert answer.get_json() == {"next": f"{ME}?done=phone"}
    assert other.get(ME).status_code == 401
    assert "139****8888" in phone.get(ME).get_data(as_text=True)
    assert log_in(product, NEW_PHONE, WEI.password).status_code == 200
    assert told(log_in(product, WEI.phone, WEI.password)) == (422, "wrong_password")


@pytest.mark.row("P-38", "S-24")
def test_that_a_phone_is_taken_is_told_only_to_its_holder(product: Product) -> None:
    phone = product.phone()
    product.clock.advance(minutes=2)
    asked = [phone.post(f"{ME}/phone/sms", {"phone": to}) for to in (HUANG.phone, NEW_PHONE)]
    assert asked[0].get_json() == asked[1].get_json() == {"retry_after": 60}
    guessed = {"phone": HUANG.phone, "code": "000000", "proof": by_password()}
    assert told(phone.post(f"{ME}/phone", guessed)) == (422, "wrong_sms_code")

    answer = change_phone(product, phone, HUANG.phone, by_password())

    assert told(answer) == (409, "phone_taken")
    assert log_in(product, HUANG.phone, HUANG.password).status_code == 200


@pytest.mark.row("P-37")
def test_a_phone_only_account_is_raised_to_a_declared_name(product: Product) -> None:
    phone = newcomer(product)
    before = phone.get(f"{ME}/real-name").get_data(as_text=True)
    proof = ask_proof(product, phone, "real_name")

    assert declare(phone, proof).get_json() == {"next": f"{ME}/real-name"}

    shown = phone.get(f"{ME}/real-name").get_data(as_text=True)
    assert ("未实名" in before, "实名待核验" in shown) == (True, True)
    assert "4501**********1220" in shown
    assert NEWCOMER.id_number not in shown
    assert "实名待核验" in phone.get(ME).get_data(as_text=True)


@pytest.mark.row("P-37", "P-41")
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"consent_to_id_number": False}, (422, "consent_needed")),
        ({"number": "450103199203151221"}, (422, "bad_id_number")),
        ({"name": "农1"}, (422, "bad_name")),
        ({"document_type": "passport"}, (422, "unknown_document_type")),
    ],
)
def test_a_slip_in_the_form_is_told_and_costs_no_code(
    product: Product, changed: dict[str, Any], expected: tuple[int, str]
) -> None:
    phone = newcomer(product)
    proof = ask_proof(product, phone, "real_name")

    assert told(declare(phone, proof, **changed)) == expected

    assert declare(phone, proof).status_code == 200


@pytest.mark.row("P-37")
def test_what_a_face_has_proved_is_not_written_over(product: Product) -> None:
    phone = product.phone(WEI)
    assert "real-name-form" not in phone.get(f"{ME}/real-name").get_data(as_text=True)

    declare(phone, ask_proof(product, phone, "real_name"))

    with product.parts.db.read() as uow:
        kept = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
    assert kept.level == Level.PROVEN


@pytest.mark.row("P-38")
def test_who_has_no_password_is_not_asked_for_one(product: Product) -> None:
    shown = newcomer(product).get(f"{ME}/password").get_data(as_text=True)

    assert "proof_password" not in shown
    assert "设置登录密码" in shown
    assert 'value="password"' in product.phone(WEI).get(f"{ME}/password").get_data(as_text=True)


@pytest.mark.row("P-38")
def test_the_log_tells_its_owner_what_happened_and_nobody_else(product: Product) -> None:
    phone = product.phone()
    set_password(phone, by_password())

    shown = phone.get(f"{ME}/log").get_data(as_text=True)

    assert shown.index("设置登录密码") < shown.index("短信验证码登录")
    others = product.phone(HUANG).get(f"{ME}/log").get_data(as_text=True)
    assert "设置登录密码" not in others
    english = phone.get(f"{ME}/log", query_string={"lang": "en"}).get_data(as_text=True)
    assert "Password set" in english


@pytest.mark.row("P-38")
def test_a_long_log_goes_on_page_by_page(product: Product) -> None:
    phone = product.phone()
    for _ in range(11):  # a login, and the end of the one before
        product.clock.advance(minutes=1)
        phone = product.phone()
        phone.post(f"{ME}/devices/end-others")
    first = phone.get(f"{ME}/log").get_data(as_text=True)
    assert first.count('class="use"') == 20

    cursor = first.split("/m/me/log?cursor=")[1].split('"')[0]

    second = phone.get(f"{ME}/log?cursor={cursor}").get_data(as_text=True)
    assert 0 < second.count('class="use"') < 20
    assert phone.get(f"{ME}/log?cursor=x").status_code == 422
