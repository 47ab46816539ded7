"""The houses that log people in by one tap on a page: Alipay, and 广西数字政务一体化平台."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request

from server.accounts.identities import Assertion
from server.accounts.models import IdentityKind
from server.providers.sso import SsoTrip
from server.runtime import Runtime, runtime
from server.web.trips import Trip, TripDeclined


@dataclass(frozen=True)
class Word:
    """What a house says; `phone` and `name` only where it tells them, the phone verified."""

    said: Assertion
    phone: str = ""
    name: str = ""


@dataclass(frozen=True)
class House:
    """One house: its name in Chinese, whether it is connected, the way there, what comes back."""

    kind: IdentityKind
    name: str
    is_connected: Callable[[Runtime], bool]
    address: Callable[[Trip], str]
    word: Callable[[Trip], Word]


def offered() -> list[House]:
    """The houses that this installation is connected with, in the order of the page."""
    return [one for one in HOUSES.values() if one.is_connected(runtime())]


def _alipay_address(trip: Trip) -> str:
    return runtime().providers.alipay.address(trip.state, trip.back_url)


def _alipay_word(_trip: Trip) -> Word:
    found = runtime().providers.alipay.exchange(_brought("auth_code"))
    app = runtime().settings.alipay_app_id
    return Word(Assertion(IdentityKind.ALIPAY, app, found.subject))


def _sso_address(trip: Trip) -> str:
    return runtime().providers.sso.address(_sso_trip(trip))


def _sso_word(trip: Trip) -> Word:
    found = runtime().providers.sso.exchange(_brought("code"), _sso_trip(trip))
    said = Assertion(IdentityKind.SSO, found.issuer, found.subject)
    return Word(said, found.phone, found.name)


def _sso_trip(trip: Trip) -> SsoTrip:
    return SsoTrip(trip.state, trip.nonce, trip.verifier, trip.back_url)


def _brought(name: str) -> str:
    """What the browser has brought back; raises TripDeclined when there is nothing."""
    code = request.args.get(name, "")
    if not code:
        raise TripDeclined()
    return code


HOUSES: Mapping[str, House] = {
    "sso": House(
        IdentityKind.SSO,
        "一体化平台",
        lambda parts: bool(parts.settings.sso_issuer),
        _sso_address,
        _sso_word,
    ),
    "alipay": House(
        IdentityKind.ALIPAY,
        "支付宝",
        lambda parts: bool(parts.settings.alipay_app_id),
        _alipay_address,
        _alipay_word,
    ),
}
