"""What a person changes on his own pages, and how he comes in on a computer, for sending twice."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from sqlalchemy import select

from server.accounts import identities
from server.accounts.identities import Assertion
from server.accounts.models import AccountSession, FaceCheck, IdentityKind
from server.providers.alipay.openapi import AlipayApp, OpenApiAlipay
from server.providers.alipay.rsa2 import private_key, public_key
from server.providers.face.local import LocalFace
from server.providers.wechat.push import PushReader
from server.providers.wechat.seen import LocalSeen
from standins import alipay
from standins.wechat import pushing
from standins.wechat.clock import Clock
from standins.wechat.world import App, World
from tests.factories.certificate_changes import OF_CERTIFICATES
from tests.factories.changes import Ready, Request
from tests.factories.devices import Browser
from tests.factories.entry import LIUZHOU, SECRET, registered_company
from tests.factories.houses import APP_ID, alipay_keys
from tests.factories.logins import id_of
from tests.factories.own_pages import (
    ME,
    ask_proof,
    by_password,
    code_sent,
    declare,
    declared,
    newcomer,
)
from tests.factories.product import WEI, Product
from tests.factories.twice import CHECKS, CONSENTS, SESSIONS, Route
from tests.factories.wechat import APPID, PUSH
from tests.factories.wechat import SECRET as APP_SECRET

NEW_PASSWORD, NEW_PHONE = "another-2026", "13907718888"
GATE = "/account/gate"
# Alipay is not asked before somebody comes back from it.
ALIPAY = "https://alipay.test"
SPENT, TOO_SOON = (410, "sms_code_expired"), (429, "sms_too_soon")


def logged_in_on_computer(product: Product) -> Request:
    body = {"name": WEI.phone, "password": WEI.password, "agreed": True}
    return Request(product.app.test_client(), "/login/password", body=body)


def company_logged_in_on_computer(product: Product) -> Request:
    registered_company(product)
    body = {"company": LIUZHOU.code, "password": SECRET, "agreed": True}
    return Request(product.app.test_client(), "/login/company", body=body)


def gate_asked_on_computer(product: Product) -> Request:
    return Request(_companys_computer(product).client, GATE, body={"consent": True})


def face_shown_to_computer(product: Product) -> Request:
    computer = _companys_computer(product)
    check = computer.post(GATE, {"consent": True}).get_json()["check"]
    with product.parts.db.read() as uow:
        reference = uow.session.get_one(FaceCheck, check).reference
    double = product.parts.providers.face
    assert isinstance(double, LocalFace)
    double.decide(reference, passes=True)
    return Request(computer.client, f"{GATE}/settle", body={"check": check})


def login_at_house_begun(product: Product) -> Request:
    client = _with_alipay(product).app.test_client()
    return Request(client, "/m/login/alipay", body={"agreed": True})


def binding_begun(product: Product) -> Request:
    return Request(_with_alipay(product).phone().client, f"{ME}/bindings/alipay")


def house_unbound(product: Product) -> Request:
    phone = product.phone()
    said = Assertion(IdentityKind.ALIPAY, APP_ID, "2088000000000001")
    sealed = identities.prepare(product.parts.providers.keys, said)
    with product.parts.db.begin() as uow:
        identities.bind(uow, identities.keep(uow, sealed).id, id_of(product, WEI))
    return Request(phone.client, f"{ME}/bindings/alipay/end")


def of_two_phones(path: Callable[[str], str]) -> Ready:
    """The second phone asks; `path` is told the login of the first one."""

    def ready(product: Product) -> Request:
        product.phone()
        with product.parts.db.read() as uow:
            first = uow.session.scalars(select(AccountSession.id)).one()
        return Request(product.phone().client, f"{ME}/devices/{path(first)}")

    return ready


def proof_asked(product: Product) -> Request:
    phone = product.phone()
    product.clock.advance(minutes=2)
    return Request(phone.client, f"{ME}/proof/sms", body={"act": "password"})


def password_set(product: Product) -> Request:
    phone = product.phone()
    body = {"proof": ask_proof(product, phone, "password"), "password": NEW_PASSWORD}
    return Request(phone.client, f"{ME}/password", body=body)


def new_phone_asked(product: Product) -> Request:
    return Request(product.phone().client, f"{ME}/phone/sms", body={"phone": NEW_PHONE})


def phone_changed(product: Product) -> Request:
    phone = product.phone()
    phone.post(f"{ME}/phone/sms", {"phone": NEW_PHONE})
    body = {"phone": NEW_PHONE, "code": code_sent(product), "proof": by_password()}
    return Request(phone.client, f"{ME}/phone", body=body)


def data_taken(product: Product) -> Request:
    phone = product.phone()
    return Request(phone.client, f"{ME}/data", body={"proof": ask_proof(product, phone, "data")})


def account_closed(product: Product) -> Request:
    """Of somebody on whom nothing hangs; nobody else may close his."""
    phone = newcomer(product)
    body = {"proof": ask_proof(product, phone, "close"), "understood": True}
    return Request(phone.client, f"{ME}/close", body=body)


def name_declared(product: Product) -> Request:
    phone = newcomer(product)
    proof = ask_proof(product, phone, "real_name")
    body = {"declared": declared(), "proof": proof}
    return Request(phone.client, f"{ME}/real-name", body=body)


def name_face_asked(product: Product) -> Request:
    phone = newcomer(product)
    assert declare(phone, ask_proof(product, phone, "real_name")).status_code == 200
    return Request(phone.client, f"{ME}/real-name/face", body={"consent": True})


def pushed(product: Product) -> Request:
    """WeChat tells that somebody whom we know agrees to messages."""
    world = World(
        App(APPID, APP_SECRET, PUSH.token, PUSH.aes_key),
        Clock(lambda: product.clock.now().timestamp()),
    )
    openid = world.openid("wei")
    sealed = identities.prepare(
        product.parts.providers.keys, Assertion(IdentityKind.WECHAT, APPID, openid)
    )
    with product.parts.db.begin() as uow:
        identities.keep(uow, sealed)
    answer = {"TemplateId": "sealed", "SubscribeStatusString": "accept", "PopupScene": "0"}
    event = {
        "ToUserName": "gh_standin",
        "FromUserName": openid,
        "CreateTime": int(product.clock.now().timestamp()),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "SubscribeMsgPopupEvent": {"List": answer},
    }
    sent = pushing.signed(world, event, "json")
    form = {"data": sent["content"], "content_type": sent["headers"]["Content-Type"]}
    told = _told_by_wechat(product)
    return Request(told.app.test_client(), f"/wx/push?{urlencode(sent['params'])}", form=form)


def _companys_computer(product: Product) -> Browser:
    """Logged in by the company's own login, before any face."""
    request = company_logged_in_on_computer(product)
    browser = Browser(request.client)
    assert browser.post(request.path, request.body).status_code == 200
    return browser


