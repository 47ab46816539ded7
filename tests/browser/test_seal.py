"""印章详情 in a browser: a seal is stopped and let go on, each behind a dialog and a proof."""

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]


def prove(page: Page) -> None:
    dialog = page.locator("#intent")
    expect(dialog).to_contain_text("企业法定名称章")
    dialog.locator("#intent-pin").fill(HUANG.pin)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


@pytest.mark.row("F-26", "F-27", "F-29", "F-30", "P-50")
def test_a_seal_is_suspended_and_enabled_on_its_page(stack: Stack, actor: Actor) -> None:
    page = actor(**PHONE).new_page()
    steps.as_if_a_minute_had_passed(stack)
    steps.log_in_phone(page, stack, HUANG)
    page.goto(f"{stack.base}/m/")
    page.get_by_role("link", name="企业法定名称章").click()
    page.wait_for_load_state()
    expect(page.locator(".seal-head")).to_contain_text("正常")

    page.get_by_role("button", name="变更").click()
    expect(page.get_by_role("dialog")).to_contain_text("该功能暂未开放")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="续期").click()
    expect(page.get_by_role("dialog")).to_contain_text("仅可在到期前十天内续期")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="停用").click()
    expect(page.get_by_role("dialog")).to_contain_text("停用印章提示")
    page.get_by_role("button", name="立即停用").click()
    prove(page)
    expect(page.locator(".seal-head")).to_contain_text("已停用")

    page.get_by_role("button", name="启用").click()
    page.get_by_role("button", name="立即启用").click()
    prove(page)
    expect(page.locator(".seal-head")).to_contain_text("正常")

    page.get_by_role("link", name="注销").click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", name="注销后不能恢复")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("请阅读说明并勾选")
