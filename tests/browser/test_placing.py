"""Seals that are placed: by keyboard, on every page, kept for this browser and no other."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]
PAGES = 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "竣工验收备案表.pdf"
    path.write_bytes(pdf.make_pdf([pdf.Page()] * PAGES))
    return path


@pytest.mark.row("F-41", "F-42", "F-43", "P-16", "P-50")
def test_seals_placed_by_keyboard_outlive_the_page_in_this_browser(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    steps.log_in_at_partner(desktop, stack, HUANG)
    steps.upload_and_sign(desktop, stack, file)
    steps.authenticate(desktop, phone_of(HUANG), HUANG)
    place_by_keyboard(desktop)
    refuse_bare_pages(desktop)
    marks = desktop.locator(".mark")
    marks.first.focus()
    desktop.locator("#repeat").click()
    expect(marks).to_have_count(PAGES)
    expect(desktop.get_by_text("每页都已盖章，可以确认签署")).to_be_visible()
    places = where_seals_lie(desktop)
    assert len({place for _, place in places}) == 1
    expect(desktop.get_by_text("位置已保存")).to_be_visible()

    desktop.reload()
    expect(desktop.get_by_text(f"已恢复上次放置的 {PAGES} 枚印章")).to_be_visible()
    assert where_seals_lie(desktop) == places

    tab = come_back(desktop, stack)
    expect(tab.locator(".mark")).to_have_count(PAGES)
    assert where_seals_lie(tab) == places
    expect(tab.locator("#qr")).to_be_hidden()
    steps.confirm_signing(tab)


@pytest.mark.row("F-43")
def test_on_a_public_computer_a_reload_ends_the_right_and_forgets_the_seals(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    steps.log_in_at_partner(desktop, stack, HUANG)
    steps.upload_and_sign(desktop, stack, file)
    phone = phone_of(HUANG)
    seen_before = steps.read_qr(desktop)
    tick_public_computer(desktop)
    phone.goto(seen_before)
    expect(phone.get_by_role("heading", name="已在网页上取消。")).to_be_visible()

    steps.authenticate(desktop, phone, HUANG)
    with desktop.expect_response("**/placements"):
        steps.put_seal_everywhere(desktop)
    desktop.reload()
    expect(desktop.get_by_role("heading", name="无法继续签署")).to_be_visible()
    expect(desktop.get_by_text("请返回审批系统，重新点击“签章”。")).to_be_visible()
    expect(desktop.locator("#seals li")).to_have_count(0)

    tab = come_back(desktop, stack)
    tick_public_computer(tab)
    steps.authenticate(tab, phone, HUANG)
    expect(tab.locator(".mark")).to_have_count(0)
    steps.put_seal_everywhere(tab)
    steps.confirm_signing(tab)
    expect(tab.get_by_text(f"{PAGES} 枚印章 · ")).to_be_visible()


def tick_public_computer(desktop: Page) -> None:
    """Tick it and wait for the new code; the page then no longer offers to be loaded anew."""
    desktop.get_by_label("这是公用电脑").check()
    expect(desktop.locator("#language")).to_be_hidden()
    expect(desktop.get_by_label("这是公用电脑")).to_be_disabled()


def place_by_keyboard(desktop: Page) -> None:
    """Enter puts a seal on the page in view, arrows move it, Delete removes it."""
    steps.put_seal(desktop, seal=1)
    mark = desktop.locator(".mark")
    expect(mark).to_be_focused()
    expect(mark).to_have_attribute("aria-label", "企业法定代表人章，第 1 页")
    before = mark.bounding_box()
    mark.press("ArrowLeft")
    mark.press("Shift+ArrowUp")
    after = mark.bounding_box()
    assert before
    assert after
    assert after["x"] - before["x"] == pytest.approx(-2, abs=0.05)
    assert after["y"] - before["y"] == pytest.approx(-20, abs=0.05)
    mark.press("Delete")
    expect(mark).to_have_count(0)
    desktop.get_by_role("button", name="撤销").click()
    expect(mark).to_have_count(1)


def refuse_bare_pages(desktop: Page) -> None:
    """确认签署 names the pages without a seal, and leads there; so does the page list."""
    rail = desktop.get_by_role("navigation", name="页面列表")
    expect(rail.get_by_role("button", name="第 1 页, 1 枚")).to_be_visible()
    expect(rail.get_by_role("button", name="第 2 页, 缺章")).to_be_visible()
    expect(rail.get_by_role("button", name="第 3 页, 缺章")).to_be_visible()
    desktop.locator("#confirm-button").click()
    refusal = desktop.get_by_role("dialog", name="还不能签署")
    expect(refusal.get_by_text("共 3 页，以下 2 页还没有印章")).to_be_visible()
    assert refusal.locator("#confirm-missing button").all_inner_texts() == ["第 2 页", "第 3 页"]
    refusal.get_by_role("button", name="第 3 页").click()
    expect(refusal).to_be_hidden()
    expect(desktop.get_by_text("第 3 / 3 页")).to_be_visible()


def where_seals_lie(desktop: Page) -> set[tuple[str, tuple[float, float]]]:
    """(the mark's words, its centre as rounded fractions of its page) for each mark."""
    expect(desktop.locator(".mark").first).to_be_visible()
    found = desktop.locator(".mark").evaluate_all(
        """marks => marks.map((mark) => {
            const [own, page] = [mark, mark.closest(".page")].map((e) => e.getBoundingClientRect());
            return [mark.getAttribute("aria-label"),
                (own.left + own.width / 2 - page.left) / page.width,
                (own.top + own.height / 2 - page.top) / page.height];
        })"""
    )
    return {(words, (round(x, 3), round(y, 3))) for words, x, y in found}


def come_back(desktop: Page, stack: Stack) -> Page:
    """Close the signing page; in a new tab of the same browser press 继续签章."""
    tab = desktop.context.new_page()
    desktop.close()
    tab.goto(stack.demo + "/online-signing/")
    tab.get_by_role("button", name="继续签章").first.click()
    tab.wait_for_url("**/sign/**")
    return tab
