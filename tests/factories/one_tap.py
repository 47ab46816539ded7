"""The product connected with the houses of one tap, and a browser's way there and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.accounts.models import Identity
from tests.factories.devices import Browser
from tests.factories.houses import (
    AlipayInReach,
    PlatformInReach,
    alipay_of,
    back_from,
    platform_of,
)
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

HOUSES = ("alipay", "sso")


@dataclass
class OneTapLand:
    """The product, connected with both houses."""

    product: Product
    alipay: AlipayInReach
    platform: PlatformInReach

    def browser(self) -> Browser:
        return self.product.browser()

    def allow(self, **settings: Any) -> "OneTapLand":
        return OneTapLand(self.product.restarted(**settings), self.alipay, self.platform)


@contextmanager
def connected(product: Product, clock: FakeClock) -> Iterator[OneTapLand]:
    """Both houses answer, and the product knows them."""
    with alipay_of(clock) as alipay, platform_of(clock) as platform:
        settings = {"alipay_app_id": alipay.world.app_id, "sso_issuer": platform.address}
        client = alipay.client()
        outside = {"alipay": client, "sso": platform.client()}
        known = product.restarted(**settings).restarted_with(**outside)
        yield OneTapLand(known, alipay, platform)
        client.close()


def start(browser: Browser, house: str, agreed: bool = True, query: str = "") -> str:
    """Where the login page sends the browser."""
    answer = browser.post(f"/m/login/{house}{query}", {"agreed": agreed})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["next"])


def come_back(browser: Browser, house: str, brought: dict[str, str]) -> TestResponse:
    return browser.get(f"/m/login/{house}/callback", query_string=brought)


def log_in(browser: Browser, house: str, person: str = "wei", query: str = "") -> TestResponse:
    return come_back(browser, house, back_from(start(browser, house, query=query), person))


def bind(phone: Browser, house: str, person: str = "wei") -> TestResponse:
    answer = phone.post(f"/m/me/bindings/{house}")
    assert answer.status_code == 200, answer.text
    return come_back(phone, house, back_from(answer.get_json()["next"], person))


def is_logged_in(browser: Browser) -> bool:
    return browser.get("/m/me").status_code == 200


def code_of(answer: TestResponse) -> str:
    return str((answer.get_json(silent=True) or {}).get("code"))


def bound(land: OneTapLand) -> int:
    with land.product.parts.db.read() as uow:
        taken = select(func.count()).where(Identity.account_id.is_not(None))
        return uow.session.scalar(taken) or 0
