"""The requests by which somebody comes in, each ready to be sent, for what is sent twice."""

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
