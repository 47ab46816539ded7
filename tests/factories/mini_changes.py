"""The requests of the mini-program that change something, each ready to be sent."""

from typing import Any

from sqlalchemy import delete, select

from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import AccountSession, Consent, FaceCheck
from server.providers.face.local import LocalFace
from server.seed import DemoPerson
from tests.factories.changes import KEY, Ready, Request
from tests.factories.entry import LIUZHOU, OFFICE, SECRET
from tests.factories.mini_program import MP, MiniProgram, logged_in
from tests.factories.product import NEWCOMER, WEI, Product, Signing
from tests.fakes.wechat import OneWeChat

NEW_PASSWORD = "another-2026"
PERSON = {"account_type": "person", "id_no": WEI.phone}
FACE = {"id_no": WEI.id_number, "consent": True}


def sent(phone: MiniProgram, path: str, body: Any = None, method: str = "POST") -> Request:
    """By this mini-program, each time under the same key."""
    client, headers = phone.product.app.test_client(), {**phone.headers(), **KEY}
    return Request(client, MP + path, method, body, headers)


def of_mini(path: str, body: Any = None) -> Ready:
    return lambda product: sent(logged_in(product), path, body)


def code_asked(product: Product) -> Request:
    return sent(MiniProgram(product), "/auth/sms", {"purpose": "enter", "id_no": WEI.phone})


def logged_in_by_code(product: Product) -> Request:
    phone = MiniProgram(product)
    return sent(phone, "/auth/login", phone.by_code())


def password_reset(product: Product) -> Request:
    phone = MiniProgram(product)
    phone.ask_code("reset_password")
    body = {**PERSON, "sms_code": phone.code(), "password": NEW_PASSWORD}
    return sent(phone, "/auth/reset_password", body)


def person_registered(product: Product) -> Request:
    phone = MiniProgram(product, NEWCOMER)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "sms_code": phone.code(), "agreed": True}
    return sent(phone, "/auth/register/person", body)


def company_registered(product: Product) -> Request:
    phone = MiniProgram(product)
    phone.ask_code("company", OFFICE)
    representative = {
        "id_type": "resident_id",
        "name": LIUZHOU.representative,
        "id_no": LIUZHOU.representative_id_number,
        "consent_to_id_number": True,
    }
    body = {
        "legal_form": "company",
        "name": LIUZHOU.name,
        "code": LIUZHOU.code,
        "representative": representative,
        "phone": OFFICE,
        "sms_code": phone.code(),
        "password": SECRET,
        "agreed": True,
    }
    return sent(phone, "/auth/register/company", body)


def other_login_ended(product: Product) -> Request:
    """One mini-program ends the login of another."""
    logged_in(product)
    with product.parts.db.read() as uow:
        login_id = uow.session.scalars(select(AccountSession.id)).one()
    return sent(logged_in(product), f"/auth/sessions/{login_id}", method="DELETE")


def accepted(product: Product) -> Request:
    phone = logged_in(product)
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent).where(Consent.kind == Agreement.TERMS))
    return sent(phone, "/agreements/accept", {"versions": {"terms": VERSIONS[Agreement.TERMS]}})


def face_asked(product: Product) -> Request:
    body = {"purpose": "enter_company", "consent": True}
    return sent(logged_in(product), "/face/sessions", body)


def face_shown(product: Product) -> Request:
    phone = logged_in(product)
    face_id = phone.begin_face()
    _pass(product, face_id)
    return sent(phone, f"/face/sessions/{face_id}/result")


def login_face_asked(product: Product) -> Request:
    return sent(MiniProgram(product), "/auth/face", {**FACE, "purpose": "login", "agreed": True})


def login_face_shown(product: Product) -> Request:
    phone, (face_id, held) = MiniProgram(product), _face_of(product, "login")
    return sent(phone, f"/auth/face/{face_id}/result", held)


def password_set_by_face(product: Product) -> Request:
    phone, (face_id, held) = MiniProgram(product), _face_of(product, "reset_password")
    assert phone.post(f"/auth/face/{face_id}/result", held).get_json()["outcome"] == "passed"
    return sent(phone, f"/auth/face/{face_id}/password", {**held, "password": NEW_PASSWORD})


