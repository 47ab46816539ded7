"""Manual B, step 2.2: a person logs in by phone or document, in any of the ways."""

import pytest

from tests.factories.devices import PhoneInHand
from tests.factories.entry import Entrance, told
from tests.factories.product import NEWCOMER, WEI, Product


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return PhoneInHand(product.app.test_client(), WEI, product.sms)


@pytest.mark.row("F-06")
def test_a_wrong_number_is_said_in_the_manuals_words(phone: PhoneInHand) -> None:
    body = {"name": "450103198506123012", "password": WEI.password, "agreed": True}

    answer = phone.post("/m/login/password", body)

    assert answer.get_json()["detail"] == "请输入正确的手机号/身份证"


@pytest.mark.row("F-06")
def test_an_id_number_logs_in_by_the_code_of_the_bound_phone(phone: PhoneInHand) -> None:
    named = {"document_type": "resident_id", "number": WEI.id_number}
    assert phone.post("/m/login/document/sms", named).status_code == 200

    body = {**named, "code": phone.code(), "agreed": True}
    assert phone.post("/m/login/document", body).get_json() == {"next": "/m/"}

    assert "韦" in phone.get("/m/me").get_data(as_text=True)


@pytest.mark.row("F-06")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_phone_and_id_number_log_in_by_the_account_password(phone: PhoneInHand, name: str) -> None:
    body = {"name": name, "password": WEI.password, "agreed": True}

    assert phone.post("/m/login/password", body).get_json() == {"next": "/m/"}

    assert phone.get("/m/me").status_code == 200


@pytest.mark.row("F-06")
@pytest.mark.parametrize("name", [WEI.phone, WEI.id_number])
def test_phone_and_id_number_log_in_by_face(product: Product, name: str) -> None:
    entrance = Entrance.of(product)
    begun = entrance.post("/m/login/face", {"name": name, "consent": True, "agreed": True})

    assert entrance.show_face(begun).get_json()["next"] == "/m/"

    assert entrance.get("/m/me").status_code == 200


@pytest.mark.row("F-05")
def test_a_forgotten_password_of_an_id_number_is_set_anew_by_face(product: Product) -> None:
    entrance = Entrance.of(product)
    begun = entrance.post("/m/forgot/face", {"name": WEI.id_number, "consent": True})
    assert entrance.show_face(begun).get_json()["next"] == "/m/forgot/new"
    assert entrance.post("/m/forgot/new", {"password": "renewed-2026"}).status_code == 200

    body = {"name": WEI.id_number, "password": "renewed-2026", "agreed": True}
    assert entrance.post("/m/login/password", body).get_json() == {"next": "/m/"}


@pytest.mark.row("F-06", "F-02")
def test_a_declared_number_is_bound_to_nobody_before_it_is_proved(product: Product) -> None:
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    named = {"document_type": "resident_id", "number": NEWCOMER.id_number}
    declared = {**named, "name": NEWCOMER.name, "consent_to_id_number": True}
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True, "declared": declared}
    assert phone.post("/m/register", body).status_code == 200
    product.clock.advance(minutes=2)
    sent = len(product.sms.messages())

    assert phone.post("/m/login/document/sms", named).status_code == 200

    assert len(product.sms.messages()) == sent
    guess = {**named, "code": phone.code(), "agreed": True}
    assert told(phone.post("/m/login/document", guess)) == (422, "wrong_sms_code")
