"""The requests by which somebody comes in, each ready to be sent, for what is sent twice."""

from flask.testing import FlaskClient

from tests.factories.changes import Request
from tests.factories.devices import PhoneInHand
from tests.factories.entry import LIUZHOU, SECRET, Entrance, registered_company, typed
from tests.factories.product import WEI, Product


def company_code_asked(product: Product) -> Request:
    body = {"phone": typed()["phone"]}
    return Request(product.app.test_client(), "/m/register/company/sms", body=body)


def company_registered(product: Product) -> Request:
    entrance = Entrance.of(product)
    entrance.ask_company_code()
    body = {**typed(), "code": entrance.code()}
    return Request(entrance.client, "/m/register/company", body=body)


def company_logged_in(product: Product) -> Request:
    registered_company(product)
    body = {"company": LIUZHOU.code, "password": SECRET, "agreed": True}
    return Request(product.app.test_client(), "/m/login/company", body=body)


def company_reset_asked(product: Product) -> Request:
    registered_company(product)
    product.clock.advance(minutes=2)
    body = {"company": LIUZHOU.code}
    return Request(product.app.test_client(), "/m/forgot/company/sms", body=body)


def company_reset(product: Product) -> Request:
    entrance = registered_company(product)
    product.clock.advance(minutes=2)
    entrance.ask_reset_code()
    body = {"company": LIUZHOU.code, "code": entrance.code(), "password": "another-2026"}
    return Request(product.app.test_client(), "/m/forgot/company", body=body)


def document_code_asked(product: Product) -> Request:
    body = {"document_type": "resident_id", "number": WEI.id_number}
    return Request(product.app.test_client(), "/m/login/document/sms", body=body)


def document_logged_in(product: Product) -> Request:
    phone = PhoneInHand(product.app.test_client(), WEI, product.sms)
    named = {"document_type": "resident_id", "number": WEI.id_number}
    phone.post("/m/login/document/sms", named)
    body = {**named, "code": phone.code(), "agreed": True}
    return Request(phone.client, "/m/login/document", body=body)


def login_face_asked(product: Product) -> Request:
    body = {"name": WEI.id_number, "consent": True, "agreed": True}
    return Request(_known(product), "/m/login/face", body=body)


def reset_face_asked(product: Product) -> Request:
    body = {"name": WEI.id_number, "consent": True}
    return Request(_known(product), "/m/forgot/face", body=body)


def reset_by_face(product: Product) -> Request:
    entrance = Entrance(_known(product), product)
    begun = entrance.post("/m/forgot/face", {"name": WEI.id_number, "consent": True})
    entrance.post(begun.get_json()["next"], {"passes": True})
    entrance.post("/m/face/settle")
    return Request(entrance.client, "/m/forgot/new", body={"password": "another-2026"})


def _known(product: Product) -> FlaskClient:
    """A browser that has its name of us already, as one that has opened a page has."""
    client = product.app.test_client()
    client.get("/m/register")
    client.set_cookie("gy_browser", "a-browser-of-ours-0001")
    return client
