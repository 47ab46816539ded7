"""Manual B, 4.2: a company's seal from its card on the home page: 变更, 续期, 停用/启用, 注销."""

import pytest

from server.intents.actions import Action, IntentMethod
from tests.factories.devices import PhoneInHand, multipart
from tests.factories.domain import seal_of
from tests.factories.pictures import photo
from tests.factories.product import HUANG, Product
from tests.factories.seals import about, company_seal, proof, stand_before_end, text_of, told

CARD = 'class="seal-card'


def open_from_home(product: Product, phone: PhoneInHand) -> str:
    """The page behind the card of the company's seal."""
    path = f"/m/seals/{company_seal(product).id}"
    home = text_of(phone, "/m/")
    assert f'href="{path}"' in home.split(CARD, 1)[1]
    assert "印章详情" in text_of(phone, path)
    return path


def prove(product: Product, phone: PhoneInHand, act: str) -> str:
    """By the routes of the dialog, with the PIN."""
    body = {"action": act, "parameters": about(product, company_seal(product)), "method": "pin"}
    begun = phone.post("/m/intents", body).get_json()
    passed = phone.post(f"/m/intents/{begun['intent']}/prove", {"pin": phone.person.pin})
    assert passed.get_json() == {"outcome": "passed"}
    intent: str = begun["intent"]
    return intent


@pytest.mark.row("F-26", "F-27")
def test_b4_2_1_change_says_that_it_is_not_open_yet(product: Product) -> None:
    phone = product.phone()

    path = open_from_home(product, phone)

    dialog = text_of(phone, path).split('id="not-open"')[1].split("</dialog>")[0]
    assert "该功能暂未开放" in dialog


@pytest.mark.row("F-28")
def test_b4_2_2_a_seal_is_renewed_in_its_last_ten_days(product: Product) -> None:
    path = open_from_home(product, product.phone())
    stand_before_end(product, company_seal(product), days=11)
    phone = product.phone()
    early = phone.post(f"{path}/renew", {"intent": prove(product, phone, "renew_seal")})
    assert told(early) == (409, "renewal_too_early")

    product.clock.advance(days=1)
    phone = product.phone()
    answer = phone.post(f"{path}/renew", {"intent": prove(product, phone, "renew_seal")})
    assert told(answer) == (200, path)
    product.work()

    assert "正常" in text_of(phone, path)
    assert "印章续期成功" in text_of(phone, "/m/messages")


@pytest.mark.row("F-29")
def test_b4_2_3_a_seal_is_suspended_and_enabled_by_the_buttons_of_the_dialogs(
    product: Product,
) -> None:
    phone = product.phone()
    path = open_from_home(product, phone)
    for act, button, word in (
        ("suspend", "立即停用", "已停用"),
        ("enable", "立即启用", "正常"),
    ):
        dialog = text_of(phone, path).split(f'id="{act}"')[1].split("</dialog>")[0]
        assert button in dialog
        answer = phone.post(f"{path}/{act}", {"intent": prove(product, phone, f"{act}_seal")})
        assert told(answer) == (200, path)
        assert word in text_of(phone, "/m/").split(CARD, 1)[1].split("</a>")[0]


@pytest.mark.row("F-29", "S-30")
def test_b4_2_3_what_is_suspended_seals_nothing_at_the_partners_page(product: Product) -> None:
    signing = product.signing()
    signing.authorize()
    placed = signing.page.everywhere()
    path = f"/m/seals/{company_seal(product).id}"
    intent = prove(product, signing.phone, "suspend_seal")

    assert signing.phone.post(f"{path}/suspend", {"intent": intent}).status_code == 200
    product.work()

    assert signing.page.confirm(placed).status_code == 410
    assert signing.page.read()["task"]["status"] != "sealed"


@pytest.mark.row("F-30", "F-22")
def test_b4_2_4_a_seal_is_cancelled_by_its_papers_and_a_text_message(product: Product) -> None:
    phone = product.phone()
    path = open_from_home(product, phone)
    page = text_of(phone, f"{path}/cancel")
    for part in ("经办人信息", "单位法人信息", "单位信息", "注销后不能恢复"):
        assert part in page
    asked = phone.post(f"{path}/materials", {}).get_json()["missing"]
    for slot in asked:
        form = multipart("picture", "a.jpg", photo())
        sent = phone.client.post(
            f"{path}/materials/{slot}", headers={"Origin": "http://127.0.0.1:8321"}, **form
        )
        assert sent.status_code == 200
    content = phone.post(f"{path}/materials", {}).get_json()["content"]
    bound = about(product, company_seal(product), content=content)
    intent = proof(product, phone, Action.CANCEL_SEAL, bound, IntentMethod.SMS)

    assert told(phone.post(f"{path}/cancel", {"intent": intent})) == (200, path)
    product.work()

    assert "已注销" in text_of(phone, "/m/")
    with product.parts.db.read() as uow:
        assert seal_of(uow).cancelled_at is not None


@pytest.mark.row("F-26", "S-18")
def test_b4_2_nobody_else_finds_the_page(product: Product) -> None:
    path = f"/m/seals/{company_seal(product).id}"

    assert product.phone(HUANG).get(path).status_code == 404
