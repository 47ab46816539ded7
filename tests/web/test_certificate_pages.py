"""我的 → 数字证书 on the phone, and the same in the mini-program (F-14, P-40)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from server.accounts.models import Account, Level
from server.certificates.models import Certificate, OwnerKind
from tests.factories.certificate_changes import (
    PAGE,
    PIN,
    TYPED,
    mini_code,
    mini_pin_reset,
    show_face,
    without_certificate,
)
from tests.factories.logins import id_of
from tests.factories.mini_program import logged_in, told
from tests.factories.own_pages import ME, ask_proof
from tests.factories.product import HUANG, WEI, Product

WEI_ANEW = replace(WEI, pin=PIN)


def text(product: Product, path: str = PAGE, **query: str) -> str:
    answer = product.phone().client.get(path, query_string=query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_the_page_shows_the_certificate_and_the_ways_to_its_pin(product: Product) -> None:
    with product.parts.db.read() as uow:
        his = (
            Certificate.owner_kind == OwnerKind.ACCOUNT,
            Certificate.owner_id == id_of(product, WEI),
        )
        serial = uow.session.scalars(select(Certificate.serial).where(*his)).one()
    page = text(product)
    for word in (serial, "韦*远", "有效", f"{PAGE}/pin", f"{PAGE}/forgot"):
        assert word in page
    assert "certificate-form" not in page


@pytest.mark.row("S-21")
def test_the_page_says_for_how_long_the_pin_is_locked(product: Product) -> None:
    phone = product.phone()
    for _ in range(5):
        phone.post(f"{PAGE}/pin", {**TYPED, "old_pin": "999999"})
    answer = phone.post(f"{PAGE}/pin", {**TYPED, "old_pin": WEI.pin})
    assert (answer.status_code, answer.get_json()["code"]) == (429, "pin_locked")
    page = phone.client.get(PAGE).get_data(as_text=True)
    assert "签名口令已锁定" in page
    assert "15 分钟" in page


@pytest.mark.row("F-14")
def test_a_certificate_is_downloaded_on_the_phone_and_signs_at_once(product: Product) -> None:
    without_certificate(product)
    phone = product.phone(HUANG)
    page = phone.client.get(PAGE).get_data(as_text=True)
    assert "certificate-form" in page
    refused = phone.client.get(f"{PAGE}/pin")
    assert (refused.status_code, refused.headers["Location"]) == (303, PAGE)
    body = {**TYPED, "code": ask_proof(product, phone, "certificate")["code"]}
    answer = phone.post(PAGE, body)
    assert answer.get_json() == {"next": f"{PAGE}?done=downloaded"}
    changed = phone.post(f"{PAGE}/pin", {"old_pin": PIN, "pin": "314159", "pin_again": "314159"})
    assert changed.get_json() == {"next": f"{PAGE}?done=changed"}


@pytest.mark.row("S-23")
def test_a_pin_that_is_refused_costs_no_try_at_the_code(product: Product) -> None:
    without_certificate(product)
    phone = product.phone(HUANG)
    body = {**TYPED, "code": ask_proof(product, phone, "certificate")["code"]}
    for _ in range(6):
        plain = phone.post(PAGE, {**body, "pin": "123456", "pin_again": "123456"})
        assert plain.get_json()["code"] == "pin_too_plain"
    assert phone.post(PAGE, body).status_code == 200


def test_who_was_sent_here_goes_on_where_he_was_going(product: Product) -> None:
    without_certificate(product)
    phone = product.phone(HUANG)
    body = {**TYPED, "code": ask_proof(product, phone, "certificate")["code"]}
    answer = phone.post(f"{PAGE}?next=/m/scan", body)
    assert answer.get_json() == {"next": "/m/scan"}


@pytest.mark.row("F-14", "P-37")
def test_without_a_proved_name_the_page_leads_to_it(product: Product) -> None:
    without_certificate(product)
    with product.parts.db.begin() as uow:
        uow.session.get_one(Account, id_of(product, HUANG)).level = Level.DECLARED
    phone = product.phone(HUANG)
    page = phone.client.get(PAGE).get_data(as_text=True)
    assert f"{ME}/real-name" in page
    assert "certificate-form" not in page
    body = {**TYPED, "code": ask_proof(product, phone, "certificate")["code"]}
    answer = phone.post(PAGE, body)
    assert answer.get_json()["code"] == "real_name_needed"


@pytest.mark.row("P-40")
def test_a_forgotten_pin_is_set_anew_by_face_and_code(product: Product) -> None:
    phone = product.phone()
    new = f"{PAGE}/forgot/new"
    early = phone.client.get(new)
    assert (early.status_code, early.headers["Location"]) == (303, f"{PAGE}/forgot")
    code = ask_proof(product, phone, "reset_pin")["code"]
    assert phone.post(new, {**TYPED, "code": code}).get_json()["code"] == "face_check_unknown"
    show_face(product, phone)
    assert "certificate-form" in phone.client.get(new).get_data(as_text=True)
    answer = phone.post(new, {**TYPED, "code": code})
    assert answer.get_json() == {"next": f"{PAGE}?done=reset"}
    log = phone.client.get(f"{ME}/log").get_data(as_text=True)
    assert "找回签名口令，换发个人数字证书" in log


@pytest.mark.row("P-40")
def test_the_face_for_a_new_pin_takes_a_consent_of_its_own(product: Product) -> None:
    answer = product.phone().post(f"{PAGE}/forgot/face", {"consent": False})
    assert answer.get_json()["code"] == "consent_needed"


@pytest.mark.row("P-40")
def test_until_the_keys_are_replaced_a_signature_is_told_to_wait(product: Product) -> None:
    signing = product.signing()
    asked = signing.scan()
    code = ask_proof(product, signing.phone, "reset_pin")["code"]
    show_face(product, signing.phone)
    reset = signing.phone.post(f"{PAGE}/forgot/new", {**TYPED, "code": code})
    assert reset.status_code == 200
    signing.phone.person = WEI_ANEW
    answer = signing.phone.confirm(asked, signing.page)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "seal_keys_renewing")


def test_the_mini_program_downloads_shows_and_changes(product: Product) -> None:
    without_certificate(product)
    phone = logged_in(product, HUANG)
    assert phone.get("/certificate").get_json()["state"] == "none"
    body = {**TYPED, "code": mini_code(phone, "certificate")}
    assert phone.post("/certificate", body).status_code == 200
    shown = phone.get("/certificate").get_json()
    assert (shown["state"], shown["subject"], shown["pin_locked_for"]) == ("valid", "黄*", 0)
    assert len(shown["serial"]) > 20
    again = {"old_pin": "000000", "pin": "314159", "pin_again": "314159"}
    assert told(phone.post("/certificate/pin", again)) == (422, "wrong_pin")
    assert phone.post("/certificate/pin", {**again, "old_pin": PIN}).status_code == 200
    plain = {**TYPED, "pin": "123456", "pin_again": "123456", "old_pin": "314159"}
    assert told(phone.post("/certificate/pin", plain)) == (422, "pin_too_plain")


@pytest.mark.row("P-40")
def test_the_mini_program_sets_a_forgotten_pin_anew(product: Product) -> None:
    assert mini_pin_reset(product).send().status_code == 200
    phone = logged_in(product)
    code = mini_code(phone, "reset_pin")
    refused = phone.post("/certificate/reset", {**TYPED, "code": code, "face_id": "face-1"})
    assert told(refused) == (422, "face_not_passed")
