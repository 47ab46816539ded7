"""What somebody who applies for seals changes, for sending twice."""

from typing import Any

from server.applications.models import Way
from tests.factories.applying import COMPANY_PAPERS, SQUARE, Applying, paper
from tests.factories.certifications import Certifying
from tests.factories.changes import Ready, Request
from tests.factories.devices import multipart
from tests.factories.mini_changes import sent
from tests.factories.mini_program import MP, MiniProgram, logged_in
from tests.factories.mini_twice import RID
from tests.factories.product import Product
from tests.factories.twice import Route

MOVED_ON = (409, "application_moved_on")
TOO_SOON = (429, "certification_text_too_soon")


def begun(product: Product) -> Request:
    here = Applying.here(product)
    body = {"enterprise_id": here.company(), "seals": [{"kind": "company"}]}
    return Request(here.phone.client, "/m/apply", body=body)


def begun_fast(product: Product) -> Request:
    here = Applying.here(product)
    return Request(here.phone.client, "/m/apply/fast", body={"enterprise_id": here.company()})


def begun_for_oneself(product: Product) -> Request:
    here = Applying.here(product)
    return Request(here.phone.client, "/m/apply/personal", body={"seals": [SQUARE]})


def of_draft(page: str, body: dict[str, Any]) -> Ready:
    def ready(product: Product) -> Request:
        here = Applying.here(product)
        here.choose("company")
        return Request(here.phone.client, f"{here.path}/{page}", body=body)

    return ready


def picture_handed_in(product: Product) -> Request:
    here = Applying.here(product)
    here.choose("company")
    form = multipart("picture", "p.jpg", paper())
    return Request(here.phone.client, f"{here.path}/materials/licence", form=form)


def submitted(product: Product) -> Request:
    here = _filled(product)
    return Request(here.phone.client, f"{here.path}/submit", body={"intent": here.intent()})


def withdrawn(product: Product) -> Request:
    here = _filled(product).submitted()
    return Request(here.phone.client, f"{here.path}/withdraw")


def text_asked(product: Product) -> Request:
    here = _certifying(product)
    return Request(here.phone.client, f"{here.path}/texts")


def mini_begun(product: Product) -> Request:
    return sent(logged_in(product), "/applications", {"seals": [SQUARE]})


def mini_begun_fast(product: Product) -> Request:
    company = Applying.here(product).company()
    return sent(logged_in(product), "/applications/fast", {"enterprise_id": company})


def mini_of_draft(act: str, body: dict[str, Any]) -> Ready:
    def ready(product: Product) -> Request:
        here = Applying.here(product)
        here.choose("company")
        return sent(logged_in(product), f"/applications/{here.id}/{act}", body)

    return ready


def mini_picture(product: Product) -> Request:
    here = Applying.here(product)
    here.choose("company")
    phone = logged_in(product)
    path, form = (
        f"{MP}/applications/{here.id}/materials/licence",
        multipart("picture", "p", paper()),
    )
    return Request(product.app.test_client(), path, headers=phone.headers(), form=form)


def mini_submitted(product: Product) -> Request:
    here = _filled(product)
    phone = logged_in(product)
    shown = phone.get(f"/applications/{here.id}").get_json()
    body = {"intent": mini_proof(phone, shown["intent_parameters"])}
    return sent(phone, f"/applications/{here.id}/submit", body)


def mini_withdrawn(product: Product) -> Request:
    here = _filled(product).submitted()
    return sent(logged_in(product), f"/applications/{here.id}/withdraw")


def mini_text_asked(product: Product) -> Request:
    here = _certifying(product)
    return sent(logged_in(product), f"/applications/{here.id}/texts")


def mini_entered(product: Product) -> Request:
    case = Certifying.begun(product, Way.PERSONAL)
    return sent(logged_in(product), f"/certifications/{case.row().id}/enter")


def mini_proof(phone: MiniProgram, parameters: dict[str, str]) -> str:
    """A proof by a code that the mini-program has asked for."""
    about = {"action": "apply", "parameters": parameters, "method": "sms"}
    intent_id: str = phone.post("/intents", about).get_json()["intent"]
    assert phone.post(f"/intents/{intent_id}/prove", {"code": phone.code()}).status_code == 200
    return intent_id


def _filled(product: Product) -> Applying:
    here = Applying.here(product)
    here.choose("company")
    return here.filled(COMPANY_PAPERS)


def _certifying(product: Product) -> Applying:
    here = _filled(product).submitted()
    product.work()
    product.clock.advance(minutes=2)
    return here


NAMED_ANEW = frozenset({"application_parties"})
CHANGED = RID | {"application", "intent_parameters"}
PEOPLE, METHOD = {"same": True}, {"method": "sms"}
APPLYING = {
    "apply_company.begin": Route(begun),
    "apply_company.begin_fast": Route(begun_fast),
    "apply_personal.begin": Route(begun_for_oneself),
    "apply_materials.take": Route(picture_handed_in),
    "apply_steps.keep_details": Route(of_draft("details", PEOPLE), anew=NAMED_ANEW),
    "apply_steps.keep_method": Route(of_draft("method", METHOD)),
    "apply_steps.submit": Route(submitted, MOVED_ON),
    "apply_progress.withdraw": Route(withdrawn),
    "apply_progress.send_again": Route(text_asked, TOO_SOON),
    "mp_applications.begin": Route(mini_begun, fresh=CHANGED),
    "mp_applications.begin_fast": Route(mini_begun_fast, fresh=CHANGED),
    "mp_applications.keep_people": Route(
        mini_of_draft("people", PEOPLE),
        anew=NAMED_ANEW,
        fresh=CHANGED,
    ),
    "mp_applications.keep_method": Route(mini_of_draft("method", METHOD), fresh=CHANGED),
    "mp_applications.take_picture": Route(mini_picture, fresh=RID),
    "mp_applications.submit": Route(mini_submitted, fresh=RID, busy=MOVED_ON),
    "mp_applications.withdraw": Route(mini_withdrawn, fresh=RID),
    "mp_certifications.enter": Route(mini_entered, fresh=RID | {"url"}),
    "mp_applications.send_again": Route(mini_text_asked, TOO_SOON),
}
