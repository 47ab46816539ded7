"""数字证书 in a browser: downloaded, its PIN changed, forgotten and set anew (F-14, P-40)."""

import pytest
from playwright.sync_api import Page, expect

from server.seed import DemoPerson
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack

pytestmark = pytest.mark.browser

NEW = DemoPerson("梁秋月", "13907716611", "", "", "450103199001010032")
PAGE = "/m/me/certificate"


def prove_name(page: Page, stack: Stack) -> None:
    """From the certificate's page, which leads there."""
    page.goto(stack.base + PAGE)
    page.get_by_role("link", name="去实名认证").click()
    page.wait_for_load_state()
    page.get_by_label("姓名").fill(NEW.name)
    page.get_by_label("证件号码", exact=True).fill(NEW.id_number)
    page.get_by_label("我单独同意").check()
    send_code(page, stack, "#send-proof", "#proof-code")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="实名待核验").wait_for()
    page.wait_for_load_state()
    page.get_by_label("我单独同意").first.check()
    show_face(page, stack)
    page.get_by_role("heading", name="已实名").wait_for()


def show_face(page: Page, stack: Stack) -> None:
    steps.as_if_a_minute_had_passed(stack)
    page.get_by_role("button", name="开始人脸核验").click()
    page.get_by_role("button", name="通过", exact=True).click()


def send_code(page: Page, stack: Stack, button: str, field: str) -> None:
    steps.as_if_a_minute_had_passed(stack)
    with page.expect_response("**/m/me/proof/sms") as answer:
        page.locator(button).click()
    assert answer.value.status == 200
    page.locator(field).fill(steps.newest_code(stack, NEW))


def type_pins(page: Page, pin: str, again: str) -> None:
    page.locator("#pin").fill(pin)
    page.locator("#pin_again").fill(again)


def download(page: Page, stack: Stack) -> None:
    page.goto(stack.base + PAGE, wait_until="load")
    send_code(page, stack, "#send-code", "#code")
    button, error = page.get_by_role("button", name="下载证书"), page.get_by_role("alert")
    type_pins(page, "27182", "27182")
    button.click()
    expect(error).to_have_text("签名口令应为 6 至 12 位数字。")
    type_pins(page, "271828", "271829")
    button.click()
    expect(error).to_have_text("两次输入的签名口令不一致。")
    type_pins(page, "123456", "123456")
    button.click()
    expect(error).to_contain_text("过于简单")
    type_pins(page, "271828", "271828")
    button.click()
    expect(page.get_by_text("数字证书已下载")).to_be_visible()
    expect(page.get_by_text("梁*月")).to_be_visible()


def change(page: Page) -> None:
    page.get_by_role("link", name="修改签名口令").click()
    page.wait_for_load_state()
    page.locator("#old_pin").fill("999999")
    type_pins(page, "314159", "314159")
    page.get_by_role("button", name="修改签名口令").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以输入 4 次")
    page.locator("#old_pin").fill("271828")
    page.get_by_role("button", name="修改签名口令").click()
    expect(page.get_by_text("签名口令已修改")).to_be_visible()


def forget(page: Page, stack: Stack) -> None:
    page.get_by_role("link", name="忘记签名口令").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="开始人脸核验").click()
    expect(page.get_by_role("alert")).to_contain_text("单独勾选")
    page.get_by_label("我单独同意").check()
    show_face(page, stack)
    page.wait_for_url(f"**{PAGE}/forgot/new")
    page.wait_for_load_state()
    send_code(page, stack, "#send-code", "#code")
    type_pins(page, "161803", "161803")
    page.get_by_role("button", name="重新设置签名口令").click()
    expect(page.get_by_text("签名口令已重新设置")).to_be_visible()


@pytest.mark.row("F-14", "P-37", "P-40", "P-50")
def test_a_person_gets_a_certificate_and_keeps_its_pin(stack: Stack, actor: Actor) -> None:
    page = actor(**PHONE).new_page()
    steps.as_if_a_minute_had_passed(stack)
    steps.register_by_phone(page, stack, NEW)
    prove_name(page, stack)
    download(page, stack)
    change(page)
    forget(page, stack)
