"""Coming in by hand: a person registers by phone and comes back by password; a company's way."""

import pytest
from playwright.sync_api import Page, expect

from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.seed import DemoPerson
from tests.browser import steps
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

NEW = DemoPerson("农秀英", "13907719555", "", "", "450103199203151220")
CLERK = DemoPerson("经办人", "13907719556", "", "", "")
LIUZHOU = DEMO_COMPANIES[1]
PASSWORD = "seal-2026-river"


def ask_code(phone: Page) -> None:
    with phone.expect_response("**/sms") as answer:
        phone.get_by_role("button", name="获取验证码").click()
    assert answer.value.status == 200, answer.value.text()
    expect(phone.get_by_role("button", name="秒后重发")).to_be_disabled()


def register_by_phone(phone: Page, stack: Stack) -> None:
    phone.goto(stack.base + "/m/login")
    phone.locator("input[name=account]").fill(NEW.phone[:10])
    phone.get_by_role("button", name="获取验证码").click()
    expect(phone.get_by_text("请输入正确的手机号/身份证")).to_be_visible()
    phone.locator("input[name=account]").fill(NEW.phone)
    ask_code(phone)
    phone.locator("input[name=code]").fill(steps.newest_code(stack, NEW))
    phone.locator("input[name=agreed]").check()
    phone.get_by_role("button", name="注册/登录").click()
    phone.get_by_role("button", name="手机号注册").click()
    phone.wait_for_url("**/m/")


def set_password(phone: Page, stack: Stack) -> None:
    phone.goto(stack.base + "/m/login")
    phone.get_by_role("radio", name="账号密码").check()
    phone.get_by_role("link", name="忘记密码").click()
    phone.locator("input[name=account]").fill(NEW.phone)
    ask_code(phone)
    phone.locator("input[name=code]").fill(steps.newest_code(stack, NEW))
    phone.get_by_label("新的登录密码").fill(PASSWORD)
    phone.locator("input[name=again]").fill(PASSWORD)
    phone.get_by_role("button", name="设置新密码").click()
    phone.wait_for_url(lambda url: "/m/login/password" in url)


@pytest.mark.row("F-03", "F-05", "F-06")
def test_a_person_registers_by_phone_and_comes_back_by_a_password(
    stack: Stack, phone: Page
) -> None:
    register_by_phone(phone, stack)
    phone.context.clear_cookies()
    steps.as_if_a_minute_had_passed(stack)
    set_password(phone, stack)
    phone.locator("input[name=account]").fill(NEW.phone)
    secret = phone.locator("input[name=password]")
    secret.fill("wrong-1234")
    phone.locator("input[name=agreed]").check()
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_text("账号或密码不正确。")).to_be_visible()
    expect(secret).to_have_value("")
    secret.fill(PASSWORD)
    phone.get_by_role("button", name="显示密码").click()
    expect(secret).to_have_attribute("type", "text")
    phone.get_by_role("button", name="登录", exact=True).click()

    phone.wait_for_url("**/m/")
    assert PASSWORD not in phone.url


def fill_company(phone: Page) -> None:
    fields = {
        "company_name": LIUZHOU.name,
        "company": LIUZHOU.code,
        "name": LIUZHOU.representative,
        "number": LIUZHOU.representative_id_number,
        "phone": CLERK.phone,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    for name, value in fields.items():
        phone.locator(f"input[name={name}]").fill(value)
    phone.locator("input[name=consent]").check()
    phone.locator("input[name=agreed]").check()


@pytest.mark.row("F-01", "F-04", "F-10")
def test_a_company_registers_shows_its_representatives_face_and_is_home(
    stack: Stack, phone: Page
) -> None:
    phone.goto(stack.base + "/m/login")
    phone.get_by_role("link", name="法人用户").click()
    phone.get_by_role("link", name="没有账号？立即注册").click()
    fill_company(phone)
    phone.locator("input[name=company_name]").fill("柳州桂印公司")
    ask_code(phone)
    phone.locator("input[name=code]").fill(steps.newest_code(stack, CLERK))
    phone.get_by_role("button", name="注册", exact=True).click()
    expect(phone.get_by_text("填写的企业或法人代表信息与登记信息不一致。")).to_be_visible()
    phone.locator("input[name=company_name]").fill(LIUZHOU.name)
    phone.get_by_role("button", name="注册", exact=True).click()

    phone.wait_for_url("**/m/gate?**")
    phone.locator("input[name=consent]").check()
    phone.get_by_role("button", name="开始人脸核验").click()
    phone.wait_for_url("**/dev/face/**")
    phone.get_by_role("button", name="通过", exact=True).click()

    phone.wait_for_url("**/m/")
    expect(phone.get_by_text(LIUZHOU.name).first).to_be_visible()
