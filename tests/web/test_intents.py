"""意愿认证 by HTTP: what the dialog asks, from the pages and from the mini-program."""

import html
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.accounts.models import FaceCheck
from server.intents import service
from server.intents.actions import Action, Subject
from server.intents.models import Intent
from server.providers.face.local import LocalFace
from tests.factories.devices import Browser
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.product import WEI, Product
from tests.factories.visits import Visit, visit

SUSPEND = {"action": "suspend_seal", "parameters": {"seal": "seal-1"}}
OF_COMPANY = {"action": "apply", "parameters": {"application": "app-1", "enterprise": "ent-1"}}


@pytest.fixture
def phone(product: Product) -> Visit:
    return visit(product)


def begin(phone: Browser | MiniProgram, method: str, **more: Any) -> TestResponse:
    path = "/m/intents" if isinstance(phone, Browser) else "/intents"
    return phone.post(path, {**SUSPEND, "method": method, **more})


def is_proved(product: Product, intent_id: str) -> bool:
    with product.parts.db.read() as uow:
        return uow.session.get_one(Intent, intent_id).proved_at is not None


def spend(visit: Visit, intent_id: str) -> Intent:
    subject = Subject(Action.SUSPEND_SEAL, {"seal": "seal-1"})
    with visit.product.parts.db.begin() as uow:
        return service.spend(uow, intent_id=intent_id, session=visit.session, subject=subject)


@pytest.mark.row("F-29", "F-30")
def test_the_dialog_names_the_act_and_what_is_at_hand(phone: Visit) -> None:
    answer = phone.post("/m/intents/methods", SUSPEND)

    assert answer.get_json() == {
        "action": "停用印章",
        "methods": ["pin", "sms", "face"],
        "phone": "139****0001",
    }
    company = phone.post("/m/intents/methods?lang=en", OF_COMPANY).get_json()
    assert (company["action"], company["methods"]) == ("Apply for seals", ["sms"])


def test_by_pin(product: Product, phone: Visit) -> None:
    begun = begin(phone, "pin").get_json()
    path = f"/m/intents/{begun['intent']}/prove"
    wrong = phone.post(path, {"pin": "000000"})
    assert (wrong.status_code, wrong.get_json()["tries_left"]) == (422, 4)
    assert not is_proved(product, begun["intent"])

    assert phone.post(path, {"pin": WEI.pin}).get_json() == {"outcome": "passed"}
    assert spend(phone, begun["intent"]).method == "pin"


def test_by_a_code(product: Product, phone: Visit) -> None:
    begun = begin(phone, "sms").get_json()
    assert (begun["method"], begun["retry_after"]) == ("sms", 60)
    message = product.sms.messages()[0]
    assert (message.phone, "意愿认证" in message.text) == (WEI.phone, True)
    code = message.text.split("验证码 ")[1][:6]

    answer = phone.post(f"/m/intents/{begun['intent']}/prove", {"code": code})

    assert answer.get_json() == {"outcome": "passed"}
    assert spend(phone, begun["intent"]).method == "sms"
    again = begin(phone, "sms")
    assert (again.status_code, again.get_json()["code"]) == (429, "sms_too_soon")


def test_a_face_leaves_the_page_and_leads_back_to_it(product: Product, phone: Visit) -> None:
    begun = begin(phone, "face", consent=True, back="/m/seals/seal-1").get_json()
    back = phone.decide(begun["next"])
    settled = phone.settle(back).get_json()

    assert settled["next"] == f"/m/seals/seal-1?intent={begun['intent']}&action=suspend_seal"
    assert phone.settle(back).get_json() == settled
    assert spend(phone, begun["intent"]).method == "face"


@pytest.mark.parametrize("back", ["https://evil.test/m/", "//evil.test", "/admin", "/m/\\evil"])
def test_a_face_leads_to_no_other_place(product: Product, phone: Visit, back: str) -> None:
    begun = begin(phone, "face", consent=True, back=back).get_json()

    after = phone.settle(phone.decide(begun["next"])).get_json()["next"]
    assert after == f"/m/?intent={begun['intent']}&action=suspend_seal"


