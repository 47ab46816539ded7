"""What a person changes of his certificate, on his pages and in the mini-program, for twice."""

from typing import Any

from sqlalchemy import delete, select

from server.accounts.models import FaceCheck
from server.certificates.models import PersonalKey
from server.providers.face.local import LocalFace
from tests.factories.changes import KEY, Request
from tests.factories.devices import PhoneInHand
from tests.factories.logins import id_of
from tests.factories.mini_program import MP, MiniProgram, logged_in
from tests.factories.own_pages import ME, ask_proof, code_sent
from tests.factories.product import HUANG, WEI, Product
from tests.factories.twice import CHECKS, Route

PAGE, PIN = f"{ME}/certificate", "271828"
TYPED = {"pin": PIN, "pin_again": PIN}
RID = frozenset({"rid"})


def without_certificate(product: Product) -> None:
    """黄淼 as he was before he downloaded one."""
    with product.parts.db.begin() as uow:
        his = PersonalKey.account_id == id_of(product, HUANG)
        uow.session.execute(delete(PersonalKey).where(his))


def certificate_downloaded(product: Product) -> Request:
    without_certificate(product)
    phone = product.phone(HUANG)
    code = ask_proof(product, phone, "certificate")["code"]
    return Request(phone.client, PAGE, body={**TYPED, "code": code})


def pin_changed(product: Product) -> Request:
    return Request(product.phone().client, f"{PAGE}/pin", body={**TYPED, "old_pin": WEI.pin})


def face_asked(product: Product) -> Request:
    return Request(product.phone().client, f"{PAGE}/forgot/face", body={"consent": True})


def show_face(product: Product, phone: PhoneInHand) -> None:
    """Begin the check for a forgotten PIN, pass it, and come back from it."""
    begun = phone.post(f"{PAGE}/forgot/face", {"consent": True})
    assert begun.status_code == 200, begun.get_json()
    pass_newest(product)
    settled = phone.post(f"/m/face/settle?next={PAGE}/forgot/new", {})
    assert settled.get_json()["outcome"] == "passed"


def pass_newest(product: Product) -> str:
    """The face that was asked for last is the right one; the id of its check."""
    with product.parts.db.read() as uow:
        check = uow.session.scalars(select(FaceCheck).order_by(FaceCheck.id.desc())).first()
    double = product.parts.providers.face
    assert isinstance(double, LocalFace)
    assert check is not None
    double.decide(check.reference, passes=True)
    return check.id


def pin_reset(product: Product) -> Request:
    phone = product.phone()
    code = ask_proof(product, phone, "reset_pin")["code"]
    show_face(product, phone)
    return Request(phone.client, f"{PAGE}/forgot/new", body={**TYPED, "code": code})


def mini_sent(phone: MiniProgram, path: str, body: Any) -> Request:
    client, headers = phone.product.app.test_client(), {**phone.headers(), **KEY}
    return Request(client, f"{MP}/certificate{path}", "POST", body, headers)


def mini_code(phone: MiniProgram, act: str) -> str:
    phone.product.clock.advance(minutes=2)
    answer = phone.post("/certificate/sms", {"act": act})
    assert answer.status_code == 200, answer.get_json()
    return code_sent(phone.product)


def mini_code_asked(product: Product) -> Request:
    phone = logged_in(product)
    product.clock.advance(minutes=2)
    return mini_sent(phone, "/sms", {"act": "reset_pin"})


def mini_downloaded(product: Product) -> Request:
    without_certificate(product)
    phone = logged_in(product, HUANG)
    return mini_sent(phone, "", {**TYPED, "code": mini_code(phone, "certificate")})


def mini_pin_changed(product: Product) -> Request:
    return mini_sent(logged_in(product), "/pin", {**TYPED, "old_pin": WEI.pin})


def mini_pin_reset(product: Product) -> Request:
    phone = logged_in(product)
    code = mini_code(phone, "reset_pin")
    begun = phone.post("/face/sessions", {"purpose": "reset_pin", "consent": True}).get_json()
    pass_newest(product)
    path = f"/face/sessions/{begun['face_id']}/result"
    assert phone.post(path, {}).get_json()["outcome"] == "passed"
    return mini_sent(phone, "/reset", {**TYPED, "code": code, "face_id": begun["face_id"]})


# One new PIN asks for keys of his own and for a ring's, and has two things done later.
SEVERAL = frozenset({"jobs", "key_requests", "requested_keys"})

OF_CERTIFICATES = {
    "phone_certificate.download": Route(certificate_downloaded),
    # The old PIN is wrong by then, and a try at it is a try.
    "phone_certificate.change_pin": Route(pin_changed, (422, "wrong_pin"), alone=False),
    "phone_certificate.begin_face": Route(face_asked, anew=CHECKS, fresh=frozenset({"next"})),
    "phone_certificate.reset": Route(pin_reset, anew=SEVERAL),
}
OF_CERTIFICATES_MINI = {
    "mp_certificate.send_code": Route(mini_code_asked, fresh=RID, busy=(429, "sms_too_soon")),
    "mp_certificate.download": Route(mini_downloaded, fresh=RID),
    "mp_certificate.change_pin": Route(mini_pin_changed, fresh=RID, busy=(422, "wrong_pin")),
    "mp_certificate.reset": Route(mini_pin_reset, anew=SEVERAL, fresh=RID),
}
