"""The whole product as `./run` starts it, on free ports, and Chromium to use it with."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from server.seed import DemoPerson
from tests.browser import steps
from tests.browser.steps import Stack

ROOT = Path(__file__).parents[2]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Web, worker and demo partner, started and ended by the launcher itself."""
    port, demo_port = free_ports(2)
    data = tmp_path_factory.mktemp("stack")
    started = [sys.executable, "-m", "tools.launch", "--data", str(data)]
    started += ["--port", str(port), "--demo-port", str(demo_port)]
    log = (data / "log.txt").open("wb")
    # Everybody in these tests comes from one address, and a quick machine does much in a minute.
    env = os.environ | {"GUIYIN_REQUESTS_PER_MINUTE": "6000"}
    process = subprocess.Popen(started, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process)
        wait_for(f"http://127.0.0.1:{demo_port}/livez", process)
        yield Stack(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{demo_port}", data)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the product has ended before it was ready"
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} did not answer")


Actor = Callable[..., BrowserContext]


@pytest.fixture
def actor(chromium: Browser) -> Iterator[Actor]:
    """Makes contexts; at the end no page may have written an error to its console."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(locale="zh-CN", **options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        context.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        context.on("weberror", lambda thrown: complaints.append(str(thrown.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    expected = re.compile(r"status of (4\d\d|503)")  # refusals that a test asks for
    assert [one for one in complaints if not expected.search(one)] == []


DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def desktop(actor: Actor) -> Page:
    return actor(**DESKTOP).new_page()


@pytest.fixture
def phone(actor: Actor) -> Page:
    return actor(**PHONE, device_scale_factor=2).new_page()


PhoneOf = Callable[[DemoPerson], Page]
Cookies = dict[str, Any]


@pytest.fixture(scope="session")
def logged_in() -> Cookies:
    """What each phone keeps after logging in; a phone gets one code a minute, so one for all."""
    return {}


@pytest.fixture
def phone_of(actor: Actor, stack: Stack, logged_in: Cookies) -> PhoneOf:
    """A person's phone, on which he is logged in."""

    def make(person: DemoPerson) -> Page:
        kept = logged_in.get(person.phone)
        page = actor(**PHONE, device_scale_factor=2, storage_state=kept).new_page()
        if kept is None:
            steps.log_in_phone(page, stack, person)
            logged_in[person.phone] = page.context.storage_state()
        return page

    return make
