"""Take the two pictures of the README: `./run` in one window, this in another.

    .venv/bin/python -m tools.screenshots [--base http://127.0.0.1:8321] [--data var]

Needs what `./test` installs (Playwright, Chromium, the Noto CJK fonts). A demo person logs in
with an SMS code, of which there is one a minute.
"""

import argparse
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.steps import Stack
from tests.chromium import ARGUMENTS

ROOT = Path(__file__).parent.parent
FORM = Path(__file__).with_name("application_form.html")
PICTURES = ROOT / "docs" / "img"
SIGNER = PEOPLE[0]
COLOURS = 256
# seal of the tray -> where on the first page it belongs (fractions of its width and height)
PLACES = {1: (0.46, 0.632), 0: (0.75, 0.612)}


def main() -> None:
    """Walk from the upload to the placed seals and keep what the two screens show."""
    stack = _options()
    with _chromium() as browser, tempfile.TemporaryDirectory() as folder:
        desktop = browser.new_context(**DESKTOP, locale="zh-CN").new_page()
        phone = browser.new_context(**PHONE, device_scale_factor=2, locale="zh-CN").new_page()
        steps.log_in_phone(phone, stack, SIGNER)
        form = _make_form(browser, Path(folder) / "建筑工程施工许可证申请表.pdf")
        steps.open_task(desktop, stack, form)
        phone.goto(steps.read_qr(desktop))
        phone.locator(".reference-choice").first.wait_for()
        phone.wait_for_load_state("networkidle")
        _keep(phone, "phone.png")
        steps.agree(phone, desktop)
        steps.type_pin(phone, SIGNER.pin)
        _place_seals(desktop)
        _keep(desktop, "signing.png")


def _options() -> Stack:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8321")
    parser.add_argument("--data", type=Path, default=ROOT / "var")
    options = parser.parse_args()
    return Stack(options.base, "", options.data)


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def _make_form(browser: Browser, target: Path) -> Path:
    """The filled form as a PDF, set by Chromium."""
    page = browser.new_page()
    page.set_content(FORM.read_text(encoding="utf-8"))
    page.pdf(path=target, prefer_css_page_size=True)
    page.close()
    return target


def _place_seals(desktop: Page) -> None:
    """Drag the seals to the signature's place and repeat the company's on the other pages."""
    desktop.locator("#seals li").first.wait_for()
    for _ in range(2):
        desktop.locator("#zoom-out").click()
    for seal, at in PLACES.items():
        steps.drag_seal(desktop, seal, 1, at)
    desktop.locator("#repeat").click()
    desktop.get_by_text("位置已保存").wait_for()
    desktop.locator("#viewer").evaluate("viewer => viewer.scrollTo(0, 0)")
    desktop.locator("#toast:not(.shown)").wait_for(state="attached", timeout=20_000)
    desktop.wait_for_timeout(500)  # the toast fades


def _keep(page: Page, name: str) -> None:
    """The screen in few colours, which such pages hardly show and which halves the file."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(PICTURES / name, optimize=True)
    print(f"{PICTURES / name}: {(PICTURES / name).stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
