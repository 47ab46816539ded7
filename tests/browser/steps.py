"""What people do on the pages, each step once."""

import io
import json
import re
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from examples.approval_system.client import DocumentStatus, PartnerApi
from server.seed import DemoPerson


@dataclass(frozen=True)
class Stack:
    """Where the running product is."""

    base: str
    demo: str
    data: Path


def log_in_at_partner(page: Page, stack: Stack, person: DemoPerson) -> None:
    page.goto(stack.demo + "/")
    page.get_by_role("button", name=person.name).click()


def upload_and_sign(page: Page, stack: Stack, pdf: Path) -> None:
    """申报管理 → 在线签章 → upload → 签章 at the right of the file (A7, A8)."""
    page.goto(stack.demo + "/online-signing/")
    page.set_input_files("#file", pdf)
    row = page.locator("tr", has_text=pdf.name)
    row.get_by_role("button", name="签章", exact=True).click(timeout=40_000)
    page.wait_for_url("**/sign/**")


def open_task(page: Page, stack: Stack, pdf: Path) -> None:
    """Open the signing page as a partner's back end has it opened, without the partner's pages."""
    key = (stack.data / "demo" / "partner.key").read_text()
    api, once = PartnerApi(stack.base, key), secrets.token_hex(8)
    try:
        document = api.add_document(pdf.name, pdf.read_bytes(), key=once)
        while document.status is DocumentStatus.CHECKING:
            page.wait_for_timeout(100)
            document = api.document(document.id)
        wanted = {"document_id": document.id, "title": pdf.name, "user_reference": "demo"}
        page.goto(api.create_task(wanted, key=once).open_url)
    finally:
        api.close()


def log_in_phone(phone: Page, stack: Stack, person: DemoPerson, start: str = "/m/login") -> None:
    if start:
        phone.goto(stack.base + start)
    phone.locator("input[name=account]").fill(person.phone)
    ask = phone.get_by_role("button", name="获取验证码")
    as_if_a_minute_had_passed(stack)
    with phone.expect_response("**/m/login/sms") as answer:
        ask.click()
    assert answer.value.status == 200
    phone.locator("input[name=code]").fill(newest_code(stack, person))
    phone.locator("input[name=agreed]").check()
    phone.get_by_role("button", name="注册/登录").click()
    phone.wait_for_url(lambda url: "/m/login" not in url)


def register_by_phone(phone: Page, stack: Stack, person: DemoPerson) -> None:
    """By the phone alone; the code that the login refused is good for it."""
    phone.goto(stack.base + "/m/login")
    phone.locator("input[name=account]").fill(person.phone)
    with phone.expect_response("**/m/login/sms"):
        phone.get_by_role("button", name="获取验证码").click()
    phone.locator("input[name=code]").fill(newest_code(stack, person))
    phone.locator("input[name=agreed]").check()
    phone.get_by_role("button", name="注册/登录").click()
    phone.locator("#register-phone").click()
    phone.wait_for_url(stack.base + "/m/")


def as_if_a_minute_had_passed(stack: Stack) -> None:
    """A phone gets one code a minute, and a person's keys are asked for 30 times in one; nobody
    waits that long here."""
    with closing(sqlite3.connect(stack.data / "guiyin.sqlite3", timeout=10)) as file, file:
        file.execute("DELETE FROM sms_codes")
    with closing(sqlite3.connect(stack.data / "keys" / "calls.sqlite3", timeout=10)) as file, file:
        file.execute("DELETE FROM calls")


def newest_code(stack: Stack, person: DemoPerson) -> str:
    lines = (stack.data / "outbox" / "sms.jsonl").read_text("utf-8").splitlines()
    mine = [one for one in map(json.loads, lines) if one["phone"] == person.phone]
    codes = [re.search(r"验证码 (\d{6})", one["text"]) for one in mine]
    return [found[1] for found in codes if found][-1]


def read_qr(page: Page) -> str:
    """The link in the QR, as a camera would read it off the screen."""
    page.locator("#qr-path[d]").wait_for(state="attached")
    for _ in range(10):
        with Image.open(io.BytesIO(page.screenshot())) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
        if found:
            return found[0].text
        page.wait_for_timeout(300)
    raise AssertionError("no QR code on the screen")


def type_pin(phone: Page, pin: str) -> None:
    for digit in pin:
        phone.locator(f"[data-digit='{digit}']").click()
    phone.locator("[data-submit]").click()


def agree(phone: Page, desktop: Page) -> None:
    """Compare the reference code on both screens and go on to the PIN."""
    shown = desktop.locator("[data-fill=reference_code]").first
    expect(shown).not_to_be_empty()
    choice = phone.locator(".reference-choice", has_text=shown.inner_text())
    choice.click()
    phone.locator("[data-agree]").click()


def authenticate(desktop: Page, phone: Page, person: DemoPerson) -> None:
    """Scan, compare, type the PIN; then the seals are on the page by themselves (A9)."""
    phone.goto(read_qr(desktop))
    agree(phone, desktop)
    type_pin(phone, person.pin)
    expect(phone.get_by_role("heading", name="签名成功")).to_be_visible()
    expect(desktop.locator("#seals li").first).to_be_visible()


def put_seal(desktop: Page, seal: int = 0) -> None:
    """A seal on the page in view, by keyboard."""
    desktop.locator("#seals .seal-card").nth(seal).press("Enter")


def put_seal_everywhere(desktop: Page) -> None:
    put_seal(desktop)
    desktop.locator("#repeat").click()


def confirm_signing(desktop: Page) -> None:
    """确认签署 at the top right, and once more in the summary."""
    desktop.locator("#confirm-button").click()
    desktop.locator("#confirm").get_by_role("button", name="确认签署").click()
    expect(desktop.get_by_role("heading", name="签署成功")).to_be_visible(timeout=30_000)


def download_from_materials(desktop: Page, stack: Stack, original: Path) -> Path:
    """我的材料 → 个人材料 → 签章材料 → 下载 (A10, A11); the partner fetches it by itself."""
    row = desktop.locator("tr", has_text=original.stem)
    for _ in range(30):
        desktop.goto(stack.demo + "/materials/sealed")
        if row.count():
            break
        desktop.wait_for_timeout(500)
    with desktop.expect_download() as waiting:
        row.first.get_by_role("link", name="下载").click()
    sealed = original.with_stem(original.stem + "-sealed")
    waiting.value.save_as(sealed)
    return sealed


def drag_seal(
    desktop: Page, seal: int, page_number: int, at: Sequence[float]
) -> tuple[float, float]:
    """Drag a seal of the tray near a fraction (x, y) of a page; the fraction where it was let go.

    A mouse lets go on whole pixels.
    """
    sheet = desktop.locator(".page").nth(page_number - 1)
    sheet.evaluate(
        "(sheet, at) => sheet.scrollIntoView({block: at < 0.5 ? 'start' : 'end'})", at[1]
    )
    desktop.wait_for_timeout(300)
    box = sheet.bounding_box()
    handle = desktop.locator("#seals li").nth(seal).locator("img, button").first.bounding_box()
    assert box
    assert handle
    target = round(box["x"] + at[0] * box["width"]), round(box["y"] + at[1] * box["height"])
    desktop.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    desktop.mouse.down()
    desktop.mouse.move(*target, steps=12)
    desktop.mouse.move(*target)
    desktop.mouse.up()
    return (target[0] - box["x"]) / box["width"], (target[1] - box["y"]) / box["height"]