def test_a_face_that_did_not_pass_proves_nothing(product: Product, phone: Visit) -> None:
    begun = begin(phone, "face", consent=True).get_json()
    refused = phone.settle(phone.decide(begun["next"], passes=False))

    assert (refused.status_code, refused.get_json()["code"]) == (422, "face_not_passed")
    assert not is_proved(product, begun["intent"])


@pytest.mark.parametrize("back", ["/m/me/method", "/m/me/method?method=password"])
def test_after_a_face_that_did_not_pass_the_way_back_brings_no_proof(
    phone: Visit, back: str
) -> None:
    begun = begin(phone, "face", consent=True, back=back).get_json()
    after = phone.decide(begun["next"], passes=False)
    [again] = re.findall('data-face-again href="([^"]*)"', phone.get(after).text)

    path, _, rest = html.unescape(again).rpartition("next=")
    assert path == back + ("&" if "?" in back else "?")
    assert "?" not in rest


def test_a_face_for_the_company_proves_no_intent(product: Product) -> None:
    phone = visit(product, by_company=True)
    phone.pass_gate()
    begun = begin(phone, "face", consent=True).get_json()
    phone.settle(phone.decide(phone.begin_face()))

    assert phone.post(f"/m/intents/{begun['intent']}/prove", {}).get_json() == {
        "outcome": "pending"
    }
    assert not is_proved(product, begun["intent"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "sell_seal"},
        {"parameters": {"Seal!": "x"}},
        {"parameters": {"seal": "x" * 129}},
        {"parameters": {f"p{'x' * number}": "" for number in range(13)}},
        {"method": "password"},
    ],
)
def test_what_nobody_could_mean_is_refused(phone: Visit, wrong: dict[str, Any]) -> None:
    answer = phone.post("/m/intents", {**SUSPEND, "method": "pin", **wrong})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_fields")


def test_two_secrets_at_once_are_refused(product: Product, phone: Visit) -> None:
    begun = begin(phone, "pin").get_json()
    both = {"pin": WEI.pin, "code": "123456"}
    answer = phone.post(f"/m/intents/{begun['intent']}/prove", both)

    assert answer.get_json()["code"] == "intent_method_refused"
    assert not is_proved(product, begun["intent"])


@pytest.mark.row("R-12")
def test_the_mini_program_proves_by_pin_and_code_and_a_repeat_is_told_of_the_same(
    product: Product,
) -> None:
    phone = logged_in(product)
    assert phone.post("/intents/methods", SUSPEND).get_json()["methods"] == ["pin", "sms", "face"]
    body = {**SUSPEND, "method": "sms"}
    first, again = (phone.post("/intents", body, key="one").get_json() for _ in range(2))
    assert (first["intent"], first["retry_after"]) == (again["intent"], 60)

    path = f"/intents/{first['intent']}/prove"
    assert told(phone.post(path, {"code": "000000"})) == (422, "wrong_sms_code")
    proved = phone.post(path, {"code": phone.code()}).get_json()
    assert proved["outcome"] == "passed"
    assert is_proved(product, first["intent"])
    by_pin = begin(phone, "pin").get_json()
    phone.post(f"/intents/{by_pin['intent']}/prove", {"pin": WEI.pin})
    assert is_proved(product, by_pin["intent"])


def test_the_mini_program_proves_by_face(product: Product) -> None:
    phone = logged_in(product)
    assert told(begin(phone, "face")) == (422, "consent_needed")
    begun = begin(phone, "face", consent=True).get_json()
    path = f"/intents/{begun['intent']}/prove"
    assert phone.post(path, {}).get_json()["outcome"] == "pending"

    with product.parts.db.read() as uow:
        check_id = uow.session.get_one(Intent, begun["intent"]).face_check_id
        reference = uow.session.get_one(FaceCheck, check_id).reference
    face = product.parts.providers.face
    assert isinstance(face, LocalFace)
    face.decide(reference, passes=True)

    assert phone.post(path, {}).get_json()["outcome"] == "passed"
    assert is_proved(product, begun["intent"])
