"""变更印模 in a browser, and every page of a seal in every manner."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from server.applications.models import Way
from server.seals.models import Seal, SealKind
from tests.browser.test_applying import go
from tests.browser.test_applying import phone_of as phone_of
from tests.browser.test_certifying import served as served
from tests.browser.test_certifying import write_name
from tests.browser.test_every_page import MANNERS, Manner, phone_faults
from tests.factories.applying import Applying
from tests.factories.certifications import Certifying
from tests.factories.product import LI, WEI, Product
from tests.factories.seal_changes import suspended
from tests.factories.seals import company_seal, own_seal

pytestmark = pytest.mark.browser

PhoneOf = Callable[..., Page]


def himself(product: Product) -> Applying:
    """韦志远, for himself."""
    wei = Applying.here(product, WEI)
    wei.act_for()
    return wei


def show(page: Page) -> None:
    """预览, and the look that comes."""
    before = page.locator("#look").get_attribute("src")
    page.locator("#pad-show").click()
    expect(page.locator("#look")).not_to_have_attribute("src", before or "")


@pytest.mark.row("F-26", "F-27", "P-50")
def test_another_lettering_is_seen_proved_and_taken_on(
    served: Product, product: Product, phone_of: PhoneOf
) -> None:
    seal = own_seal(product)
    page = phone_of(himself(product))
    go(page, served, f"/m/seals/{seal.id}")
    # The choice is made before the page's script is there: it counts all the same.
    held: list[Route] = []
    page.route("**/seal_change.js", lambda route: held.append(route))
    with page.expect_request("**/seal_change.js"):
        page.get_by_role("link", name="变更").click()
    confirm = page.get_by_role("button", name="确认变更")
    expect(confirm).to_be_disabled()
    before = page.locator("#look").get_attribute("src")
    page.get_by_label("黑体").check()
    held[0].continue_()
    expect(confirm).to_be_enabled()
    expect(page.locator("#look")).not_to_have_attribute("src", before or "")
    confirm.click()
    dialog = page.locator("#intent")
    expect(dialog).to_contain_text("个人方章")
    dialog.locator("[value=pin]").check()
    dialog.locator("#intent-pin").fill(WEI.pin)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/m/seals/{seal.id}")
    served.work()
    page.reload()
    expect(page.get_by_text("历史印模")).to_be_visible()


class Look:
    """Goes from page to page and notes what is wrong with each."""

    def __init__(self, page: Page, product: Product, how: Manner) -> None:
        self.page, self.product, self.how = page, product, how
        self.faults: list[str] = []

    def at(self, place: str) -> None:
        self.faults += phone_faults(self.page, self.how, place)

    def pages(self, seal: Seal, *places: str) -> None:
        for place in places:
            go(self.page, self.product, f"/m/seals/{seal.id}{place}")
            self.page.wait_for_load_state("networkidle")
            self.at(f"{seal.kind}{place}")


def drawn_anew(look: Look, seal: Seal) -> None:
    """What is confirmed is what was shown last."""
    page = look.page
    go(page, look.product, f"/m/seals/{seal.id}/change")
    write_name(page)
    show(page)
    look.at("drawn anew")
    undo, clear = (page.locator(f"#pad-{one}").bounding_box() for one in ("undo", "clear"))
    assert undo
    assert clear
    assert undo["x"] + undo["width"] <= clear["x"], "neither lies on the other"
    submit = page.locator("#change-form [type=submit]")
    expect(submit).to_be_enabled()
    page.locator("#pad-undo").click()
    expect(submit).to_be_disabled()


@pytest.mark.row("F-26", "F-27", "F-30", "P-50")
@pytest.mark.parametrize("manner", ["large text", "English", "narrow"])
def test_every_page_of_ones_own_seals_fits_and_names_its_parts(
    served: Product, product: Product, phone_of: PhoneOf, manner: str
) -> None:
    square = own_seal(product, SealKind.SQUARE, LI)
    drawn = own_seal(product, SealKind.HANDWRITTEN)
    li = Applying.here(product, LI)
    li.act_for()
    hers = Look(phone_of(li, MANNERS[manner]), served, MANNERS[manner])
    his = Look(phone_of(himself(product), MANNERS[manner]), served, MANNERS[manner])
    for look, seal in ((hers, square), (his, drawn)):
        look.pages(seal, "", "/change", "/cancel")
    drawn_anew(his, drawn)
    assert not hers.faults + his.faults, "\n".join(hers.faults + his.faults)


@pytest.mark.row("F-18", "F-29", "F-30", "P-50")
@pytest.mark.parametrize("manner", ["large text", "English", "narrow"])
def test_a_suspended_seal_and_the_records_fit_and_name_their_parts(
    served: Product, product: Product, phone_of: PhoneOf, manner: str
) -> None:
    wei = himself(product)
    look = Look(phone_of(wei, MANNERS[manner]), served, MANNERS[manner])
    Certifying.begun(product, Way.PERSONAL)
    go(look.page, served, "/m/me/certifications")
    look.at("records")
    for opener in ("enter", "withdraw"):
        look.page.locator(f"[data-open^={opener}]").click()
        look.at(f"records, {opener}")
        look.page.keyboard.press("Escape")
    company = company_seal(product)
    suspended(product, company)
    wei.act_for(company.owner_id)
    look.pages(company, "/cancel", "")
    expect(look.page.locator(".seal-head")).to_have_text(re.compile("已停用|Suspended", re.I))
    assert not look.faults, "\n".join(look.faults)
