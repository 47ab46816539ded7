"""WeChat is silent while fifty people come from it: everybody else logs in as ever (R-10)."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from werkzeug.test import TestResponse

from server.core.breaker import FAILURES
from server.providers.guard import guarded
from server.providers.wechat import WeChat, WeChatUnavailable
from tests.factories.devices import PhoneInHand
from tests.factories.mini_program import MiniProgram
from tests.factories.product import HUANG, WEI, Product
from tests.factories.wechat import Land, land_of

CALLERS = 50
SILENT = 4.0
LOGIN = "/sns/jscode2session"


@pytest.fixture
def land(product: Product) -> Iterator[Land]:
    with land_of(product.clock) as made:
        yield made


@pytest.fixture
def connected(product: Product, land: Land) -> Product:
    """The product with a mini-program, its calls behind their breakers as when assembled."""
    behind: WeChat = land.client(read_seconds=SILENT)
    calls = ["code_to_session"]
    return product.restarted_with(wechat=guarded(behind, calls, product.clock, WeChatUnavailable))


def from_wechat(product: Product, number: int) -> TestResponse:
    return MiniProgram(product).post("/auth/wx_login", {"code": f"code-{number}"})


@pytest.mark.row("R-10", "R-09")
def test_fifty_logins_at_a_silent_wechat_hold_up_nobody_else(
    connected: Product, land: Land
) -> None:
    land.trouble(LOGIN, wait=60.0, times=10 * CALLERS)
    phone = PhoneInHand(connected.app.test_client(), WEI, connected.sms)
    body = {"name": HUANG.phone, "password": HUANG.password, "agreed": True}
    with ThreadPoolExecutor(CALLERS) as threads:
        waiting = [threads.submit(from_wechat, connected, n) for n in range(CALLERS)]
        everybody_asked = threading.Event()
        while land.count(LOGIN) < CALLERS and not everybody_asked.wait(0.02):
            assert not any(one.done() for one in waiting)

        begun = monotonic()
        assert phone.log_in().status_code == 200
        assert connected.browser().post("/m/login/password", body).status_code == 200
        took = monotonic() - begun
        still = sum(not one.done() for one in waiting)
        answers = [one.result() for one in waiting]

    assert still == CALLERS
    assert took < SILENT
    said = {(one.status_code, one.get_json()["code"]) for one in answers}
    assert said == {(503, "wechat_unavailable")}
    assert land.count(LOGIN) == CALLERS

    # From now on nobody waits for it, until it is tried again and found well.
    assert from_wechat(connected, 51).get_json()["code"] == "wechat_unavailable"
    assert land.count(LOGIN) == CALLERS >= FAILURES
    land.world.faults.clear()
    connected.clock.advance(seconds=30)
    answer = MiniProgram(connected).post("/auth/wx_login", {"code": land.login_code()})
    assert answer.get_json()["errcode"] == 0
