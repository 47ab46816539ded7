"""Manual A, steps 7 to 12, in Chromium: two people's screens, a QR read off the picture."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import Cookies
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

WEI = PEOPLE[0]
DPI = 144
# page -> which seal, and where on the page it is let go (fractions of its width and height)
DROPS = {1: (0, (0.62, 0.71)), 2: (1, (0.3, 0.4)), 3: (0, (0.5, 0.6)), 4: (1, (0.7, 0.25))}


@pytest.mark.row("F-37", "F-38", "F-39", "F-40", "F-41", "F-42", "F-44", "F-45", "P-03", "P-06")
def test_a_file_is_sealed_where_its_seals_were_dropped(
    stack: Stack, desktop: Page, phone: Page, logged_in: Cookies, tmp_path: Path
) -> None:
    name = "施工许可申请表.pdf"
    (tmp_path / name).write_bytes(pdf.make_pdf(pdf.ODD_PAGES))
    steps.log_in_at_partner(desktop, stack, WEI)
    steps.upload_and_sign(desktop, stack, tmp_path / name)
    phone.goto(steps.read_qr(desktop))
    steps.log_in_phone(phone, stack, WEI, start="")
    logged_in[WEI.phone] = phone.context.storage_state()
    steps.agree(phone, desktop)
    steps.type_pin(phone, "000000")
    expect(phone.get_by_text("签名口令不正确。").first).to_be_visible()
    steps.type_pin(phone, WEI.pin)
    expect(phone.get_by_text("签名成功").first).to_be_visible()
    expect(desktop.locator("#seals li")).to_have_count(2)

    dropped = drop_all(desktop)
    steps.confirm_signing(desktop)

    sealed = steps.download_from_materials(desktop, stack, tmp_path / name)
    signatures = run("pdfsig", str(sealed))
    assert signatures.count("Signature is Valid") == len(DROPS)
    assert "Total document signed" in signatures
    for page, place in dropped.items():
        error = distance_pt(sealed, page, place, tmp_path)
        assert error <= 1.0, f"page {page}: {error:.2f} pt off"
    quote_in_filing(desktop, stack, name)


def drop_all(desktop: Page) -> dict[int, tuple[float, float]]:
    dropped = {}
    for page, (seal, at) in DROPS.items():
        dropped[page] = steps.drag_seal(desktop, seal, page, at)
        if page == 2:
            desktop.locator("#zoom-in").click()
            desktop.wait_for_timeout(500)
    return dropped


def quote_in_filing(desktop: Page, stack: Stack, name: str) -> None:
    """上传 → 引用我的上传材料 → 签章材料 → tick → 确定 (A12)."""
    desktop.goto(stack.demo + "/filings/new")
    desktop.fill("#project", "五象新区示范小学教学楼")
    desktop.get_by_role("button", name="下一步：上传附件").click()
    desktop.locator("summary", has_text="上传").first.click()
    desktop.get_by_role("button", name="引用我的上传材料").first.click()
    dialog = desktop.locator("dialog[open]")
    dialog.locator("[data-folder]").click()
    dialog.locator("label.choice", has_text=name[:-4]).click()
    dialog.get_by_role("button", name="确定").click()
    expect(desktop.get_by_text(name[:-4]).first).to_be_visible()


def distance_pt(sealed: Path, page: int, at: tuple[float, float], folder: Path) -> float:
    """How far the middle of the red ink lies from a place (fractions of the page), in points."""
    picture = folder / f"page-{page}.png"
    number = str(page)
    run(
        "pdftoppm",
        "-cropbox",
        "-r",
        str(DPI),
        "-f",
        number,
        "-l",
        number,
        "-png",
        "-singlefile",
        str(sealed),
        str(picture.with_suffix("")),
    )
    with Image.open(picture) as image:
        red, green, blue = image.convert("RGB").split()
        ink = Image.merge("RGB", (red, green, blue)).convert("RGB")
        mask = Image.eval(green, lambda value: 255 if value < 110 else 0)
        strong = Image.eval(red, lambda value: 255 if value > 150 else 0)
        box = Image.composite(strong, Image.new("L", ink.size), mask).getbbox()
        assert box, f"no seal on page {page}"
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        off_x, off_y = x - at[0] * image.width, y - at[1] * image.height
    return float((off_x**2 + off_y**2) ** 0.5 * 72 / DPI)


def run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout
