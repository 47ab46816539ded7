"""注销 in a browser: a company's papers are handed in, and the seal is gone for good."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack
from tests.factories.pictures import photo

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]


@pytest.mark.row("F-30", "F-22", "P-50")
def test_a_company_hands_in_its_papers_and_cancels_a_seal(
    stack: Stack, actor: Actor, tmp_path: Path
) -> None:
    picture = tmp_path / "licence.jpg"
    picture.write_bytes(photo())
    page = actor(**PHONE).new_page()
    steps.as_if_a_minute_had_passed(stack)
    steps.log_in_phone(page, stack, HUANG)
    page.goto(f"{stack.base}/m/")
    page.get_by_role("link", name="企业法定代表人章").click()
    page.get_by_role("link", name="注销").click()
    page.wait_for_load_state()
    page.get_by_label("我已了解").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.locator("[data-slot=licence]")).to_contain_text("还缺这张图片")

    for slot in ("representative_front", "representative_back", "licence"):
        root = page.locator(f"[data-slot={slot}]")
        root.locator("input").last.set_input_files(picture)
        expect(root.locator("[data-slot-state]")).to_have_text("已上传")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("dialog")).to_contain_text("此操作不能撤销")
    page.get_by_role("button", name="确认注销").click()

    dialog = page.locator("#intent")
    steps.as_if_a_minute_had_passed(stack)
    with page.expect_response("**/m/intents"):
        dialog.get_by_role("button", name="获取验证码").click()
    dialog.locator("#intent-code").fill(steps.newest_code(stack, HUANG))
    dialog.get_by_role("button", name="确认").click()

    expect(page.locator(".seal-head")).to_contain_text("已注销")
    expect(page.get_by_role("navigation", name="印章操作")).to_be_hidden()
