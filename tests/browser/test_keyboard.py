"""Without a mouse: dialogs hold the keyboard, Esc puts them away, and focus comes back."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
MORE_THAN_ROUND = 12


@pytest.mark.row("P-50")
def test_dialogs_hold_the_keyboard_and_let_go_by_escape(
    stack: Stack, desktop: Page, phone_of: PhoneOf, tmp_path: Path
) -> None:
    file = tmp_path / "消防设计审查申请表.pdf"
    file.write_bytes(pdf.make_pdf([pdf.Page()] * 2))
    steps.open_task(desktop, stack, file)
    dialog = desktop.locator("#qr")
    expect(desktop.locator("#qr-heading")).to_be_focused()
    hold_the_keyboard(desktop, dialog)
    desktop.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desktop.locator("#viewer canvas").first).to_be_visible()
    desktop.get_by_role("button", name="扫码认证").press("Enter")
    expect(dialog).to_be_visible()

    phone = phone_of(LI)
    phone.goto(steps.read_qr(desktop))
    steps.agree(phone, desktop)
    forgot = phone.get_by_role("button", name="忘记签名口令")
    forgot.press("Enter")
    hold_the_keyboard(phone, phone.locator("#forgot"))
    phone.keyboard.press("Escape")
    expect(forgot).to_be_focused()
    phone.keyboard.type(LI.pin)
    expect(phone.get_by_text("已输入 6 位")).to_be_visible()
    phone.locator("[data-submit]").press("Enter")
    expect(phone.get_by_role("heading", name="签名成功")).to_be_focused()

    expect(desktop.locator("#seals li")).to_have_count(1)
    confirm = desktop.locator("#confirm-button")
    confirm.press("Enter")
    hold_the_keyboard(desktop, desktop.locator("#confirm"))
    desktop.keyboard.press("Escape")
    expect(confirm).to_be_focused()


def hold_the_keyboard(page: Page, dialog: Locator) -> None:
    """Tab goes round within the dialog (or to the browser's own buttons) and reaches each part."""
    expect(dialog).to_be_visible()
    parts = dialog.locator("button:visible:enabled, input:visible:enabled, a:visible").count()
    reached = set()
    for _ in range(parts + MORE_THAN_ROUND):
        page.keyboard.press("Tab")
        where = dialog.evaluate(
            """dialog => {
                const at = document.activeElement;
                const parts = [...dialog.querySelectorAll("*")];
                return at === document.body ? "browser"
                    : dialog.contains(at) ? parts.indexOf(at) : "outside";
            }"""
        )
        assert where != "outside"
        reached.add(where)
    assert len(reached - {"browser"}) >= parts
