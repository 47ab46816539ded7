"""The platform of single sign-on and Alipay in this process, and clients of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc.jwk import RSAKey

from server.providers.alipay.openapi import AlipayApp, OpenApiAlipay
from server.providers.alipay.rsa2 import private_key, public_key
from server.providers.sso import SsoTrip
from server.providers.sso.oidc import OidcClient, OidcSso
from standins import alipay, oidc
from standins.alipay import House
from standins.oidc import Platform
from standins.serving import served
from standins.wechat.clock import Clock
from tests.fakes.clock import FakeClock

CLIENT, SECRET = "guiyin-test", "canary-sso-secret-4f7a"
APP_ID = "2021000000000001"
BACK = "http://127.0.0.1:8321/m/login/sso/callback"
TRIP = SsoTrip("the state", "canary-nonce", "v" * 43, BACK)


@cache
def signing_key() -> RSAKey:
    """Made once: a key takes a moment."""
    return oidc.new_key()


@cache
def alipay_keys() -> tuple[str, str]:
    """The app's private key and Alipay's own."""
    return alipay.new_key(), alipay.new_key()


def back_from(address: str, person: str = "wei") -> dict[str, str]:
    """Be this person at the other house; what the browser brings back."""
    answer = httpx.get(address, params={"person": person} | query_of(address))
    assert answer.status_code == 303, answer.text
    return query_of(answer.headers["Location"])


def query_of(address: str) -> dict[str, str]:
    return {name: one for name, (one, *_) in parse_qs(urlsplit(address).query).items()}


@dataclass
class PlatformInReach:
    """The platform's side of a test, and the product's client of it."""

    world: Platform
    address: str
    clock: FakeClock
    changes: dict[str, float] = field(default_factory=dict)

    def client(self, **changes: float) -> OidcSso:
        return OidcSso(OidcClient(self.address, CLIENT, SECRET, **changes), self.clock)

    def code(self, sso: OidcSso, person: str = "wei", trip: SsoTrip = TRIP) -> str:
        return back_from(sso.address(trip), person)["code"]


@dataclass
class AlipayInReach:
    """Alipay's side of a test, and the product's client of it."""

    world: House
    address: str
    clock: FakeClock

    def client(self, **changes: float) -> OpenApiAlipay:
        own, theirs = alipay_keys()
        keys = private_key(own), public_key(alipay.public_half(theirs))
        app = AlipayApp(APP_ID, *keys, self.address, self.address, **changes)
        return OpenApiAlipay(app, self.clock)

    def code(self, client: OpenApiAlipay, person: str = "wei") -> str:
        return back_from(client.address("s", BACK), person)["auth_code"]


@contextmanager
def platform_of(clock: FakeClock) -> Iterator[PlatformInReach]:
    """A platform that lives by the test's clock."""
    world = Platform(CLIENT, SECRET, signing_key(), Clock(lambda: clock.now().timestamp()))
    with served(oidc.create_app(world)) as address:
        yield PlatformInReach(world, address, clock)


@contextmanager
def alipay_of(clock: FakeClock) -> Iterator[AlipayInReach]:
    """An Alipay that lives by the test's clock."""
    own, theirs = alipay_keys()
    source = Clock(lambda: clock.now().timestamp())
    world = House(APP_ID, alipay.loaded(own).public_key(), alipay.loaded(theirs), source)
    with served(alipay.create_app(world)) as address:
        yield AlipayInReach(world, address, clock)
