"""签章方式: seals on several pages at once, and 骑缝 across their edges, with mouse and keys."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from server.sealing.placement import POINTS_PER_MM
from server.sealing.reader import read_seals
from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

HUANG = PEOPLE[1]
PAGES = 4
A4_MM = 595.276 / POINTS_PER_MM


@pytest.fixture
def signing(stack: Stack, desktop: Page, phone_of: PhoneOf, tmp_path: Path) -> Path:
    """A file of four pages on the signing page, its seals loaded; where the file lies."""
    path = tmp_path / "建设工程施工合同.pdf"
    path.write_bytes(pdf.make_pdf([pdf.Page()] * PAGES))
    steps.log_in_at_partner(desktop, stack, HUANG)
    steps.upload_and_sign(desktop, stack, path)
    steps.authenticate(desktop, phone_of(HUANG), HUANG)
    return path


@pytest.mark.row("F-47", "F-43", "F-41", "F-42")
def test_a_straddled_seal_is_laid_across_all_pages_moved_kept_and_sealed(
    stack: Stack, desktop: Page, signing: Path
) -> None:
    desktop.get_by_role("radio", name="骑缝").check()
    steps.put_seal(desktop)
    slices = desktop.locator(".slice.mark")
    expect(slices).to_have_count(PAGES)
    expect(slices.first).to_be_focused()
    expect(slices.nth(3)).to_have_attribute("aria-label", "企业法定名称章骑缝，第 4 页")
    expect(desktop.get_by_text("每页都已盖章，可以确认签署")).to_be_visible()
    lie_flush_and_move_together(desktop, slices)
    expect(desktop.get_by_text("位置已保存")).to_be_visible()
    before = [down for _, down in where(slices)]

    desktop.reload()
    expect(desktop.get_by_text("已恢复上次放置的 1 枚印章")).to_be_visible()
    expect(slices).to_have_count(PAGES)
    assert [down for _, down in where(slices)] == pytest.approx(before, abs=0.002)
    desktop.get_by_role("radio", name="单页").check()
    steps.put_seal(desktop)
    desktop.locator("#confirm-button").click()
    summary = desktop.locator("#confirm")
    expect(summary.get_by_text("共 2 枚印章，盖在 4 个页面上。")).to_be_visible()
    expect(summary.get_by_text("骑缝 1 枚")).to_be_visible()
    summary.get_by_role("button", name="返回修改").click()
    steps.confirm_signing(desktop)

    sealed = steps.download_from_materials(desktop, stack, signing)
    found = read_seals(sealed.read_bytes())
    edge = [one for one in found if one.rectangle[2] > 595]
    assert [one.page for one in edge] == [1, 2, 3, 4]
    widths = [(one.rectangle[2] - one.rectangle[0]) / POINTS_PER_MM for one in edge]
    assert widths == pytest.approx([10] * PAGES, abs=0.1)
    downs = [1 - (one.rectangle[1] + one.rectangle[3]) / 2 / 841.89 for one in edge]
    assert downs == pytest.approx(before, abs=0.002)
    assert len(found) == PAGES + 1


def lie_flush_and_move_together(desktop: Page, slices: Locator) -> None:
    """At the right edge of each page; arrows and the mouse move all of them along it."""
    start = where(slices)
    assert [right for right, _ in start] == pytest.approx([1] * PAGES, abs=0.001)
    slices.first.press("Shift+ArrowUp")
    slices.first.press("ArrowDown")
    by_keys = where(slices)
    height = page_box(desktop)["height"]
    assert start[0][1] - by_keys[0][1] == pytest.approx(18 / height, abs=0.0005)
    box = slices.first.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desktop.mouse.move(*middle)
    desktop.mouse.down()
    desktop.mouse.move(middle[0] - 200, middle[1] + 100, steps=4)
    desktop.mouse.up()
    by_mouse = where(slices)
    assert by_mouse[0][1] - by_keys[0][1] == pytest.approx(100 / height, abs=0.002)
    assert {round(down, 4) for _, down in by_mouse} == {round(by_mouse[0][1], 4)}
    assert [right for right, _ in by_mouse] == pytest.approx([1] * PAGES, abs=0.001)


@pytest.mark.row("F-47", "P-16")
def test_several_pages_other_edges_and_clearing_everything(desktop: Page, signing: Path) -> None:
    assert signing
    marks = desktop.locator(".mark:not(.slice)")
    desktop.get_by_role("radio", name="多页").check()
    pages = desktop.get_by_label("页码")
    pages.fill("9")
    expect(desktop.get_by_text("请写 1 至 4 之间的页码，例如 1-3,5。")).to_be_visible()
    steps.put_seal(desktop)
    expect(marks).to_have_count(0)
    pages.fill("1，3-4")
    steps.put_seal(desktop)
    expect(marks).to_have_count(3)
    bare = desktop.locator("#bare-pages button")
    expect(bare).to_have_text(["第 2 页"])

    desktop.get_by_role("radio", name="骑缝").check()
    pages.fill("")
    desktop.get_by_role("radio", name="上边").check()
    steps.put_seal(desktop)
    slices = desktop.locator(".mark.slice")
    expect(slices).to_have_count(PAGES)
    assert upper_edges(slices) == pytest.approx([0] * PAGES, abs=0.001)
    desktop.get_by_role("radio", name="左边").check()
    assert [right for right, _ in where(slices)] == pytest.approx([10 / A4_MM] * PAGES, abs=0.001)
    desktop.get_by_label("文件将双面打印").check()
    rights = [right for right, _ in where(slices)]
    assert rights == pytest.approx([20 / A4_MM, 1] * 2, abs=0.001)
    pages.fill("2-4")
    expect(desktop.get_by_text("骑缝章至少需要 2 页，双面打印至少 4 页。")).to_be_visible()
    expect(slices).to_have_count(PAGES)

    clear_everything(desktop, placed=4)
    expect(desktop.locator(".mark")).to_have_count(0)
    desktop.get_by_role("button", name="撤销").click()
    expect(marks).to_have_count(3)
    expect(slices).to_have_count(PAGES)
    slices.first.focus()
    slices.first.press("Delete")
    expect(slices).to_have_count(0)
    expect(marks).to_have_count(3)


def clear_everything(desktop: Page, placed: int) -> None:
    """清除所有签章 asks first, and keeping them changes nothing."""
    dialog = desktop.get_by_role("dialog", name="清除所有签章？")
    desktop.locator("#clear").click()
    expect(dialog.get_by_text(f"已放置的 {placed} 枚印章会从所有页面移除。")).to_be_visible()
    dialog.get_by_role("button", name="保留").click()
    expect(desktop.locator(".mark").first).to_be_visible()
    desktop.locator("#clear").click()
    dialog.get_by_role("button", name="全部清除").click()


def where(slices: Locator) -> list[tuple[float, float]]:
    """Of each slice its right edge and its middle from above, as fractions of its page."""
    found: list[list[float]] = slices.evaluate_all(
        """slices => slices.map((slice) => {
            const [own, page] = [slice, slice.closest(".page")]
                .map((element) => element.getBoundingClientRect());
            return [(own.right - page.left) / page.width,
                (own.top + own.height / 2 - page.top) / page.height];
        })"""
    )
    return [(right, down) for right, down in found]


def upper_edges(slices: Locator) -> list[float]:
    found: list[float] = slices.evaluate_all(
        """slices => slices.map((slice) => slice.getBoundingClientRect().top
            - slice.closest(".page").getBoundingClientRect().top)"""
    )
    return found


def page_box(desktop: Page) -> dict[str, float]:
    box = desktop.locator(".page").first.bounding_box()
    assert box
    return dict(box)
