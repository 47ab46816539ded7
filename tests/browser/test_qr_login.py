"""A computer is let in by the phone: both screens, from the code to the account page."""

import re

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

LI = PEOPLE[2]


@pytest.mark.row("F-13", "P-02", "P-04", "P-50", "S-10")
def test_the_person_at_the_page_refuses_a_stranger_and_then_comes_in_by_keyboard(
    stack: Stack, desktop: Page, phone_of: PhoneOf
) -> None:
    phone = phone_of(LI)
    desktop.goto(stack.base + "/account")
    desktop.get_by_role("link", name="去登录").click()
    heading = desktop.locator("#login-heading")
    expect(heading).to_have_text("用手机扫码登录")
    let_in(phone, desktop)
    expect(heading).to_have_text("这是您本人吗？")
    expect(heading).to_be_focused()
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("button", name="不是我")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(heading).to_have_text("已拒绝这次登录")
    desktop.get_by_role("button", name="刷新二维码").click()
    expect(heading).to_have_text("用手机扫码登录")
    let_in(phone, desktop)
    expect(desktop.get_by_role("status").get_by_text("李*梅 在手机上确认了登录")).to_be_visible()

    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")

    desktop.wait_for_url(stack.base + "/account")
    expect(desktop.get_by_text("李*梅")).to_be_visible()
    expect(desktop.get_by_text("本机")).to_have_count(1)
    kept = {one["name"]: one for one in desktop.context.cookies()}
    assert kept["gy_desktop"]["httpOnly"]
    assert kept["gy_login"]["path"] == "/login"
    assert "gy_" not in desktop.evaluate("document.cookie")
    desktop.goto(stack.base + "/m/")
    expect(desktop).to_have_url(re.compile(r"/m/login"))
    desktop.goto(stack.base + "/account")
    desktop.get_by_role("button", name="退出登录").click()
    desktop.wait_for_url("**/login")
    expect(heading).to_have_text("用手机扫码登录")


@pytest.mark.row("S-09", "P-02")
def test_not_started_by_me_is_as_large_as_confirm_and_ends_both_screens(
    stack: Stack, desktop: Page, phone_of: PhoneOf
) -> None:
    phone = phone_of(LI)
    desktop.goto(stack.base + "/login")
    phone.goto(steps.read_qr(desktop))
    refuse = phone.get_by_role("button", name="不是我发起的")
    agree = phone.get_by_role("button", name="确认登录")
    expect(agree).to_be_visible()
    sizes = [one.bounding_box() for one in (refuse, agree)]
    assert len({(box["width"], box["height"]) for box in sizes if box}) == 1
    agree.click()
    expect(phone.get_by_text("请先选择与网页相同的核对码。")).to_be_visible()

    refuse.click()

    expect(phone.get_by_role("heading", name="已拒绝")).to_be_visible()
    expect(desktop.locator("#login-heading")).to_have_text("登录失败", timeout=1_000)
    expect(desktop.get_by_text("认证失败：手机端表示不是本人发起。")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="手机端表示不是本人发起")).to_be_visible()


def let_in(phone: Page, desktop: Page) -> None:
    """Scan the code off the screen, pick the number that the page shows, confirm."""
    phone.goto(steps.read_qr(desktop))
    shown = desktop.locator("[data-fill=reference_code]")
    expect(shown).to_have_text(re.compile(r"^\d\d$"))
    steps.agree(phone, desktop)
    expect(phone.get_by_role("heading", name="已确认登录")).to_be_visible()
