"""Manual B 1.2, as people expect it to go on: a phone alone is raised to a real name."""

import pytest

from tests.factories.devices import PhoneInHand
from tests.factories.logins import told
from tests.factories.own_pages import ME, ask_proof, declare, newcomer
from tests.factories.product import NEWCOMER, Product


@pytest.mark.row("F-03", "F-07", "P-37", "P-41")
def test_who_registered_by_phone_declares_a_document_and_proves_it_by_face(
    product: Product,
) -> None:
    phone = newcomer(product)
    assert "未实名" in phone.get(ME).get_data(as_text=True)

    declare(phone, ask_proof(product, phone, "real_name"))
    assert "实名待核验" in phone.get(ME).get_data(as_text=True)

    asked = phone.post(f"{ME}/real-name/face", {"consent": True}).get_json()
    phone.post(asked["next"], {"passes": True})
    assert phone.post("/m/face/settle").status_code == 200

    shown = phone.get(f"{ME}/real-name").get_data(as_text=True)
    assert "已实名" in shown
    assert NEWCOMER.id_number not in shown
    assert "real-name-form" not in shown


@pytest.mark.row("F-03", "P-43")
def test_a_code_says_what_it_is_for_and_a_second_one_waits_for_a_minute(product: Product) -> None:
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)

    assert phone.ask_code().get_json() == {"retry_after": 60}

    text = product.sms.messages(1)[0].text
    assert text.startswith("【桂印】")
    assert "登录或注册" in text
    assert "5 分钟内有效" in text
    assert "请勿泄露" in text
    assert told(phone.ask_code()) == (429, "sms_too_soon")
    help_page = phone.get("/m/help/codes").get_data(as_text=True)
    assert "收不到验证码" in help_page
    assert "60 秒" in help_page
    product.clock.advance(seconds=61)
    assert phone.ask_code().status_code == 200
