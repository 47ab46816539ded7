"""The registry names another representative: seals stop, and the next one takes over (P-39)."""

from dataclasses import replace

import pytest

from server.enterprises.jobs import RegistryDesk
from server.providers.registry import Company
from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.seals.models import Seal
from tests.factories.devices import PhoneInHand
from tests.factories.product import HUANG, WEI, Product
from tests.factories.seals import about, company_seal, told

GUIYIN = DEMO_COMPANIES[0]
BY_HUANG = replace(GUIYIN, representative=HUANG.name, representative_id_number=HUANG.id_number)
NEW_NAME = "南宁桂印数字科技有限公司"


def says(product: Product, facts: Company) -> None:
    """The registry's word, heard by the worker, and all that follows from it."""
    parts = product.parts
    RegistryDesk(parts.db, parts.providers.keys, parts.providers.registry).keep([facts])
    product.work()


def text_of(phone: PhoneInHand, path: str) -> str:
    answer = phone.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def enable(product: Product, phone: PhoneInHand, seal: Seal) -> tuple[int, str]:
    """立即启用 on the seal's page, behind the PIN."""
    body = {"action": "enable_seal", "parameters": about(product, seal), "method": "pin"}
    begun = phone.post("/m/intents", body).get_json()
    proved = phone.post(f"/m/intents/{begun['intent']}/prove", {"pin": phone.person.pin})
    assert proved.get_json() == {"outcome": "passed"}
    return told(phone.post(f"/m/seals/{seal.id}/enable", {"intent": begun["intent"]}))


@pytest.mark.row("P-36", "P-39")
def test_a_new_representative_takes_the_seals_over_and_the_former_one_is_out(
    product: Product,
) -> None:
    signing = product.signing(person=WEI)
    signing.authorize()
    seal = company_seal(product)
    path = f"/m/seals/{seal.id}"

    says(product, BY_HUANG)

    assert signing.page.read()["grant"] is None
    former = signing.phone
    assert "法定代表人已变更，印章已停用" in text_of(former, "/m/messages")
    assert former.get(path).status_code == 404
    product.clock.advance(minutes=2)
    next_one = product.phone(HUANG)
    assert "法定代表人已变更，印章已停用" in text_of(next_one, "/m/messages")
    assert "已停用" in text_of(next_one, path)

    assert enable(product, next_one, seal) == (200, path)

    assert "正常" in text_of(next_one, path)
    product.clock.advance(minutes=2)
    assert product.signing(person=HUANG).scan()["acting"][0]["name"] == GUIYIN.name


@pytest.mark.row("P-36", "P-39")
def test_a_company_with_another_name_enables_no_seal_with_the_former_one(product: Product) -> None:
    seal = company_seal(product)
    says(product, replace(GUIYIN, name=NEW_NAME))
    phone = product.phone(WEI)

    assert "企业名称已变更，印章已停用" in text_of(phone, "/m/messages")
    assert NEW_NAME in text_of(phone, "/m/")
    status, _ = enable(product, phone, seal)
    assert status == 409
    assert "已停用" in text_of(phone, f"/m/seals/{seal.id}")
