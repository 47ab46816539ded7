"""Manual B, 5.2: a person's own seal: 变更印模, 续期, 停用/启用, 注销, each by an intent alone."""

import pytest

from server.core.idempotency import body_digest
from server.seals.models import Seal, SealKind
from server.web.seal_looks import Look
from tests.factories.devices import PhoneInHand
from tests.factories.product import Product
from tests.factories.seals import own_seal, stand_before_end, text_of, told


@pytest.fixture
def seal(product: Product) -> Seal:
    return own_seal(product, SealKind.SQUARE)


def as_himself(product: Product) -> PhoneInHand:
    phone = product.phone()
    assert phone.post("/m/role", {"kind": "account", "id": ""}).status_code == 200
    return phone


def prove(phone: PhoneInHand, act: str, seal: Seal, **more: str) -> dict[str, str]:
    body = {"action": act, "parameters": {"seal": seal.id, **more}, "method": "pin"}
    begun = phone.post("/m/intents", body).get_json()
    phone.post(f"/m/intents/{begun['intent']}/prove", {"pin": phone.person.pin})
    return {"intent": begun["intent"]}


@pytest.mark.row("F-26", "F-27")
def test_b5_2_1_another_lettering_gives_another_impression(product: Product, seal: Seal) -> None:
    phone, path = as_himself(product), f"/m/seals/{seal.id}"
    assert f'href="{path}"' in text_of(phone, "/m/")
    page = text_of(phone, f"{path}/change")
    assert "字体" in page
    assert "黑体" in page
    before = phone.get(f"{path}/picture.png").data
    look = {"font": "hei"}
    seen = phone.post(f"{path}/looks", {"look": look}).get_json()
    assert seen["look"] == body_digest(Look(font="hei").wish())

    proof = prove(phone, "change_impression", seal, look=seen["look"])
    assert told(phone.post(f"{path}/impression", {"look": look, **proof})) == (200, path)
    product.work()

    assert phone.get(f"{path}/picture.png").data != before
    assert "历史印模" in text_of(phone, path)


@pytest.mark.row("F-28")
def test_b5_2_2_a_seal_within_its_period_is_renewed_only_near_its_end(
    product: Product, seal: Seal
) -> None:
    phone, path = as_himself(product), f"/m/seals/{seal.id}"
    answer = phone.post(f"{path}/renew", prove(phone, "renew_seal", seal))
    assert told(answer) == (409, "renewal_too_early")
    stand_before_end(product, seal, days=9)

    phone = as_himself(product)
    answer = phone.post(f"{path}/renew", prove(phone, "renew_seal", seal))
    assert told(answer) == (200, path)
    product.work()

    assert f"{seal.valid_until.year + 3}-" in text_of(phone, path)


@pytest.mark.row("F-29")
def test_b5_2_3_it_is_suspended_and_enabled_by_an_intent(product: Product, seal: Seal) -> None:
    phone, path = as_himself(product), f"/m/seals/{seal.id}"
    for act, word in (("suspend", "已停用"), ("enable", "正常")):
        answer = phone.post(f"{path}/{act}", prove(phone, f"{act}_seal", seal))
        assert told(answer) == (200, path)
        assert word in text_of(phone, "/m/")


@pytest.mark.row("F-30")
def test_b5_2_4_it_is_cancelled_by_an_intent_and_may_be_applied_for_anew(
    product: Product, seal: Seal
) -> None:
    phone, path = as_himself(product), f"/m/seals/{seal.id}"

    answer = phone.post(f"{path}/cancel", prove(phone, "cancel_seal", seal))
    product.work()

    assert told(answer) == (200, path)
    assert "已注销" in text_of(phone, "/m/")
    assert "如需使用请重新申领" in text_of(phone, path)
