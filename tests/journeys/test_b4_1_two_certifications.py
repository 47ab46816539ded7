"""B4.1, B5.1: the certifications by the links in text messages, as a phone's requests."""

import re
from pathlib import Path
from urllib.parse import quote

import pypdfium2
import pytest
from werkzeug.test import TestResponse

from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from tests.factories.applications import AGENT, STROKES
from tests.factories.certifications import Certifying
from tests.factories.certify_pages import LinkPage
from tests.factories.mini_program import logged_in
from tests.factories.pdf_readers import by_pdfsig
from tests.factories.product import LI, WEI, Product

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
def test_first_the_representative_then_the_agent(product: Product, tmp_path: Path) -> None:
    case = Certifying.begun(product)
    first = LinkPage.of(case, WEI.phone)
    walk(first, WEI.name)
    assert "系统已向经办人发送认证短信" in first.look()
    assert case.application.state == ApplicationState.CERTIFYING
    early = product.phone(WEI).client.get(
        f"/m/apply/{case.application_id}/form.pdf", headers={"Accept": "application/json"}
    )
    assert refusal(early) == (409, "application_not_ready")

    same_browser = LinkPage.of(case, AGENT[2], first.browser)
    assert refusal(same_browser.take("open")) == (403, "certification_same_browser")
    second = LinkPage.of(case, AGENT[2])
    walk(second, AGENT[0])
    assert "印章正在生成" in second.look()
    assert case.application.state == ApplicationState.DONE

    mine, stranger = product.phone(WEI).client, product.phone(LI).client
    path = f"/m/apply/{case.application_id}"
    assert f'href="{path}/form.pdf"' in mine.get(path).text
    answer = mine.get(f"{path}/form.pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert quote("数字证书申请表.pdf") in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    (report,) = by_pdfsig(answer.data, tmp_path)
    assert "Signature is Valid" in report
    with pypdfium2.PdfDocument(answer.data) as form:
        assert form[0].get_textpage().get_text_bounded().count("本人手写签名") == 2
    told = stranger.get(f"{path}/form.pdf", headers={"Accept": "application/json"})
    assert refusal(told) == (404, "application_not_found")
    phone = logged_in(product)
    address = phone.get(f"/applications/{case.application_id}").get_json()["form"]
    sent = phone.get(address.removeprefix("/mp/v1"))
    assert sent.data == answer.data
    assert sent.headers["Content-Disposition"] == answer.headers["Content-Disposition"]

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
    form = product.phone(WEI).client.get(f"/m/apply/{case.application_id}/form.pdf")
    assert b"/ByteRange" in form.data
