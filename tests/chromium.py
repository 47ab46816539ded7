"""One Chromium for every test that needs a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VENDOR = Path(__file__).parents[1] / "server" / "static" / "vendor" / "pdf.min.mjs"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Each actor gets a context of its own. While it lives no other test can use asyncio, so
    `tests/conftest.py` puts the browser's tests last.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Chromium is missing: apt-get install chromium")
    assert VENDOR.is_file(), "page assets are missing: ./test fetches them"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
