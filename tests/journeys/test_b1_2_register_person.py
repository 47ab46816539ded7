"""Manual B, step 1.2: a person registers, by the phone alone or with name and document."""

import pytest

from tests.factories.devices import PhoneInHand
from tests.factories.product import NEWCOMER, Product


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    return PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)


@pytest.mark.row("F-03")
def test_a_person_registers_by_phone_and_comes_back_by_a_code(
    product: Product, phone: PhoneInHand
) -> None:
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    assert phone.post("/m/login", body).get_json()["code"] == "registration_needed"

    assert phone.post("/m/register", body).status_code == 200

    assert "未实名" in phone.get("/m/me").get_data(as_text=True)
    phone.post("/m/logout")
    product.clock.advance(minutes=2)
    phone.log_in()
    assert phone.get("/m/").status_code == 200


@pytest.mark.row("F-02", "F-07")
def test_a_person_registers_with_a_name_and_a_document_by_the_link(
    product: Product, phone: PhoneInHand
) -> None:
    assert "/m/register" in phone.get("/m/login").get_data(as_text=True)
    assert phone.get("/m/register").status_code == 200
    phone.ask_code()
    declared = {
        "document_type": "resident_id",
        "name": NEWCOMER.name,
        "number": NEWCOMER.id_number,
        "consent_to_id_number": True,
    }
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True, "declared": declared}

    assert phone.post("/m/register", body).status_code == 200

    shown = phone.get("/m/me").get_data(as_text=True)
    assert "农" in shown
    assert NEWCOMER.id_number not in shown
