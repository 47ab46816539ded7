"""Each request that changes something, made ready so that its sending is all that is left."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.accounts.models import AccountSession
from tests.factories.devices import OWN_ORIGIN, LoginPage, PhoneInHand, multipart
from tests.factories.pdf import make_pdf
from tests.factories.product import NEWCOMER, WEI, Product, Signing

KEY = {"Idempotency-Key": "k-1"}


@dataclass
class Request:
    """What is sent, by which client; each sending has a connection of its own, as a retry has."""

    client: FlaskClient
    path: str
    method: str = "POST"
    body: Any = None
    headers: dict[str, str] | None = None
    form: dict[str, Any] | None = None

    def send(self) -> TestResponse:
        other = self.client.application.test_client()
        other._cookies.update(self.client._cookies)
        body = self.form or {"json": {} if self.body is None else self.body}
        headers = {**OWN_ORIGIN, **(self.headers or {})}
        return other.open(self.path, method=self.method, headers=headers, buffered=True, **body)


Ready = Callable[[Product], Request]


def of_partner(product: Product, path: str, **more: Any) -> Request:
    partner = product.partner()
    headers = {**partner.headers, **more.pop("headers", {})}
    return Request(partner.client, f"/partner/v1{path}", headers=headers, **more)


def upload(product: Product) -> Request:
    form = multipart("file", "a.pdf", make_pdf())
    return of_partner(product, "/documents", form=form, headers=KEY)


def task(product: Product) -> Request:
    body = {"document_id": product.partner().ready_document(make_pdf()), "title": "在线签章"}
    return of_partner(product, "/signing-tasks", body=body, headers=KEY)


def cancelled_by_partner(product: Product) -> Request:
    return of_partner(product, f"/signing-tasks/{product.signing().id}/cancel")


def opened(product: Product) -> Request:
    address, token = product.partner().task(make_pdf())["open_url"].split("#")
    path = f"/sign/{address.rsplit('/', 1)[1]}/open"
    return Request(product.app.test_client(), path, body={"open_token": token})


def of_page(act: str, body: Any = None, *, scanned: bool = False) -> Ready:
    def ready(product: Product) -> Request:
        signing = product.signing()
        if scanned:
            signing.scan()
        return Request(signing.page.client, f"{signing.page.path}/{act}", body=body)

    return ready


def loaded(product: Product) -> Request:
    signing = product.signing()
    signing.phone.confirm(signing.scan(), signing.page)
    return Request(signing.page.client, f"{signing.page.path}/load")


def drafted(product: Product) -> Request:
    signing = placing(product)
    body = {"placements": signing.page.everywhere()}
    return Request(signing.page.client, f"{signing.page.path}/placements", "PUT", body)


def confirmed(product: Product) -> Request:
    signing = placing(product)
    body = {
        "placements": signing.page.everywhere(),
        "document_sha256": signing.page.state["document"]["sha256"],
    }
    return Request(signing.page.client, f"{signing.page.path}/confirm", body=body, headers=KEY)


def placing(product: Product) -> Signing:
    signing = product.signing()
    signing.authorize()
    return signing


def code_asked(product: Product) -> Request:
    return Request(product.app.test_client(), "/m/login/sms", body={"phone": WEI.phone})


def logged_in(product: Product) -> Request:
    phone = PhoneInHand(product.app.test_client(), WEI, product.sms)
    phone.ask_code()
    body = {"phone": WEI.phone, "code": phone.code(), "agreed": True}
    return Request(phone.client, "/m/login", body=body)


def registered(product: Product) -> Request:
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    body = {"phone": NEWCOMER.phone, "code": phone.code(), "agreed": True}
    return Request(phone.client, "/m/register", body=body)


def logged_in_by_password(product: Product) -> Request:
    body = {"name": WEI.phone, "password": WEI.password, "agreed": True}
    return Request(product.app.test_client(), "/m/login/password", body=body)


def reset_code_asked(product: Product) -> Request:
    return Request(product.app.test_client(), "/m/forgot/sms", body={"name": WEI.phone})


def password_reset(product: Product) -> Request:
    phone = PhoneInHand(product.app.test_client(), WEI, product.sms)
    phone.post("/m/forgot/sms", {"name": WEI.phone})
    body = {"name": WEI.phone, "code": phone.code(), "password": "another-2026"}
    return Request(phone.client, "/m/forgot", body=body)


def of_phone(path: str, body: Any = None) -> Ready:
    return lambda product: Request(product.phone().client, path, body=body)


def code_read(product: Product) -> Request:
    signing = product.signing()
    return Request(signing.phone.client, "/m/scan", body={"text": signing.page.frame()})


def scanned(product: Product) -> Request:
    signing = product.signing()
    path = signing.phone.open_link(signing.page.frame()).headers["Location"]
    return Request(signing.phone.client, f"{path}/scan")


def of_scan(act: str) -> Ready:
    def ready(product: Product) -> Request:
        signing = product.signing()
        asked = signing.scan()
        acting = {"kind": "enterprise", "id": asked["acting"][0]["id"]}
        shown = signing.page.read()["qr"]["reference_code"]
        pin = {"reference_code": shown, "acting": acting, "pin": WEI.pin}
        body = pin if act == "confirm" else None
        return Request(signing.phone.client, f"/m/qr/{asked['session_id']}/{act}", body=body)

    return ready


def status_asked(product: Product) -> Request:
    form = {"data": b"0\0", "content_type": "application/ocsp-request"}
    return Request(product.app.test_client(), "/pki/ocsp", form=form)


def at_login(act: str, *, scanned: bool = False, let_in: bool = False) -> Ready:
    """An action of the page that a computer wants to be logged in on."""

    def ready(product: Product) -> Request:
        page = product.login_page()
        if let_in:
            product.phone().let_in(page)
        elif scanned:
            product.phone().scan_login(page)
        return Request(page.client, f"/login/{act}")

    return ready


def login_held(product: Product) -> Request:
    page, phone = product.login_page(), product.phone()
    path = phone.open_link(page.frame()).headers["Location"]
    return Request(phone.client, f"{path}/scan")


def login_asked(act: str) -> Ready:
    """What the phone says to the computer that it has scanned."""

    def ready(product: Product) -> Request:
        page, phone = product.login_page(), product.phone()
        session_id = phone.scan_login(page)["session_id"]
        body = {"reference_code": page.qr()["reference_code"]} if act == "confirm" else None
        return Request(phone.client, f"/m/qr/{session_id}/login/{act}", body=body)

    return ready


def logged_in_page(product: Product) -> LoginPage:
    page = product.login_page()
    product.phone().let_in(page)
    assert page.post_to("confirm").status_code == 200
    return page


def computer_left(product: Product) -> Request:
    return Request(logged_in_page(product).client, "/account/logout")


def other_device_ended(product: Product) -> Request:
    """The computer ends the phone's login."""
    page = logged_in_page(product)
    with product.parts.db.read() as uow:
        sms = select(AccountSession.id).where(AccountSession.means == "sms")
        login_id = uow.session.scalars(sms).one()
    return Request(page.client, f"/account/logins/{login_id}/end")
