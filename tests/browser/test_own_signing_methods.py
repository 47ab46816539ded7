"""提交 in a browser by the method that the owner of the seals has chosen (F-23, F-48)."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_applying import phone_of as phone_of
from tests.browser.test_certifying import served as served
from tests.browser.test_own_signing import PAGES, Signer, file
from tests.browser.test_own_signing import company as company
from tests.factories.methods import USE_PASSWORD, choose, keep_copy
from tests.factories.own_signings import uses
from tests.factories.people import People
from tests.factories.product import Product

pytestmark = pytest.mark.browser


def type_code(signer: Signer) -> None:
    """A code is asked for and typed; 确认 is left to be pressed."""
    with signer.page.expect_response("**/m/intents"):
        signer.page.locator("#intent-send").click()
    signer.page.locator("#intent-code").fill(People(signer.product).sent())


@pytest.mark.row("F-23", "F-48", "S-21", "P-50")
def test_a_company_that_chose_a_use_password_signs_by_it(company: Signer, product: Product) -> None:
    choose(product, "password")
    keep_copy(product)
    page = company.page
    company.start(file("采购合同.pdf"))
    company.put("单页签章")
    page.get_by_role("button", name="提交").click()
    dialog = page.locator("#intent")
    page.keyboard.press("Enter")
    expect(page.locator("#intent-password")).to_be_visible()
    dialog.get_by_role("button", name="确认").click()
    expect(page.locator("#intent-error")).to_contain_text("请输入核验密码。")
    page.locator("#intent-password").fill("不是这个密码")
    page.keyboard.press("Enter")
    expect(page.locator("#intent-error")).to_contain_text("核验密码")
    expect(page.locator("#intent-password")).to_have_value("")
    page.locator("#intent-password").fill(USE_PASSWORD)
    page.keyboard.press("Enter")
    company.sealed("签章成功")


@pytest.mark.row("F-23", "F-48", "P-40", "P-50")
def test_a_code_that_came_too_late_seals_nothing_and_the_next_one_does(
    company: Signer, product: Product
) -> None:
    choose(product, "sms")
    keep_copy(product)
    page = company.page
    company.start(file("采购合同.pdf"))
    company.put("骑缝签章")
    page.get_by_role("button", name="提交").click()
    type_code(company)
    product.clock.advance(minutes=11)
    page.get_by_role("button", name="确认").click()
    expect(page.locator("#intent-error")).not_to_be_empty()
    assert uses(product) == []
    page.reload()
    expect(company.slices).to_have_count(PAGES)
    page.get_by_role("button", name="提交").click()
    type_code(company)
    page.get_by_role("button", name="确认").click()
    company.sealed("签章成功")


@pytest.mark.row("F-23", "F-48", "P-40", "P-50")
def test_a_face_leaves_the_page_and_comes_back_to_seal(company: Signer, product: Product) -> None:
    choose(product, "face")
    keep_copy(product)
    page = company.page
    company.start(file("采购合同.pdf"))
    company.put("单页签章")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="开始人脸核验").click()
    expect(page.locator("#intent-error")).to_contain_text("单独勾选同意")
    page.get_by_label("我单独同意").check()
    page.get_by_role("button", name="开始人脸核验").click()
    page.locator("[data-passes=true]").click()
    company.sealed("签章成功")
