"""B4.1, B5.1: the certifications by the links in text messages, as a phone's requests."""

import re

import pytest
from werkzeug.test import TestResponse

from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from tests.factories.applications import AGENT, STROKES
from tests.factories.certifications import Certifying
from tests.factories.certify_pages import LinkPage
from tests.factories.product import WEI, Product

PNG = b"\x89PNG\r\n"


def stage(page: LinkPage) -> str:
    found = re.search(r'data-stage="(\w+)"', page.look())
    assert found
    return found[1]


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def walk(page: LinkPage, name: str) -> None:
    """Every step of one person, with what the page says at each."""
    assert "前往签署" in page.look()
    assert page.take("open").status_code == 200
    assert stage(page) == "read"
    picture = page.browser.get(f"{page.path}/form/1.png")
    assert picture.data.startswith(PNG)
    assert picture.headers["Cache-Control"] == "no-store"
    assert "下一步" in page.look()
    page.take("read")
    assert stage(page) == "face"
    assert refusal(page.take("face", {"consent": False})) == (422, "consent_needed")
    assert page.show_face().get_json() == {"outcome": "passed"}
    assert "完成身份认证" in page.look()
    page.take("identify")
    assert "签名区" in page.look()
    assert refusal(page.sign({**STROKES, "strokes": []}))[0] == 422
    assert page.sign().status_code == 200
    assert "已完成签名" in page.look()
    assert name[0] in page.look()


@pytest.mark.row("F-15", "F-16", "S-31")
def test_first_the_representative_then_the_agent(product: Product) -> None:
    case = Certifying.begun(product)
    first = LinkPage.of(case, WEI.phone)
    walk(first, WEI.name)
    assert "系统已向经办人发送认证短信" in first.look()
    assert case.application.state == ApplicationState.CERTIFYING

    same_browser = LinkPage.of(case, AGENT[2], first.browser)
    assert refusal(same_browser.take("open")) == (403, "certification_same_browser")
    second = LinkPage.of(case, AGENT[2])
    walk(second, AGENT[0])
    assert "印章正在生成" in second.look()
    assert case.application.state == ApplicationState.DONE

    text = next(one.text for one in product.sms.messages() if one.phone == AGENT[2])
    assert case.application.unit_name in text
    assert "请勿泄露或转发" in text


@pytest.mark.row("F-16")
def test_who_is_both_certifies_twice(product: Product) -> None:
    case = Certifying.begun(product, agent=None)
    browser = product.browser()
    walk(LinkPage.of(case, WEI.phone, browser), WEI.name)
    walk(LinkPage.of(case, WEI.phone, browser), WEI.name)
    assert case.application.state == ApplicationState.DONE


@pytest.mark.row("F-17")
def test_b5_1_one_certification_for_ones_own_seals(product: Product) -> None:
    case = Certifying.begun(product, Way.PERSONAL)
    page = LinkPage.of(case, WEI.phone)
    walk(page, WEI.name)
    assert "印章正在生成" in page.look()
    assert WEI.name not in page.look(), "whoever looks over the shoulder reads a masked name"
    assert case.application.state == ApplicationState.DONE
