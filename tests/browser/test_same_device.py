"""The signing page open on the phone itself: one browser does the whole, by touch (P-24)."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import PHONE, Actor, Cookies, PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

WEI, HUANG, LI = PEOPLE
HERE = "由本机浏览器发起"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "施工许可申请表.pdf"
    path.write_bytes(pdf.make_pdf([pdf.Page()] * 2))
    return path


@pytest.mark.row("P-24", "P-50", "F-38", "F-39", "F-40", "F-41", "F-42")
def test_a_phone_signs_on_its_own_by_touch(
    stack: Stack, phone: Page, logged_in: Cookies, file: Path
) -> None:
    steps.open_task(phone, stack, file)
    phone.get_by_role("button", name="在本机签署").tap()
    phone.wait_for_url("**/m/login?**")
    steps.log_in_phone(phone, stack, LI, start="")
    logged_in[LI.phone] = phone.context.storage_state()
    expect(phone.get_by_role("heading", name=HERE)).to_be_visible()
    expect(phone.locator(".where")).to_contain_text(HERE)
    expect(phone.locator("#reference")).to_be_hidden()
    there_and_back(phone)
    phone.locator("[data-agree]").tap()
    steps.type_pin(phone, LI.pin)
    expect(phone.get_by_role("heading", name="签名成功")).to_be_visible()
    expect(phone.get_by_role("link", name="返回签章页面")).to_be_visible()

    phone.wait_for_url("**/sign/**")
    touched = place_by_touch(phone)
    phone.locator(".mark-tools").get_by_role("button", name="每页盖同一位置").tap()
    expect(phone.locator(".mark")).to_have_count(2)
    pull_to(phone, touched)
    steps.confirm_signing(phone)
    assert phone.evaluate("innerWidth === document.documentElement.scrollWidth")
    assert phone.context.pages == [phone], "web views open no second window"


def there_and_back(phone: Page) -> None:
    """The back key leads to the page, which knows how things stand and the way on."""
    phone.go_back()  # the confirm screen has taken the place of logging in
    while "/sign/" not in phone.url:
        phone.go_back()
    dialog = phone.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="请在本机继续核对")).to_be_visible()
    dialog.get_by_role("button", name="继续核对").tap()
    expect(phone.get_by_role("heading", name=HERE)).to_be_visible()


def place_by_touch(phone: Page) -> tuple[float, float]:
    """Choose a seal, touch the page; where it was touched, and there lies the seal's middle."""
    card = phone.locator("#seals .seal-card").first
    card.tap()
    expect(card).to_have_attribute("aria-pressed", "true")
    sheet = box_of(phone.locator(".page").first)
    at = sheet["x"] + 0.6 * sheet["width"], sheet["y"] + 0.4 * sheet["height"]
    phone.touchscreen.tap(*at)
    mark = phone.locator(".mark")
    expect(mark).to_have_count(1)
    lies = middle_of(mark)
    assert lies == pytest.approx(at, abs=1.5)
    expect(card).to_have_attribute("aria-pressed", "false")
    return at


def pull_to(phone: Page, start: tuple[float, float]) -> None:
    """Drag the first seal by a finger, 60 px to the left and 40 px down."""
    mark = phone.locator(".mark").first
    mark.scroll_into_view_if_needed()
    x, y = middle_of(mark)
    finger = phone.context.new_cdp_session(phone)
    for kind, far in [("Start", 0), ("Move", 0.3), ("Move", 0.7), ("Move", 1)]:
        point = {"x": x - 60 * far, "y": y + 40 * far}
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert middle_of(mark) == pytest.approx((x - 60, y + 40), abs=1.5)


@pytest.mark.row("P-24", "S-12")
def test_a_link_passed_on_to_another_browser_is_not_this_device(
    stack: Stack, phone: Page, phone_of: PhoneOf, file: Path
) -> None:
    """The page's person sends the link in his code to a victim's phone."""
    steps.open_task(phone, stack, file)
    link = steps.read_qr(phone)
    victim = phone_of(HUANG)
    victim.goto(link)
    expect(victim.get_by_role("heading", name="请特别小心")).to_be_visible()
    expect(victim.get_by_text(HERE)).to_have_count(0)
    expect(victim.get_by_text("签章页面就开在本机")).to_have_count(0)
    expect(victim.locator(".reference-choice")).to_have_count(3)

    victim.locator("[data-agree]").tap()

    expect(victim.get_by_text("请先选择与网页相同的核对码。")).to_be_visible()
    expect(victim.locator("#pin")).to_be_hidden()
    expect(victim.get_by_role("link", name="返回签章页面")).to_have_count(0)


@pytest.mark.row("P-24", "F-38")
def test_another_phone_may_take_over_and_then_numbers_are_compared(
    stack: Stack, phone_of: PhoneOf, file: Path
) -> None:
    page, other = phone_of(HUANG), phone_of(LI)
    steps.open_task(page, stack, file)
    page.get_by_role("button", name="在本机签署").tap()
    expect(page.get_by_role("heading", name=HERE)).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="换一部手机").tap()
    expect(page.get_by_role("heading", name="签署认证")).to_be_visible()

    other.goto(steps.read_qr(page))
    expect(page.get_by_role("heading", name="请在手机上确认")).to_be_visible()
    expect(page.locator("#qr-reference")).to_be_visible()
    steps.agree(other, page)
    steps.type_pin(other, LI.pin)
    expect(page.locator("#seals li").first).to_be_visible()


@pytest.mark.row("P-24")
def test_a_desk_is_led_to_its_phone(stack: Stack, desktop: Page, file: Path) -> None:
    steps.open_task(desktop, stack, file)
    expect(desktop.get_by_role("heading", name="扫码认证", exact=True)).to_be_visible()
    expect(desktop.get_by_role("button", name="在本机签署")).to_have_count(0)


@pytest.mark.row("P-24", "P-50")
@pytest.mark.parametrize("care", ["", "1"])
def test_on_the_smallest_phone_everything_is_within_reach(
    stack: Stack, actor: Actor, file: Path, care: str
) -> None:
    context = actor(**{**PHONE, "viewport": {"width": 360, "height": 640}})
    context.add_cookies([{"name": "care", "value": care, "url": stack.base}])
    page = context.new_page()
    steps.open_task(page, stack, file)
    least = 60 if care else 44
    for name in ("在本机签署", "先看文件"):
        assert box_of(page.get_by_role("button", name=name).first)["height"] >= least
    page.get_by_role("button", name="先看文件").first.tap()
    for button in page.locator(".bar button:visible, .bar a:visible, .tray button:visible").all():
        box = box_of(button)
        assert box["height"] >= least
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["y"] + box["height"] <= 640
    assert box_of(page.locator("#viewer"))["height"] >= 160
    assert page.evaluate("innerWidth === document.documentElement.scrollWidth")


def box_of(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def middle_of(mark: Locator) -> tuple[float, float]:
    box = box_of(mark)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
