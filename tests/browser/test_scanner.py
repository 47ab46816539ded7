"""扫一扫 on the phone pages: a photo of the screen, read on the server."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
TWELVE_MEGAPIXELS = (4032, 3024)
SMALL_ENOUGH_BYTES = 600_000  # the page makes larger photos smaller before they travel


@pytest.mark.row("F-38", "F-39", "P-02")
def test_a_photo_of_the_screen_leads_to_the_confirm_screen(
    stack: Stack, desktop: Page, phone_of: PhoneOf, tmp_path: Path
) -> None:
    file = tmp_path / "建设工程规划许可证申请表.pdf"
    file.write_bytes(pdf.make_pdf([pdf.Page()] * 2))
    steps.open_task(desktop, stack, file)
    steps.read_qr(desktop)
    phone = phone_of(LI)
    phone.goto(stack.base + "/m/scan")
    empty_desk = desk()
    take(phone, jpeg(empty_desk))
    expect(phone.get_by_role("alert")).to_have_text(
        "照片中没有识别到二维码。 请对准二维码重新拍摄。"
    )

    photo = jpeg(with_screen(empty_desk, desktop.screenshot()))
    assert len(photo) > SMALL_ENOUGH_BYTES
    take(phone, photo)
    phone.wait_for_url("**/m/qr/*")
    expect(phone.get_by_role("heading", name="请核对签章请求")).to_be_visible()
    shown = phone.locator("[data-when=request]")
    for words in (
        "南宁市工程建设项目审批系统（演示）",
        stack.demo.removeprefix("http://"),
        file.name,
        "2 页",
        "SHA-256",
        "SM3",
        "南宁桂印科技有限公司",
        "经办人",
        "企业法定名称章",
        "最多 20 枚",
        "Chrome",
        "刚刚打开",
    ):
        expect(shown.get_by_text(words).first).to_be_visible()
    expect(phone.locator(".file-picture img")).to_have_js_property("complete", True)
    assert phone.locator(".file-picture img").evaluate("img => img.naturalWidth") > 100


@pytest.mark.row("P-25", "F-38")
def test_letters_of_a_login_are_typed_where_no_camera_is(
    stack: Stack, desktop: Page, phone_of: PhoneOf
) -> None:
    phone = phone_of(LI)
    phone.goto(stack.base + "/m/scan")
    typed = phone.get_by_role("textbox", name="没有摄像头？输入页面上的字母")
    send = phone.get_by_role("button", name="提交字母")
    send.click()
    expect(phone.get_by_role("alert")).to_have_text("请输入网页上显示的 8 个字母。")
    typed.fill("bbbb bbbb")
    send.click()
    expect(phone.get_by_role("alert")).to_have_text(
        "字母不正确或已失效。 请核对网页上的 8 个字母，二维码刷新后字母会变。"
    )

    desktop.goto(stack.base + "/login")
    shown = desktop.locator("[data-fill=user_code]")
    expect(shown).to_have_text(re.compile(r"^[B-Z]{4}-[B-Z]{4}$"))
    typed.fill(shown.inner_text().lower())
    typed.press("Enter")
    phone.wait_for_url("**/m/qr/*/login")

    expect(shown).to_be_hidden()
    expect(phone.get_by_role("button", name="不是我发起的")).to_be_visible()


def desk() -> Image.Image:
    """A grey desk, with the noise that makes photos large."""
    noise = Image.effect_noise((1008, 756), 90).convert("RGB")
    return noise.resize(TWELVE_MEGAPIXELS, Image.Resampling.NEAREST)


def with_screen(picture: Image.Image, screenshot: bytes) -> Image.Image:
    """The screen on the desk: large and askew, as a hand holds a phone."""
    with Image.open(io.BytesIO(screenshot)) as screen:
        large = screen.convert("RGB").resize((screen.width * 2, screen.height * 2))
    askew = large.rotate(5, expand=True, fillcolor="grey")
    picture.paste(askew, (500, 300))
    return picture


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()


def take(phone: Page, photo: bytes) -> None:
    """The camera's answer to the page's input."""
    kept = {"name": "IMG_4711.jpg", "mimeType": "image/jpeg", "buffer": photo}
    phone.locator("input[name=photo]").set_input_files(kept)
