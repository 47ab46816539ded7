"""我的 in a browser: another device ends, language and large text change, the phone changes."""

import pytest
from playwright.sync_api import Page, expect

from server.seed import DemoPerson
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

MINE = DemoPerson("", "13907716601", "", "", "")
NEW_PHONE = "13907716602"


def set_password(page: Page, stack: Stack) -> None:
    page.goto(stack.base + "/m/me/password")
    steps.as_if_a_minute_had_passed(stack)
    with page.expect_response("**/m/me/proof/sms") as answer:
        page.locator("#send-proof").click()
    assert answer.value.status == 200
    page.locator("#proof-code").fill(steps.newest_code(stack, MINE))
    page.locator("#password").fill("mine-2026")
    page.locator("#again").fill("mine-2026")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("登录密码已保存")).to_be_visible()


def log_in_elsewhere(page: Page, stack: Stack) -> None:
    """On a computer, by the password."""
    page.goto(stack.base + "/login/password")
    page.locator("input[name=account]").fill(MINE.phone)
    page.locator("input[name=password]").fill("mine-2026")
    page.locator("input[name=agreed]").check()
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/account")


@pytest.mark.row("P-38", "P-50", "F-06")
def test_a_person_keeps_his_account_in_order(stack: Stack, actor: Actor) -> None:
    phone = actor(**PHONE, device_scale_factor=2).new_page()
    computer = actor().new_page()
    steps.register_by_phone(phone, stack, MINE)
    set_password(phone, stack)
    log_in_elsewhere(computer, stack)

    phone.goto(stack.base + "/m/me")
    phone.get_by_role("link", name="登录设备").click()
    expect(phone.locator(".device")).to_have_count(2)
    phone.wait_for_load_state()  # what a button does comes with the page's scripts
    phone.get_by_role("button", name="结束登录").first.click()
    expect(phone.locator(".device")).to_have_count(1)
    computer.reload()
    expect(computer.get_by_role("heading", name="请先登录。")).to_be_visible()

    phone.goto(stack.base + "/m/me", wait_until="load")
    phone.get_by_role("switch", name="大字版").click()
    expect(phone.locator("html")).to_have_attribute("data-care", "1")
    phone.get_by_role("link", name="English").click()
    expect(phone.get_by_role("switch", name="Large text")).to_be_checked()
    phone.get_by_role("switch", name="Large text").click()
    phone.get_by_role("link", name="中文").click()

    phone.get_by_role("link", name="手机号").click()
    phone.get_by_label("登录密码", exact=True).first.check()
    phone.locator("#proof_password").fill("mine-2026")
    phone.locator("#phone").fill(NEW_PHONE)
    with phone.expect_response("**/m/me/phone/sms"):
        phone.locator("#send-code").click()
    new = DemoPerson("", NEW_PHONE, "", "", "")
    phone.locator("#code").fill(steps.newest_code(stack, new))
    phone.get_by_role("button", name="确认更换").click()
    expect(phone.get_by_text("手机号已更换")).to_be_visible()
    expect(phone.get_by_text("139****6602").first).to_be_visible()
