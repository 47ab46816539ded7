"""Proofs of intent and the method of an owner's seals, for sending twice."""

from tests.factories.changes import Request
from tests.factories.mini_changes import sent
from tests.factories.mini_program import logged_in
from tests.factories.mini_twice import RID
from tests.factories.product import WEI, Product
from tests.factories.twice import Route

SUSPEND = {"action": "suspend_seal", "parameters": {"seal": "seal-1"}}
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


INTENTS = {
    "intents.methods": Route(methods_asked),
    "intents.begin": Route(begun, anew=ANEW, fresh=FRESH),
    "intents.prove_it": Route(proved),
    "mp_intents.methods": Route(mini_methods_asked, fresh=RID),
    "mp_intents.begin": Route(mini_begun, anew=ANEW, fresh=RID | FRESH),
    "mp_intents.prove_it": Route(mini_proved, fresh=RID),
}
