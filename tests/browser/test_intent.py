"""意愿认证 in a browser: the dialog names act and owner, and a PIN, a code or a face proves it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]
METHOD = "/m/me/method"
SECRET = "金花茶开2026"


def choose(page: Page, method: str) -> None:
    page.get_by_label(method).first.check()
    page.get_by_role("button", name="保存").click()


def by_pin(page: Page, dialog: Locator) -> None:
    """密码核验 behind the PIN; the sheet may be closed and opened again."""
    page.get_by_label("密码核验").check()
    page.locator("#password").fill(SECRET)
    page.locator("#password_again").fill(SECRET + "!")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").filter(has_text="核验密码不一致！")).to_be_visible()
    page.locator("#password_again").fill(SECRET)
    page.get_by_role("button", name="保存").click()
    expect(dialog).to_contain_text("变更用章核验方式")
    expect(dialog).to_contain_text("广西邕江建设工程有限责任公司")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="保存").click()
    dialog.locator("#intent-pin").fill(HUANG.pin)
    page.keyboard.press("Enter")
    expect(page.get_by_text("用章核验方式已保存。")).to_be_visible()


def by_code(page: Page, dialog: Locator, stack: Stack) -> None:
    choose(page, "人脸核验")
    dialog.get_by_label("短信验证码").check()
    steps.as_if_a_minute_had_passed(stack)
    with page.expect_response("**/m/intents") as sent:
        dialog.get_by_role("button", name="获取验证码").click()
    assert sent.value.status == 200
    dialog.locator("#intent-code").fill(steps.newest_code(stack, HUANG))
    dialog.get_by_role("button", name="确认").click()
    expect(page.locator("main .facts")).to_contain_text("人脸核验")
    page.wait_for_load_state()


def by_face(page: Page, dialog: Locator) -> None:
    """The face leaves the page and comes back to it."""
    choose(page, "签名口令")
    dialog.get_by_label("人脸核验").check()
    dialog.get_by_label("我单独同意").check()
    dialog.get_by_role("button", name="开始人脸核验").click()
    page.get_by_role("button", name="通过", exact=True).click()
    page.wait_for_url(f"**{METHOD}?done=1")
    expect(page.locator("main .facts")).to_contain_text("签名口令")


@pytest.mark.row("F-23", "F-24", "P-40", "P-50")
def test_the_representative_changes_the_method_by_each_proof(stack: Stack, actor: Actor) -> None:
    page = actor(**PHONE).new_page()
    steps.as_if_a_minute_had_passed(stack)
    steps.log_in_phone(page, stack, HUANG)
    page.goto(stack.base + "/m/me", wait_until="load")
    page.get_by_role("link", name="用章核验方式").click()
    page.wait_for_load_state()
    dialog = page.get_by_role("dialog", name="意愿认证")

    by_pin(page, dialog)
    page.wait_for_load_state()
    by_code(page, dialog, stack)
    by_face(page, dialog)
