"""Every request that changes something, sent twice at once and once more: one effect (R-12)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.tables import METADATA
from tests.factories.devices import OWN_ORIGIN, PhoneInHand, multipart
from tests.factories.pdf import make_pdf
from tests.factories.product import WEI, Product, Signing
from tests.fakes.threads import together

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
KEY = {"Idempotency-Key": "k-1"}
# A different word each time by intention: a link or a proof that works once, a new code to scan.
FRESH = {"open_url", "ticket", "qr", "request_id", "retry_after"}


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


@dataclass(frozen=True)
class Route:
    """How a request is made ready, and what a repetition is told; None: the same again."""

    ready: Callable[[Product], Request]
    later: tuple[int, str] | None = None
    # Of two at once one alone is content; False where the other, as early, ends the same thing.
    alone: bool = True
    # Tables in which a repetition leaves a row of its own, which takes the first one's place.
    anew: frozenset[str] = frozenset()


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


def of_page(act: str, body: Any = None, *, scanned: bool = False) -> Callable[[Product], Request]:
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


def of_phone(path: str, body: Any = None) -> Callable[[Product], Request]:
    return lambda product: Request(product.phone().client, path, body=body)


def code_read(product: Product) -> Request:
    signing = product.signing()
    return Request(signing.phone.client, "/m/scan", body={"text": signing.page.frame()})


def scanned(product: Product) -> Request:
    signing = product.signing()
    path = signing.phone.open_link(signing.page.frame()).headers["Location"]
    return Request(signing.phone.client, f"{path}/scan")


def of_scan(act: str) -> Callable[[Product], Request]:
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


WRONG_STATE = (409, "wrong_state")
TWICE = {
    "partner_documents.add_document": Route(upload),
    "partner_signing.create_signing_task": Route(task),
    "partner_signing.cancel_signing_task": Route(cancelled_by_partner),
    "sign.open_page": Route(opened, (403, "open_token_refused")),
    "sign.ticket": Route(of_page("ticket")),
    "sign.refresh": Route(of_page("refresh")),
    "sign.another_phone": Route(of_page("another-phone", scanned=True), WRONG_STATE),
    "sign.cancel": Route(of_page("cancel")),
    "sign.restart": Route(of_page("restart")),
    "sign.public_computer": Route(
        of_page("public-computer", {"on": True}), (401, "page_token_missing")
    ),
    "sign.leave": Route(of_page("leave")),
    "sealing.load": Route(loaded),
    "sealing.save_placements": Route(drafted),
    "sealing.confirm": Route(confirmed),
    "phone.send_code": Route(code_asked, (429, "sms_too_soon")),
    "phone.log_in": Route(logged_in, (410, "sms_code_expired")),
    "phone.log_out": Route(of_phone("/m/logout"), (401, "login_needed"), alone=False),
    "phone_home.switch_role": Route(of_phone("/m/role", {"kind": "account", "id": "x"})),
    "phone_qr.read_code": Route(code_read),
    "phone_qr.scan": Route(scanned),
    "phone_qr.touch": Route(of_scan("touch")),
    "phone_qr.confirm": Route(of_scan("confirm"), anew=frozenset({"page_grants"})),
    "phone_qr.decline": Route(of_scan("decline"), (409, "access_denied"), alone=False),
    "authority.ocsp": Route(status_asked),
}


def rows(product: Product) -> dict[str, int]:
    """How many rows each table has; what was done is in the audit chain as often as it was."""
    with product.parts.db.read() as uow:
        return {
            name: uow.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in METADATA.tables.items()
            if name != "audit_rows"
        }


def said(answer: TestResponse) -> Any:
    told = answer.get_json(silent=True)
    if isinstance(told, dict):
        told = {key: value for key, value in told.items() if key not in FRESH}
    return answer.status_code, told


@pytest.mark.row("R-12")
def test_every_route_that_changes_something_has_an_entry(product: Product) -> None:
    changing = {one.endpoint for one in product.app.url_map.iter_rules() if UNSAFE & one.methods}
    assert changing == set(TWICE)


@pytest.mark.row("R-12")
@pytest.mark.parametrize("endpoint", TWICE)
def test_sent_twice_at_once_and_once_more_it_has_one_effect(
    product: Product, endpoint: str
) -> None:
    route = TWICE[endpoint]
    request = route.ready(product)
    before = rows(product)

    both = together([request.send, request.send])
    third = request.send()

    good = [answer for answer in both if answer.status_code < 300]
    assert good, [answer.get_json() for answer in both]
    if route.later is None:
        assert said(both[0]) == said(both[1]) == said(third)
    for answer in (*both, third):
        if answer not in good and route.later:
            assert (answer.status_code, answer.get_json()["code"]) == route.later
    assert len(good) == 1 or route.later is None or not route.alone
    after = rows(product)
    new = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert all(count <= 1 for name, count in new.items() if name not in route.anew), new
