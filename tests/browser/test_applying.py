"""Somebody applies for seals on a phone: by hand, from the choice to the card on home."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.applications.lifecycle import ApplicationState
from server.seed import DemoPerson
from tests.browser.conftest import PHONE, Actor
from tests.browser.steps import Stack
from tests.browser.test_certifying import address, certify
from tests.browser.test_certifying import served as served
from tests.browser.test_every_page import MANNERS, Manner, dressed, phone_faults
from tests.factories.applications import Applicant
from tests.factories.applying import APPLY, COMPANY_PAPERS, HAND, SQUARE, Applying, paper
from tests.factories.certifications import Certifying
from tests.factories.people import People
from tests.factories.product import LI, WEI, Product

pytestmark = pytest.mark.browser

PhoneOf = Callable[[Applying], Page]


@pytest.fixture
def phone_of(served: Product, actor: Actor) -> PhoneOf:
    """The phone of somebody who is logged in."""

    def make(who: Applying, manner: Manner = MANNERS["as it comes"]) -> Page:
        hand = PHONE | {"viewport": {"width": manner.phone_width, "height": 844}}
        page = actor(**hand, device_scale_factor=2).new_page()
        base = served.parts.settings.public_url
        cookie = who.phone.client.get_cookie("gy_phone")
        assert cookie
        page.context.add_cookies([{"name": "gy_phone", "value": cookie.value, "url": base}])
        return dressed(page, Stack(base, "", Path()), manner)

    return make


def go(page: Page, served: Product, path: str) -> None:
    page.goto(served.parts.settings.public_url + path)


def onward(page: Page, to: str) -> None:
    """下一步, which is at hand on every page."""
    expect(page.locator("#onward")).to_be_in_viewport()
    page.locator("#onward").click()
    page.wait_for_url(f"**/{to}")


def hand_in(page: Page, slots: tuple[str, ...], picture: Path) -> None:
    for slot in slots:
        root = page.locator(f"[data-slot={slot}]")
        root.locator("input[type=file]").last.set_input_files(picture)
        expect(root.locator("[data-slot-state]")).to_have_text("已上传")
        expect(root.locator("img")).to_have_js_property("naturalWidth", 60)


def draw(page: Page) -> None:
    """Two strokes in the sheet that opens."""
    page.locator("[data-open-pad]").click()
    page.locator("[data-pad-keep]").click()
    expect(page.locator("[data-pad-error]")).to_have_text("请在框内写下您的姓名。")
    box = page.locator("#pad canvas").bounding_box()
    assert box
    for points in (((0.2, 0.3), (0.5, 0.5), (0.8, 0.3)), ((0.5, 0.2), (0.45, 0.85))):
        for place, (x, y) in enumerate(points):
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
            if place == 0:
                page.mouse.down()
        page.mouse.up()
    page.locator("[data-pad-keep]").click()
    expect(page.locator("[data-drawn]")).to_have_text("已保存手绘签名")


def hand_in_papers(page: Page, picture: Path) -> None:
    """A missing one and a wrong one are told at their place; a reload loses nothing."""
    page.locator("#onward").click()
    expect(page.locator("[data-slot=licence] [data-slot-error]")).to_have_text(
        "还缺这张图片，请上传。"
    )
    wrong = picture.with_name("wrong.jpg")
    wrong.write_bytes(b"<svg/>")
    page.locator("[data-slot=licence] input[type=file]").last.set_input_files(wrong)
    expect(page.locator("[data-slot=licence] [data-slot-error]")).to_contain_text("JPG")
    hand_in(page, COMPANY_PAPERS, picture)
    page.reload()
    expect(page.locator("[data-slot][data-kept='1']")).to_have_count(3)
    onward(page, "method")


def choose_password(page: Page) -> None:
    """密码核验: two that differ go nowhere."""
    page.locator("[value=password]").check()
    page.locator("#password").fill("letters-26")
    page.locator("#again").fill("letters-27")
    expect(page.locator("#method-error")).to_have_text("核验密码不一致！")
    expect(page.locator("#onward")).to_be_disabled()
    page.locator("#again").fill("letters-26")
    expect(page.locator("#method-error")).to_be_empty()
    onward(page, "confirm")


def prove_by_pin(page: Page, person: DemoPerson) -> None:
    page.locator("#onward").click()
    page.locator("#intent [value=pin]").check()
    page.locator("#intent-pin").fill(person.pin)
    page.locator("#intent-form [type=submit]").click()


def prove_by_text(page: Page, served: Product) -> None:
    page.locator("#onward").click()
    with page.expect_response("**/m/intents") as answer:
        page.locator("#intent-send").click()
    assert answer.value.status == 200
    page.locator("#intent-code").fill(People(served).sent())
    page.locator("#intent-form [type=submit]").click()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "paper.jpg"
    path.write_bytes(paper())
    return path


@pytest.mark.row("F-21", "F-22", "F-24", "P-45")
def test_a_company_applies_with_papers_up_to_the_submission(
    served: Product, product: Product, phone_of: PhoneOf, picture: Path
) -> None:
    wei = Applying.here(product, WEI)
    wei.act_for(wei.company())
    page = phone_of(wei)
    go(page, served, APPLY)
    expect(page.locator("#onward")).to_be_disabled()
    page.locator("#choose-all").check()
    expect(page.locator("[name=kind]:checked")).to_have_count(5)
    page.locator("[value=invoice]").uncheck()
    onward(page, "details")
    wei.id = page.url.split("/")[-2]

    hand_in_papers(page, picture)
    choose_password(page)
    prove_by_text(page, served)
    page.wait_for_url(f"**{wei.path}")
    expect(page.get_by_role("heading", name="等待认证")).to_be_visible()
    page.get_by_role("button", name="撤销申请").click()
    expect(page.get_by_role("heading", name="是否确认撤销申请")).to_be_visible()
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_role("heading", name="申请已撤销")).to_be_visible()


@pytest.mark.row("F-25", "F-17", "P-45")
def test_a_drawn_seal_comes_from_the_pad_to_the_card_on_home(
    served: Product, product: Product, phone_of: PhoneOf, picture: Path, actor: Actor
) -> None:
    li = Applying.here(product, LI)
    li.act_for()
    page = phone_of(li)
    go(page, served, APPLY)
    page.locator("[value=handwritten]").check()
    draw(page)
    expect(page.locator("[data-kind=handwritten] [data-sample]")).not_to_have_js_property(
        "naturalWidth", 0
    )
    onward(page, "method")
    li.id = page.url.split("/")[-2]
    page.locator("[value=sms]").check()
    onward(page, "details")
    hand_in(page, ("person_front", "person_back"), picture)
    onward(page, "confirm")
    prove_by_pin(page, LI)
    page.wait_for_url(f"**{li.path}")
    expect(page.get_by_text("等待 李*梅 打开短信链接完成认证")).to_be_visible()
    served.work()

    case = Certifying(served, li.id, Applicant(served, LI), (LI.phone, ""))
    certify(actor(**PHONE).new_page(), address(case, LI.phone), lambda _: None)
    served.work()
    # The page that waits hears of it by itself.
    expect(page.get_by_role("heading", name="印章申领成功")).to_be_visible(timeout=15_000)
    assert case.application.state == ApplicationState.DONE
    page.get_by_role("link", name="查看印章").click()
    expect(page.locator(".seal-card", has_text="个人手绘章")).to_be_visible()


@pytest.mark.row("F-20")
def test_one_tap_and_the_pin_bring_all_that_is_left(
    served: Product, product: Product, phone_of: PhoneOf
) -> None:
    page = phone_of(Applying.here(product, WEI))
    go(page, served, APPLY)
    page.locator("#apply-fast").click()
    page.locator("#intent [value=pin]").check()
    page.locator("#intent-pin").fill(WEI.pin)
    page.locator("#intent-form [type=submit]").click()
    expect(page.get_by_role("heading", name="正在生成印章")).to_be_visible()
    served.work()
    expect(page.get_by_role("heading", name="印章申领成功")).to_be_visible(timeout=15_000)


@pytest.mark.row("P-50")
@pytest.mark.parametrize("manner", ["large text", "English", "narrow"])
def test_every_page_of_an_application_fits(
    served: Product,
    product: Product,
    phone_of: Callable[[Applying, Manner], Page],
    manner: str,
) -> None:
    wei, own = Applying.here(product, WEI), Applying.here(product, LI)
    wei.choose("company")
    wei.filled()
    own.act_for()
    own.choose_own(SQUARE, HAND)
    steps = [f"{wei.path}/{page}" for page in ("details", "method", "confirm")]
    faults: list[str] = []
    how = MANNERS[manner]
    page, hers = phone_of(wei, how), phone_of(own, how)
    for path in (APPLY, *steps):
        go(page, served, path)
        page.wait_for_load_state("networkidle")
        faults += phone_faults(page, how, path)
    go(hers, served, APPLY)
    faults += phone_faults(hers, how, "own seals")
    wei.submitted()
    go(page, served, wei.path)
    faults += phone_faults(page, how, "progress")
    assert not faults, "\n".join(faults)
