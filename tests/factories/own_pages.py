"""What somebody types on the pages of 我的: fresh proofs, a name and a document."""

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.devices import PhoneInHand
from tests.factories.product import NEWCOMER, WEI, Product

ME = "/m/me"


def ask_proof(product: Product, phone: PhoneInHand, act: str) -> dict[str, str]:
    """A code to the bound phone for one act, as the body takes it."""
    product.clock.advance(minutes=2)
    assert phone.post(f"{ME}/proof/sms", {"act": act}).get_json() == {"retry_after": 60}
    return {"way": "sms", "code": code_sent(product)}


def code_sent(product: Product) -> str:
    return product.sms.messages()[0].text.split("验证码 ")[1][:6]


def by_password(password: str = WEI.password) -> dict[str, str]:
    return {"way": "password", "password": password}


def newcomer(product: Product) -> PhoneInHand:
    """Registered by phone alone, without a password."""
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    assert phone.post("/m/register", body).status_code == 200
    return phone


def declared(**changed: Any) -> dict[str, Any]:
    """The form of a real name, filled in honestly but for what is `changed`."""
    return {
        "document_type": "resident_id",
        "name": NEWCOMER.name,
        "number": NEWCOMER.id_number,
        "consent_to_id_number": True,
        **changed,
    }


def declare(phone: PhoneInHand, proof: dict[str, str], **changed: Any) -> TestResponse:
    return phone.post(f"{ME}/real-name", {"declared": declared(**changed), "proof": proof})
