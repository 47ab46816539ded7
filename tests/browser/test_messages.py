"""消息中心 in a browser: the bell counts; a notice that is opened is read and leads on (P-36)."""

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser.conftest import Actor, PhoneOf
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]


def log_in_on_a_computer(page: Page, stack: Stack) -> None:
    page.goto(stack.base + "/login/password")
    page.locator("input[name=account]").fill(HUANG.phone)
    page.locator("input[name=password]").fill(HUANG.password)
    page.locator("input[name=agreed]").check()
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/account")


@pytest.mark.row("P-36", "P-38")
def test_a_login_on_a_new_computer_is_seen_opened_and_followed(
    stack: Stack, actor: Actor, phone_of: PhoneOf
) -> None:
    phone = phone_of(HUANG)
    log_in_on_a_computer(actor().new_page(), stack)

    phone.goto(stack.base + "/m/", wait_until="load")
    phone.get_by_role("link", name="条未读").click()
    notice = phone.get_by_role("button", name="新设备登录").first
    expect(notice).to_contain_text("未读")
    expect(notice).to_contain_text("电脑")
    phone.wait_for_load_state()
    notice.click()
    expect(phone.get_by_role("heading", name="登录设备")).to_be_visible()

    phone.goto(stack.base + "/m/messages", wait_until="load")
    expect(phone.get_by_role("button", name="新设备登录").first).not_to_contain_text("未读")
