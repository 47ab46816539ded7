"""Every page in every manner: it fits, suits a finger, and tells a screen reader its parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import DESKTOP, PHONE, Actor, Cookies, PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

LI = PEOPLE[2]
FINGER_PX = 44
ELDER_TEXT_PX = 24  # 18 pt
PRESSED = {"button", "link", "switch", "tab", "checkbox", "radio", "textbox", "combobox"}
NAMED = PRESSED | {"image", "dialog", "navigation", "progressbar"}

PHONE_PAGES = (
    "/m/",
    "/m/scan",
    "/m/apply",
    "/m/me",
    "/m/messages",
    "/m/me/devices",
    "/m/me/certifications",
    "/m/me/real-name",
    "/m/me/certificate",
    "/m/me/certificate/pin",
    "/m/me/certificate/forgot",
    "/m/me/phone",
    "/m/me/password",
    "/m/me/log",
    "/m/me/method",
    "/m/me/method/forgotten",
    "/m/me/data",
    "/m/me/close",
    "/m/closed",
    "/app",
    "/m/agreements",
    "/m/uses",
    "/q/nonsense",
    "/m/nothing",
)
STRANGER_PAGES = (
    "/m/login",
    "/m/login/password",
    "/m/login/company",
    "/m/register",
    "/m/register/company",
    "/m/forgot",
    "/m/forgot/company",
    "/m/help/codes",
    "/m/agreements/terms",
    "/m/agreements/privacy",
    "/m/agreements/face",
    "/m/agreements/id_number",
    "/m/face",
    "/m/verify",
)
DESKTOP_PAGES = (
    "/",
    "/app",
    "/verify",
    "/login/password",
    "/login/company",
    "/admin/login",
    "/account",
    "/dev/outbox",
    "/sign/unknown",
    "/nothing",
)
PARTNER_PAGES = ("/", "/online-signing/", "/materials/sealed", "/filings/", "/filings/new")


@dataclass(frozen=True)
class Manner:
    """How somebody looks at the pages."""

    language: str = "zh"
    large_text: bool = False
    desktop_width: int = 1280
    phone_width: int = 390

    @property
    def cookies(self) -> dict[str, str]:
        return {"lang": self.language} | ({"care": "1"} if self.large_text else {})


MANNERS = {
    "as it comes": Manner(),
    "large text": Manner(large_text=True),
    "English": Manner(language="en"),
    "narrow": Manner(desktop_width=820, phone_width=320),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "市政公用设施建设类审批事项申请表.pdf"
    path.write_bytes(pdf.make_pdf([pdf.Page()] * 2))
    return path


@pytest.mark.row("P-50", "P-24")
@pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS.keys())
def test_every_page_fits_and_names_its_parts(
    manner: Manner, stack: Stack, actor: Actor, phone_of: PhoneOf, logged_in: Cookies, file: Path
) -> None:
    phone_of(LI)
    screen = DESKTOP | {"viewport": {"width": manner.desktop_width, "height": 860}}
    hand = PHONE | {"viewport": {"width": manner.phone_width, "height": 844}}
    desktop = dressed(actor(**screen).new_page(), stack, manner)
    stranger = dressed(actor(**hand).new_page(), stack, manner)
    phone = dressed(actor(**hand, storage_state=logged_in[LI.phone]).new_page(), stack, manner)
    faults: list[str] = []
    for path in STRANGER_PAGES:
        stranger.goto(stack.base + path)
        faults += phone_faults(stranger, manner, path)
    for path in PHONE_PAGES:
        phone.goto(stack.base + path)
        faults += phone_faults(phone, manner, path)
    phone.goto(stack.base + "/m/")
    phone.locator(".seal-card").first.click()
    phone.wait_for_url("**/m/seals/*")
    faults += phone_faults(phone, manner, "seal")
    for path in DESKTOP_PAGES:
        desktop.goto(stack.base + path)
        faults += faults_of(desktop, path)
    steps.as_if_a_minute_had_passed(stack)  # nobody turns so many pages of 我的 in one
    for place in signing_states(desktop, phone, stack, file):
        faults += faults_of(desktop, f"signing, {place}")
        faults += phone_faults(phone, manner, f"phone, {place}")
    for place in login_states(desktop, phone, stack):
        faults += faults_of(desktop, f"login, {place}")
        faults += phone_faults(phone, manner, f"phone, login, {place}")
    for place in partner_login_states(desktop, phone, stack):
        faults += faults_of(desktop, f"partner login, {place}")
        faults += phone_faults(phone, manner, f"phone, partner login, {place}")
    steps.log_in_at_partner(desktop, stack, LI)
    for path in PARTNER_PAGES:
        desktop.goto(stack.demo + path)
        faults += faults_of(desktop, f"partner {path}")
    assert not faults, "\n".join(faults)


def dressed(page: Page, stack: Stack, manner: Manner) -> Page:
    page.context.add_cookies(
        [
            {"name": name, "value": value, "url": stack.base}
            for name, value in manner.cookies.items()
        ]
    )
    return page


def signing_states(desktop: Page, phone: Page, stack: Stack, file: Path) -> Iterator[str]:
    """Walks through the signing page and stops at each state, on both screens."""
    steps.open_task(desktop, stack, file)
    link = steps.read_qr(desktop)
    yield "waiting"
    phone.goto(link)
    phone.locator(".reference-choice").first.wait_for()
    desktop.locator("#qr[data-phase=scanned]").wait_for()
    yield "scanned"
    steps.agree(phone, desktop)
    expect(phone.locator("#pin .decision")).to_be_in_viewport(ratio=1)
    yield "PIN"
    steps.type_pin(phone, "000000")
    phone.locator("[data-pin-error]:not(:empty)").wait_for()
    yield "wrong PIN"
    steps.type_pin(phone, LI.pin)
    phone.locator("[data-when=signed]").wait_for()
    desktop.locator("#seals li").first.wait_for()
    yield "seals loaded"
    steps.put_seal(desktop)
    desktop.locator("#confirm-button").click()
    yield "pages missing"
    desktop.keyboard.press("Escape")
    desktop.locator("#repeat").click()
    desktop.locator("#confirm-button").click()
    yield "summary"
    desktop.locator("#confirm [data-act=send]").click()
    desktop.locator("#outcome[data-phase=sealed]").wait_for(timeout=30_000)
    yield "sealed"


def login_states(desktop: Page, phone: Page, stack: Stack) -> Iterator[str]:
    """Walks through the login of a computer and stops at each state, on both screens."""
    desktop.goto(stack.base + "/login")
    yield from code_states(desktop, phone)
    desktop.locator("[data-act=log_in]").click()
    desktop.wait_for_url("**/account")
    yield "account"


def partner_login_states(desktop: Page, phone: Page, stack: Stack) -> Iterator[str]:
    """The same at a partner, up to the account there that the person binds."""
    desktop.goto(stack.demo + "/login")
    desktop.get_by_role("button", name="扫码登录").click()
    desktop.wait_for_url("**/qr-login/*")
    yield from code_states(desktop, phone)
    desktop.locator("[data-act=log_in]").click()
    desktop.wait_for_url(stack.demo + "/login**")
    yield "first scan"
    desktop.goto(stack.demo + "/scan-login/back")
    yield "refused"
    # Else whoever logs in next would bind his account to what was scanned here.
    desktop.context.clear_cookies(name="approval_session")


def code_states(desktop: Page, phone: Page) -> Iterator[str]:
    """From the code on the page to the question whose login it is."""
    link = steps.read_qr(desktop)
    yield "waiting"
    phone.goto(link)
    phone.locator(".reference-choice").first.wait_for()
    desktop.locator("#login[data-phase=scanned]").wait_for()
    yield "scanned"
    steps.agree(phone, desktop)
    phone.locator("[data-when=confirmed]").wait_for()
    desktop.locator("#login[data-phase=asking]").wait_for()
    yield "asking"


def phone_faults(phone: Page, manner: Manner, place: str) -> list[str]:
    phone.wait_for_load_state()  # nothing has its size before its style is there
    small = phone.evaluate(SMALL_TARGETS, FINGER_PX)
    faults = [f"{place}: {one} is too small for a finger" for one in small]
    if manner.large_text:
        size = phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        if size < ELDER_TEXT_PX:
            faults.append(f"{place}: large text has {size} px")
    return faults + faults_of(phone, place)


def faults_of(page: Page, place: str) -> list[str]:
    """What is wrong with the page as it stands."""
    faults = [f"{place}: {one} has no name" for one in nameless(page)]
    # A phone widens innerWidth to what overflows, so the screen itself is the measure.
    size = page.viewport_size
    assert size
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > size["width"]:
        faults.append(f"{place}: {wide} px wide on a screen of {size['width']} px")
    return faults + [f"{place}: {one} is cut off" for one in page.evaluate(CUT_OFF, size["width"])]


def nameless(page: Page) -> list[str]:
    """Parts that a screen reader would call by their kind alone."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        f"{node['role']['value']} {node.get('backendDOMNodeId')}"
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"] in NAMED
        and not node.get("name", {}).get("value", "").strip()
    ]


# What stands within a sentence is as high as its line; everything else is for fingers.
SMALL_TARGETS = """least => [
        ...document.querySelectorAll("button, a, summary, select, .field-input"),
        ...document.querySelectorAll("label:has(input[type=radio])"),
    ]
    .filter((part) => part.checkVisibility({visibilityProperty: true}))
    .filter((part) => !(part.tagName === "A"
        && ["inline", "inline-block"].includes(getComputedStyle(part).display)))
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([part, box]) => `${part.tagName} "${part.textContent.trim().slice(0, 20)}"`
        + ` (${Math.round(box.width)} x ${Math.round(box.height)})`)"""

# Words beyond the edge of the screen, in nothing that could be scrolled sideways.
CUT_OFF = """wide => [...document.querySelectorAll("body *")]
    .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((part) => part.checkVisibility({visibilityProperty: true}))
    .filter((part) => !part.closest(".for-ears, .unseen, .skip"))
    .filter((part) => {
        for (let box = part; box; box = box.parentElement) {
            if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return false;
        }
        return true;
    })
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.left < -1 || box.right > wide + 1))
    .map(([part]) => `${part.tagName} "${part.textContent.trim().slice(0, 20)}"`)"""
