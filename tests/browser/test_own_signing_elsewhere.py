"""签署 when the page is not alone: other tabs, refused saves, stopped seals, a closed sheet."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_applying import phone_of as phone_of
from tests.browser.test_certifying import served as served
from tests.browser.test_own_signing import SQUARE_SEAL, Signer, file, where
from tests.browser.test_own_signing import company as company
from tests.factories.product import WEI, Product
from tests.factories.seal_changes import suspended
from tests.factories.seals import company_seal

pytestmark = pytest.mark.browser

REFUSED: dict[str, Any] = {
    "status": 422,
    "content_type": "application/problem+json",
    "json": {"code": "seal_outside_page", "detail": "印章超出页面。", "next_step": "请移动。"},
}
# Another tab of the same person moves the one seal of the one file.
ELSEWHERE = """async (base) => {
  const { documents: [{ id, placements: [one] }] } = await (await fetch(`${base}.json`)).json();
  const { seal_id, page, x, y } = one;
  const moved = { seal_id, page, x, y: y + (y > 400 ? -100 : 100) };
  const answer = await fetch(`${base}/documents/${id}/placements`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ placements: [moved], straddles: [] }),
  });
  return answer.status;
}"""
# What failed is free, what is sealed asks for no seal any more.
BARE = """async () => {
  const { bareDocument } = await import("/static/js/phone/signing_state.js");
  const of = (status) => {
    const documents = [{ id: "a", status }, { id: "b", status: "failed" }];
    const b = { placements: [{}], straddles: [] };
    return bareDocument({ signing: { documents }, marks: { b } })?.id ?? null;
  };
  return [of("sealed"), of("ready")];
}"""


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交").click()


def said(page: Page, text: str) -> None:
    """The page says so, and asks for no PIN."""
    expect(page.locator("[data-error]")).to_contain_text(text)
    expect(page.locator("#intent")).to_be_hidden()


@pytest.mark.row("S-14", "S-16", "F-48")
def test_what_another_tab_has_moved_is_shown_first_and_a_closed_sheet_calls_nothing_back(
    company: Signer,
) -> None:
    page = company.page
    company.start(file("采购合同.pdf", 1))
    company.put("单页签章")
    company.saved()
    before = where(company.marks)[1]
    assert page.evaluate(ELSEWHERE, page.url.split("#")[0]) == 200
    submit(page)
    said(page, "已在别处改动")
    assert abs(where(company.marks)[1] - before) > 20

    held: list[Route] = []
    page.route("**/submit", lambda route: held.append(route))
    submit(page)
    with page.expect_request("**/submit"):
        company.by_pin(WEI.pin)
    page.locator("#intent").press("Escape")
    expect(page.locator("#intent")).to_be_hidden()
    held[0].continue_()
    company.sealed("签章成功")
    page.wait_for_load_state()


@pytest.mark.row("F-47", "F-48", "F-29")
def test_nothing_is_submitted_that_was_not_saved_and_a_stopped_seal_is_said(
    company: Signer, product: Product
) -> None:
    page = company.page
    company.start(file("采购合同.pdf", 1))
    assert page.evaluate(BARE) == [None, "a"]
    page.route("**/placements", lambda route: route.fulfill(**REFUSED))
    company.put("单页签章")
    company.put("单页签章", SQUARE_SEAL)
    said(page, "印章超出页面。")
    submit(page)
    page.wait_for_timeout(300)
    said(page, "印章超出页面。 请移动。")
    assert company.kept() == [{"placements": [], "straddles": []}]
    page.unroute("**/placements")

    page.route("**/submit", lambda route: route.fulfill(status=202, body='{"status": "sea'))
    submit(page)
    company.by_pin(WEI.pin)
    expect(page.locator("#intent-error")).not_to_be_empty()
    expect(page.locator("#intent [type=submit]")).to_be_enabled()
    assert len(company.kept()[0]["placements"]) == 2
    page.keyboard.press("Escape")

    suspended(product, company_seal(product))
    submit(page)
    said(page, "有 1 处签章的印章现在不能使用")
    expect(company.marks).to_have_count(1)
    company.saved()
    said(page, "有 1 处签章的印章现在不能使用")
