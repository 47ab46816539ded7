"""扫码登录 at the demo partner: its page, ours, the phone, and back, in one browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
PARTNER = "南宁市工程建设项目审批系统（演示）"


@pytest.mark.row("F-13", "P-02", "S-10", "S-11", "S-28")
def test_a_person_logs_in_at_the_partner_by_scanning(
    stack: Stack, desktop: Page, phone_of: PhoneOf
) -> None:
    phone = phone_of(LI)
    scan_login(desktop, stack)
    assert "#" not in desktop.url
    desktop.reload()
    expect(desktop.get_by_text(PARTNER)).to_be_visible()
    desktop.get_by_role("button", name="取消并返回").click()
    desktop.wait_for_url(stack.demo + "/scan-login/back?**")
    expect(desktop.get_by_role("alert")).to_contain_text("本次扫码登录未完成")

    scan_login(desktop, stack)
    phone.goto(steps.read_qr(desktop))
    expect(phone.get_by_text(PARTNER)).to_be_visible()
    expect(phone.get_by_text("手机号和证件号码不会提供")).to_be_visible()
    steps.agree(phone, desktop)
    expect(phone.get_by_role("heading", name="已确认登录")).to_be_visible()
    expect(desktop.locator("#login-heading")).to_have_text("这是您本人吗？")
    desktop.get_by_role("button", name="是我，登录").click()

    desktop.wait_for_url(stack.demo + "/login**")
    expect(desktop.get_by_role("status")).to_contain_text("李*梅，扫码成功")
    desktop.get_by_role("button", name=LI.name).click()
    desktop.wait_for_url(stack.demo + "/")
    expect(desktop.get_by_role("heading", name=re.compile(LI.name))).to_be_visible()


def scan_login(desktop: Page, stack: Stack) -> None:
    """From the partner's login page to ours."""
    desktop.goto(stack.demo + "/login")
    desktop.get_by_role("button", name="扫码登录").click()
    desktop.wait_for_url(re.compile(re.escape(stack.base) + "/qr-login/[^#]*$"))
    expect(desktop.locator("#login-heading")).to_have_text("用手机扫码登录")
