"""B6: 认证记录, for who has lost the text message: 立即认证, 重新发送短信, 撤销申请."""

import re

import pytest
from werkzeug.test import TestResponse

from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from tests.factories.certifications import Certifying
from tests.factories.certify_pages import LinkPage
from tests.factories.devices import PhoneInHand
from tests.factories.product import HUANG, WEI, Product

PAGE = "/m/me/certifications"


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.fixture
def phone(product: Product) -> PhoneInHand:
    """韦志远, for himself."""
    return acting_for_himself(product.phone())


def acting_for_himself(phone: PhoneInHand) -> PhoneInHand:
    phone.post("/m/role", {"kind": "account", "id": ""})
    return phone


@pytest.mark.row("F-18")
def test_who_lost_the_text_goes_on_from_the_records(product: Product, phone: PhoneInHand) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    shown = phone.get(PAGE).text
    for word in ("立即认证", "前往认证", "撤销申请", "是否确认撤销申请", "重新发送短信"):
        assert word in shown
    old = LinkPage.of(case, WEI.phone)
    answer = phone.post(f"{PAGE}/{case.row().id}/enter")
    assert re.fullmatch(r"/m/certify/[\w-]{43}", answer.get_json()["next"])
    page = LinkPage(product, phone, answer.get_json()["next"].rsplit("/", 1)[1])
    assert refusal(old.take("open")) == (404, "certification_link_unknown")
    page.up_to("sign").sign()
    assert case.application.state == ApplicationState.DONE
    assert "没有未完成的申领" in phone.get(PAGE).text


@pytest.mark.row("F-18")
def test_withdrawn_in_the_records_its_link_is_dead(product: Product, phone: PhoneInHand) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    page = LinkPage.of(case, WEI.phone).up_to("sign")
    assert phone.post(f"/m/apply/{case.application_id}/withdraw").status_code == 200
    assert "没有未完成的申领" in phone.get(PAGE).text
    assert refusal(page.sign()) == (410, "application_ended")


@pytest.mark.row("F-18", "P-45")
def test_in_anothers_turn_the_records_say_whose_it_is(product: Product, phone: PhoneInHand) -> None:
    case = Certifying.begun(product)
    LinkPage.of(case, WEI.phone).up_to("sign").sign()
    shown = phone.get(PAGE).text
    assert "现在轮到经办人认证" in shown
    assert "立即认证" not in shown
    second = case.row(2).id
    assert refusal(phone.post(f"{PAGE}/{second}/enter")) == (403, "certification_not_yours")


@pytest.mark.row("F-18", "S-17")
def test_an_agent_with_an_account_sees_his_own_turn_and_a_stranger_nothing(
    product: Product, phone: PhoneInHand
) -> None:
    agent = (HUANG.name, HUANG.id_number, HUANG.phone)
    case = Certifying.begun(product, agent=agent)
    hers = acting_for_himself(product.phone(HUANG))
    first, second = case.row(1).id, case.row(2).id
    assert "没有未完成的申领" in hers.get(PAGE).text, "it is not her turn yet"
    assert refusal(hers.post(f"{PAGE}/{first}/enter")) == (404, "certification_not_found")
    LinkPage.of(case, WEI.phone).up_to("sign").sign()
    shown = hers.get(PAGE).text
    assert "立即认证" in shown
    assert "撤销申请" not in shown.split("</main>")[0].split("<section")[-1]
    assert hers.post(f"{PAGE}/{second}/enter").status_code == 200
    assert refusal(phone.post(f"{PAGE}/nothing/enter")) == (404, "certification_not_found")