def _with_alipay(product: Product) -> Product:
    own, theirs = alipay_keys()
    keys = private_key(own), public_key(alipay.public_half(theirs))
    client = OpenApiAlipay(AlipayApp(APP_ID, *keys, ALIPAY, ALIPAY), product.clock)
    return product.restarted(alipay_app_id=APP_ID).restarted_with(alipay=client)


def _told_by_wechat(product: Product) -> Product:
    told = product.restarted(wechat_appid=APPID)
    reader = PushReader(PUSH, LocalSeen(product.clock), product.clock)
    return Product.begun(replace(told.parts, wechat_pushes=reader), product.clock)


OWN_PAGES = {
    **OF_CERTIFICATES,
    "desktop_login.log_in": Route(logged_in_on_computer, anew=CONSENTS | SESSIONS),
    "desktop_login.log_in_company": Route(company_logged_in_on_computer, anew=SESSIONS),
    "desktop_gate.begin": Route(
        gate_asked_on_computer, anew=CHECKS, fresh=frozenset({"check", "url", "modules"})
    ),
    "desktop_gate.settle": Route(face_shown_to_computer, anew=CONSENTS),
    "phone_identities.start_login": Route(login_at_house_begun, fresh=frozenset({"next"})),
    "phone_identities.start_binding": Route(binding_begun, fresh=frozenset({"next"})),
    "phone_identities.end_binding": Route(house_unbound, (404, "not_found")),
    "phone_devices.end": Route(
        of_two_phones(lambda first: f"{first}/end"), (404, "login_not_found"), alone=False
    ),
    "phone_devices.end_others": Route(
        of_two_phones(lambda _: "end-others"), fresh=frozenset({"ended"})
    ),
    "phone_proofs.send_code": Route(proof_asked, TOO_SOON),
    "phone_safety.set_password": Route(password_set, SPENT),
    "phone_safety.send_to_new_phone": Route(new_phone_asked, TOO_SOON),
    "phone_safety.change_phone": Route(phone_changed, SPENT),
    "phone_data.take_data": Route(data_taken, SPENT),
    "phone_data.close": Route(account_closed, (401, "login_needed")),
    "phone_real_name.declare": Route(name_declared, SPENT),
    "phone_real_name.begin_face": Route(name_face_asked, anew=CHECKS, fresh=frozenset({"next"})),
    "wechat_push.take": Route(pushed),
}
