"""Manual A, steps 3 and 4: the personal certificate with its 签名口令, and what it is good for."""

from dataclasses import replace

import pytest
from cryptography.x509 import load_der_x509_certificate

from server.pki.subject_keys import Algorithm
from server.sealing.reader import Reading, read
from tests.factories.certificate_changes import PAGE, PIN, TYPED, show_face
from tests.factories.logins import told
from tests.factories.own_pages import ME, ask_proof, declare, newcomer
from tests.factories.product import HUANG, Product


def verdict(product: Product, pdf: bytes) -> Reading:
    """Our own reader's, trusting the product's authority and time-stamp service."""
    outside = product.parts.providers
    roots = [outside.ca.chain(Algorithm.P256)[-1], *outside.tsa.roots()]
    return read(pdf, roots, product.clock.now())


@pytest.mark.row("F-14", "P-37", "S-23")
def test_somebody_new_proves_his_name_downloads_a_certificate_and_keeps_his_pin(
    product: Product,
) -> None:
    phone = newcomer(product)
    assert "去实名认证" in phone.get(PAGE).get_data(as_text=True)
    declare(phone, ask_proof(product, phone, "real_name"))
    asked = phone.post(f"{ME}/real-name/face", {"consent": True}).get_json()
    phone.post(asked["next"], {"passes": True})
    assert phone.post("/m/face/settle").status_code == 200

    code = ask_proof(product, phone, "certificate")["code"]
    text = product.sms.messages(1)[0].text
    assert "下载个人数字证书" in text
    assert "请勿泄露" in text
    assert told(phone.post(PAGE, {**TYPED, "code": code, "pin_again": "271829"})) == (
        422,
        "pins_differ",
    )
    assert phone.post(PAGE, {**TYPED, "code": code}).status_code == 200
    shown = phone.get(PAGE).get_data(as_text=True)
    assert "有效" in shown
    assert "农*英" in shown
    assert told(phone.post(PAGE, {**TYPED, "code": "000000"})) == (422, "wrong_sms_code")


@pytest.mark.row("F-14", "P-40", "F-50")
def test_after_a_forgotten_pin_the_same_seals_sign_with_new_keys_and_old_files_stay_valid(
    product: Product,
) -> None:
    before = product.signing(person=HUANG).seal()
    phone = product.phone(HUANG)
    code = ask_proof(product, phone, "reset_pin")["code"]
    show_face(product, phone)
    assert phone.post(f"{PAGE}/forgot/new", {**TYPED, "code": code}).status_code == 200
    product.work()

    with_old_pin = product.signing(person=HUANG)
    refused = with_old_pin.phone.confirm(with_old_pin.scan(), with_old_pin.page)
    assert told(refused) == (422, "wrong_pin")
    after = product.signing(person=replace(HUANG, pin=PIN)).seal()

    (old,), (new,) = (verdict(product, pdf).signatures for pdf in (before, after))
    assert old.valid
    assert new.valid
    owners = [load_der_x509_certificate(one.certificate) for one in (old, new)]
    assert owners[0].subject == owners[1].subject
    assert owners[0].serial_number != owners[1].serial_number