def wechat_opened(product: Product) -> Request:
    """By a WeChat that is bound."""
    return sent(MiniProgram(bound(product).product), "/auth/wx_login", {"code": "of-today"})


def wechat_bound(product: Product) -> Request:
    phone = logged_in(with_wechat(product))
    return sent(phone, "/auth/bind", {"wx_ticket": wechat_ticket(phone)})


def wechat_unbound(product: Product) -> Request:
    return sent(bound(product), "/auth/bind", method="DELETE")


def entered_by_phone(product: Product) -> Request:
    phone = MiniProgram(with_wechat(product))
    body = {"wx_ticket": wechat_ticket(phone), "code": "of-a-phone", "agreed": True}
    return sent(phone, "/auth/phone", body)


def messages_taken(product: Product) -> Request:
    return sent(bound(product), "/subscribe/results", {"results": {"t-sealed": "accept"}})


def code_resolved(product: Product) -> Request:
    signing = product.signing()
    return sent(logged_in(product), "/qr/resolve", {"text": signing.page.frame()})


def code_scanned(product: Product) -> Request:
    signing, phone = product.signing(), logged_in(product)
    found = phone.resolve(signing.page.frame()).get_json()
    return sent(phone, f"/qr/{found['session_id']}/scan", {"ticket": found["ticket"]})


def of_scan(act: str) -> Ready:
    def ready(product: Product) -> Request:
        signing, phone = product.signing(), logged_in(product)
        asked = phone.scan(signing.page.frame())
        return sent(phone, f"/qr/{asked['session_id']}/{act}")

    return ready


def signature_confirmed(product: Product) -> Request:
    signing, phone = product.signing(), logged_in(product)
    asked = phone.scan(signing.page.frame())
    return sent(phone, f"/qr/{asked['session_id']}/sign/confirm", _agreement(signing, asked))


def login_confirmed(product: Product) -> Request:
    page, phone = product.login_page(), logged_in(product)
    asked = phone.scan(page.frame())
    body = {"reference_code": page.qr()["reference_code"]}
    return sent(phone, f"/qr/{asked['session_id']}/login/confirm", body)


def with_wechat(product: Product, person: DemoPerson = NEWCOMER) -> Product:
    """A mini-program of a WeChat that knows this person's phone, with a template."""
    made = product.restarted_with(wechat=OneWeChat(person.phone))
    return made.restarted(wechat_appid="wx-of-one", wechat_templates={"sign": ["t-sealed"]})


def wechat_ticket(phone: MiniProgram) -> str:
    answer = phone.post("/auth/wx_login", {"code": "of-yesterday"})
    assert answer.status_code == 200, answer.get_json()
    return str(answer.get_json()["wx_ticket"])


def bound(product: Product) -> MiniProgram:
    """A mini-program at which Wei is logged in, and whose WeChat is his."""
    phone = logged_in(with_wechat(product))
    assert phone.post("/auth/bind", {"wx_ticket": wechat_ticket(phone)}).status_code == 200
    return phone


def _agreement(signing: Signing, asked: dict[str, Any]) -> dict[str, str]:
    return {
        "reference_code": signing.page.read()["qr"]["reference_code"],
        "enterprise_id": asked["sign"]["acting"][0]["id"],
        "pin": WEI.pin,
    }


def _face_of(product: Product, purpose: str) -> tuple[str, dict[str, str]]:
    """A check that has passed at the service, and what proves who began it."""
    body = {**FACE, "purpose": purpose, "agreed": True}
    begun = MiniProgram(product).post("/auth/face", body).get_json()
    _pass(product, begun["face_id"])
    return begun["face_id"], {"face_token": begun["face_token"]}


def _pass(product: Product, face_id: str) -> None:
    """The person shows a face to the double."""
    with product.parts.db.read() as uow:
        reference = uow.session.get_one(FaceCheck, face_id).reference
    assert isinstance(product.parts.providers.face, LocalFace)
    product.parts.providers.face.decide(reference, passes=True)
