"""Two people certify one application, each on a phone of his own, from link to signature (B4.1)."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from server.applications.lifecycle import ApplicationState
from server.applications.models import Way
from tests.browser.conftest import PHONE, Actor, free_ports
from tests.browser.steps import Stack
from tests.browser.test_every_page import MANNERS, dressed, phone_faults
from tests.factories.applications import AGENT
from tests.factories.certifications import Certifying
from tests.factories.product import WEI, Product

pytestmark = pytest.mark.browser


@pytest.fixture
def served(product: Product) -> Iterator[Product]:
    """The product behind a real server, at the very address that its links name."""
    (port,) = free_ports(1)
    there = product.restarted(public_url=f"http://127.0.0.1:{port}")
    server = make_server("127.0.0.1", port, there.app, threaded=True)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    there.runner = there.worker()
    yield there
    server.shutdown()


def address(case: Certifying, phone: str) -> str:
    """The newest link that came to a phone, as its owner taps it."""
    return f"{case.product.parts.settings.public_url}/m/certify/{case.links(phone)[0]}"


def write_name(page: Page) -> None:
    """Two strokes with the mouse in 签名区."""
    box = page.locator("#pad").bounding_box()
    assert box
    for points in (((0.2, 0.3), (0.5, 0.5), (0.8, 0.3)), ((0.5, 0.2), (0.45, 0.85))):
        for place, (x, y) in enumerate(points):
            at = (box["x"] + x * box["width"], box["y"] + y * box["height"])
            page.mouse.move(*at, steps=5)
            if place == 0:
                page.mouse.down()
        page.mouse.up()


def certify(page: Page, link: str, look: Callable[[str], None]) -> None:
    """From the link to the signature; `look` is called at each step."""
    page.goto(link)
    look("link")
    page.locator("[data-step=open]").click()
    picture = page.locator(".form-page img").first
    expect(picture).to_have_js_property("naturalWidth", 800)
    look("form")
    page.locator("[data-step=read]").click()
    page.locator("#face-form [type=submit]").click()
    expect(page.locator("#face-error")).not_to_be_empty()
    page.locator("#consent").check()
    look("face")
    page.locator("#face-form [type=submit]").click()
    page.locator("[data-passes=true]").click()
    page.locator("[data-step=identify]").wait_for()
    look("identified")
    page.locator("[data-step=identify]").click()
    page.locator("#sign-form [type=submit]").click()
    expect(page.locator("#sign-error")).not_to_be_empty()
    write_name(page)
    look("signature")
    page.locator("#sign-form [type=submit]").click()
    page.locator("#done-title").wait_for()
    look("done")


# What the button of each step is called (B4.1).
BUTTONS = {
    "link": "前往签署",
    "form": "下一步",
    "face": "开始人脸认证",
    "identified": "完成身份认证",
    "signature": "确认",
    "done": "返回首页",
}


def in_the_manuals_words(page: Page) -> Callable[[str], None]:
    def look(place: str) -> None:
        shown = page.get_by_text(BUTTONS[place], exact=True)
        expect(shown).to_be_visible()

    return look


@pytest.mark.row("F-15", "F-16", "S-31")
def test_two_people_certify_on_two_phones(served: Product, actor: Actor) -> None:
    case = Certifying.begun(served)
    first, second = (actor(**PHONE, device_scale_factor=2).new_page() for _ in range(2))
    certify(first, address(case, WEI.phone), in_the_manuals_words(first))
    expect(first.get_by_text("系统已向经办人发送认证短信")).to_be_visible()
    served.work()
    first.goto(address(case, AGENT[2]))
    first.get_by_role("button", name="前往签署").click()
    expect(first.locator("[data-error]")).to_contain_text("不能在同一台设备的同一浏览器中")
    certify(second, address(case, AGENT[2]), in_the_manuals_words(second))
    expect(second.get_by_text("印章正在生成")).to_be_visible()
    assert case.application.state == ApplicationState.ISSUING
    first.goto(address(case, AGENT[2]))
    expect(first.get_by_role("heading", name="已在另一台设备")).to_be_visible()


@pytest.mark.row("F-17", "P-50")
@pytest.mark.parametrize("manner", ["large text", "English", "narrow"])
def test_every_step_fits_and_names_its_parts(served: Product, actor: Actor, manner: str) -> None:
    how = MANNERS[manner]
    case = Certifying.begun(served, Way.PERSONAL)
    hand = PHONE | {"viewport": {"width": how.phone_width, "height": 844}}
    stack = Stack(served.parts.settings.public_url, "", served.parts.settings.data_dir)
    page = dressed(actor(**hand).new_page(), stack, how)
    faults: list[str] = []
    certify(
        page,
        address(case, WEI.phone),
        lambda place: faults.extend(phone_faults(page, how, place)),
    )
    assert not faults, "\n".join(faults)
