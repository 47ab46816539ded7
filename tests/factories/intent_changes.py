"""Proofs of intent and the method of an owner's seals, for sending twice."""

from server.intents.actions import Action, IntentMethod
from tests.factories.changes import Request
from tests.factories.domain import company
from tests.factories.intents import Intents
from tests.factories.mini_changes import sent
from tests.factories.mini_program import MiniProgram, logged_in
from tests.factories.mini_twice import RID
from tests.factories.product import WEI, Product
from tests.factories.twice import Route
from tests.factories.visits import Visit, visit

SUSPEND = {"action": "suspend_seal", "parameters": {"seal": "seal-1"}}
METHOD, SPENT = "/m/me/method", (409, "intent_spent")
TYPED = {"password": "紫薇花开2026", "password_again": "紫薇花开2026"}
BY_PIN = {**SUSPEND, "method": "pin"}
# A proof that was begun twice at once opens nothing twice: each is spent for itself.
ANEW, FRESH = frozenset({"intents"}), frozenset({"intent"})


def methods_asked(product: Product) -> Request:
    return Request(product.phone().client, "/m/intents/methods", body=SUSPEND)


def begun(product: Product) -> Request:
    return Request(product.phone().client, "/m/intents", body=BY_PIN)


def proved(product: Product) -> Request:
    request = begun(product)
    path = f"/m/intents/{request.send().get_json()['intent']}/prove"
    return Request(request.client, path, body={"pin": WEI.pin})


def mini_methods_asked(product: Product) -> Request:
    return sent(logged_in(product), "/intents/methods", SUSPEND)


def mini_begun(product: Product) -> Request:
    return sent(logged_in(product), "/intents", BY_PIN)


def mini_proved(product: Product) -> Request:
    phone = logged_in(product)
    intent_id = phone.post("/intents", BY_PIN).get_json()["intent"]
    return sent(phone, f"/intents/{intent_id}/prove", {"pin": WEI.pin})


def method_saved(product: Product) -> Request:
    phone = visit(product)
    body = {"method": "sms", "intent": proof_for(phone, Action.CHANGE_METHOD, method="sms")}
    return Request(phone.client, METHOD, body=body)


def use_password_set(product: Product) -> Request:
    phone = with_use_password(product)
    body = {**TYPED, "intent": proof_for(phone, Action.RESET_USE_PASSWORD)}
    return Request(phone.client, f"{METHOD}/forgotten", body=body)


def mini_method_saved(product: Product) -> Request:
    phone = logged_in(product)
    body = {"method": "sms", "intent": mini_proof(phone, "change_method", "pin", method="sms")}
    return sent(phone, "/method", body)


def with_use_password(product: Product) -> Visit:
    """The company's uses are verified by a password, which its representative forgets."""
    phone = visit(product)
    proof = proof_for(phone, Action.CHANGE_METHOD, method="password")
    phone.post(METHOD, {"method": "password", "intent": proof, **TYPED})
    return phone


def mini_use_password_set(product: Product) -> Request:
    with_use_password(product)
    phone = logged_in(product)
    body = {**TYPED, "intent": mini_proof(phone, "reset_use_password", "sms")}
    return sent(phone, "/method/password", body)


def proof_for(phone: Visit, action: Action, **more: str) -> str:
    """The representative of the demo's first company means to change what is the company's."""
    with phone.product.parts.db.read() as uow:
        owner = company(uow).id
    parameters = {"owner": owner, "enterprise": owner, **more}
    method = IntentMethod.SMS if action == Action.RESET_USE_PASSWORD else IntentMethod.PIN
    return Intents(phone.product, phone.session).proved(method, action, parameters)


def mini_proof(phone: MiniProgram, action: str, by: str, **more: str) -> str:
    """The same by the mini-program's own requests."""
    parameters = {**phone.get("/method").get_json()["parameters"], **more}
    body = {"action": action, "parameters": parameters, "method": by}
    intent_id: str = phone.post("/intents", body).get_json()["intent"]
    secret = {"pin": phone.person.pin} if by == "pin" else {"code": phone.code()}
    assert phone.post(f"/intents/{intent_id}/prove", secret).status_code == 200
    return intent_id


INTENTS = {
    "intents.methods": Route(methods_asked),
    "intents.begin": Route(begun, anew=ANEW, fresh=FRESH),
    "intents.prove_it": Route(proved),
    "phone_method.save": Route(method_saved, SPENT),
    "phone_method.set_password": Route(use_password_set, SPENT),
    "mp_method.save": Route(mini_method_saved, fresh=RID),
    "mp_method.set_password": Route(mini_use_password_set, fresh=RID),
    "mp_intents.methods": Route(mini_methods_asked, fresh=RID),
    "mp_intents.begin": Route(mini_begun, anew=ANEW, fresh=RID | FRESH),
    "mp_intents.prove_it": Route(mini_proved, fresh=RID),
}
