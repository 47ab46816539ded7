"""一键登录 in a browser: the tick, the other house's page, and back (F-08)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Actor, PhoneOf
from tests.browser.steps import Stack
from tests.factories.product import HUANG

pytestmark = pytest.mark.browser
PLATFORM = "一体化平台账号"


def choose(page: Page, name: str) -> None:
    """Be this person at the stand-in for the platform."""
    page.get_by_role("link", name=name).click()


def leave(page: Page, stack: Stack) -> None:
    """From our login page to the platform's."""
    page.goto(f"{stack.base}/m/login?next=/m/scan")
    page.get_by_label("我已阅读并同意以下协议").check()
    page.get_by_role("button", name=PLATFORM).click()
    expect(page.get_by_role("heading", name="一体化平台登录")).to_be_visible()


@pytest.mark.row("F-08", "F-04")
def test_one_tap_leads_in_who_has_bound_the_platform(
    stack: Stack, actor: Actor, phone_of: PhoneOf
) -> None:
    page = actor(**PHONE, device_scale_factor=2).new_page()
    page.goto(f"{stack.base}/m/login")
    page.get_by_role("button", name=PLATFORM).click()
    expect(page.locator("#houses-error")).to_contain_text("请先阅读并勾选同意")

    leave(page, stack)
    choose(page, HUANG.name)
    expect(page.get_by_role("heading", name="尚未绑定账号")).to_be_visible()
    expect(page.get_by_text("identity_not_bound")).to_be_visible()
    page.get_by_role("link", name="返回登录页").click()
    expect(page.get_by_role("button", name=PLATFORM)).to_be_visible()

    bound = phone_of(HUANG)
    bound.goto(f"{stack.base}/m/me")
    bound.get_by_role("button", name="去绑定 一体化平台").click()
    choose(bound, HUANG.name)
    expect(bound).to_have_url(f"{stack.base}/m/me")

    leave(page, stack)
    choose(page, HUANG.name)
    expect(page).to_have_url(f"{stack.base}/m/scan")

    bound.get_by_role("button", name="解除绑定 一体化平台").click()
    bound.get_by_role("dialog").get_by_role("button", name="解除绑定").click()
    expect(bound.get_by_role("button", name="去绑定 一体化平台")).to_be_visible()
    page.goto(f"{stack.base}/m/me")
    expect(page).to_have_url(re.compile("/m/login"))
