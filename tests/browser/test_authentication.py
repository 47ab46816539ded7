"""The QR dialog and the phone: refusals on either side, and ways around what is missing."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocket, WebSocketRoute, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import DESKTOP, Actor, Cookies, PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
FRAMES_UNTIL_STALE = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "施工图审查合格书.pdf"
    path.write_bytes(pdf.make_pdf())
    return path


@pytest.mark.row("F-38", "F-39", "F-40", "P-02", "P-04", "S-09")
def test_a_request_that_is_not_mine_is_refused_and_a_fresh_code_goes_on(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    steps.open_task(desktop, stack, file)
    phone = phone_of(LI)
    phone.goto(steps.read_qr(desktop))
    refuse = phone.locator(".decision:visible").get_by_role("button", name="不是我发起的")
    agree = phone.locator(".decision:visible").get_by_role("button", name="确认")
    expect(refuse).to_be_visible()
    assert size_of(refuse) == size_of(agree)
    dialog = desktop.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="请在手机上确认")).to_be_visible()
    expect(dialog.get_by_text("李*梅 已扫码")).to_be_visible()

    refuse.click()
    expect(phone.get_by_role("heading", name="已拒绝")).to_be_visible()
    expect(phone.get_by_text("我们已记录这次请求并发出告警。")).to_be_visible()
    expect(dialog.get_by_role("heading", name="认证失败")).to_be_visible(timeout=1_000)
    expect(dialog.get_by_text("认证失败：手机端表示不是本人发起。")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="手机端表示不是本人发起")).to_be_visible()

    dialog.get_by_role("button", name="刷新二维码").click()
    steps.authenticate(desktop, phone, LI)
    expect(desktop.locator("#seals li")).to_have_count(1)


@pytest.mark.row("P-03", "P-06")
def test_a_photographed_code_dies_in_seconds_and_a_wrong_number_ends_both_screens(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    steps.open_task(desktop, stack, file)
    phone = phone_of(LI)
    photographed = steps.read_qr(desktop)
    watch_frames(desktop, FRAMES_UNTIL_STALE)
    phone.goto(photographed)
    expect(phone.get_by_role("heading", name="二维码已更新。")).to_be_visible()
    expect(phone.get_by_text("请直接扫描网页上的二维码。")).to_be_visible()
    expect(desktop.locator("#qr-heading")).to_have_text("扫码认证")

    phone.goto(steps.read_qr(desktop))
    shown = desktop.locator("#qr [data-fill=reference_code]")
    expect(shown).to_have_text(re.compile(r"^\d\d$"))
    wrong = phone.locator(".reference-choice").filter(has_not_text=shown.inner_text())
    wrong.first.click()
    phone.locator("[data-agree]").click()
    steps.type_pin(phone, LI.pin)
    expect(phone.get_by_role("heading", name="所选数字与网页不一致")).to_be_visible()
    expect(desktop.get_by_role("heading", name="认证失败")).to_be_visible()
    expect(desktop.get_by_text("认证失败：所选数字与网页不一致。")).to_be_visible()


@pytest.mark.row("F-38", "F-40")
def test_one_person_with_one_screen_signs_with_the_virtual_phone(
    stack: Stack, actor: Actor, logged_in: Cookies, phone_of: PhoneOf, file: Path
) -> None:
    phone_of(LI)
    desktop = actor(**DESKTOP, storage_state=logged_in[LI.phone]).new_page()
    steps.open_task(desktop, stack, file)
    desktop.locator("#qr-path[d]").wait_for(state="attached")
    with desktop.expect_popup() as opened:
        desktop.get_by_role("button", name="打开虚拟手机").click()
    popup = opened.value
    expect(popup.get_by_text(file.name).first).to_be_visible()
    assert popup.evaluate("[innerWidth, innerHeight]") == [390, 844]
    steps.agree(popup, desktop)
    steps.type_pin(popup, LI.pin)
    expect(popup.get_by_role("heading", name="签名成功")).to_be_visible()
    expect(desktop.locator("#seals li")).to_have_count(1)


def hang_up(socket: WebSocketRoute) -> None:
    socket.close()


def say_nothing(_socket: WebSocketRoute) -> None:
    """The connection stands and carries nothing, as behind some proxies."""


@pytest.mark.row("S-19", "F-39")
def test_the_page_is_told_over_a_socket_that_only_its_own_browser_could_open(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda told: heard.append(str(told)))

    desktop.on("websocket", listen)
    steps.open_task(desktop, stack, file)
    steps.authenticate(desktop, phone_of(LI), LI)

    assert [told for told in heard if told.startswith('42/qr,["snapshot"')]
    assert [told for told in heard if told.startswith('42/qr,["state"') and "confirmed" in told]


@pytest.mark.row("P-04")
@pytest.mark.parametrize("treat", [hang_up, say_nothing])
def test_without_a_websocket_every_state_still_arrives(
    treat: Callable[[WebSocketRoute], None],
    stack: Stack,
    desktop: Page,
    phone_of: PhoneOf,
    file: Path,
) -> None:
    desktop.context.route_web_socket(re.compile("/socket.io/"), treat)
    steps.open_task(desktop, stack, file)
    phone = phone_of(LI)
    heading = desktop.locator("#qr-heading")
    expect(heading).to_have_text("扫码认证")
    phone.goto(steps.read_qr(desktop))
    expect(heading).to_have_text("请在手机上确认", timeout=3_000)
    phone.locator(".decision:visible").get_by_role("button", name="不是我发起的").click()
    expect(heading).to_have_text("认证失败", timeout=3_000)
    desktop.locator("#qr").get_by_role("button", name="刷新二维码").click()
    steps.authenticate(desktop, phone, LI)
    steps.put_seal(desktop)
    steps.confirm_signing(desktop)


def size_of(button: Locator) -> tuple[float, float]:
    box = button.bounding_box()
    assert box
    return box["width"], box["height"]


def watch_frames(desktop: Page, count: int) -> None:
    """Look on while the picture changes `count` times."""
    for _ in range(count):
        shown = desktop.locator("#qr-path").get_attribute("d")
        desktop.wait_for_function(
            "shown => document.querySelector('#qr-path').getAttribute('d') !== shown", arg=shown
        )


@pytest.mark.row("R-03", "F-40")
def test_a_code_that_the_server_has_lost_is_out_of_date_and_a_fresh_one_goes_on(
    stack: Stack, desktop: Page, phone_of: PhoneOf, file: Path
) -> None:
    steps.open_task(desktop, stack, file)
    steps.read_qr(desktop)
    with closing(sqlite3.connect(stack.data / "qr_sessions.sqlite3")) as store, store:
        store.execute("DELETE FROM qr_session")

    desktop.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    dialog = desktop.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="二维码已过期")).to_be_visible()
    expect(dialog.get_by_text("二维码已失效。请刷新后用手机重新扫描。")).to_be_visible()
    dialog.get_by_role("button", name="刷新二维码").click()
    steps.authenticate(desktop, phone_of(LI), LI)
    expect(desktop.locator("#seals li")).to_have_count(1)
