"""Who is calling: a partner by key, a person by cookie, a page by its token, or a bare browser."""

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import g, request
from werkzeug import Response
from werkzeug.http import parse_cookie

from server.accounts import queries as accounts
from server.accounts.errors import LoginNeeded
from server.accounts.models import Account, AccountSession, DeviceKind
from server.accounts.sessions import Device
from server.core.db import UnitOfWork
from server.partners import service as partners
from server.partners.errors import BadApiKey
from server.partners.models import Partner
from server.runtime import runtime
from server.settings import Settings
from server.signing.service import Browser

PHONE_COOKIE = "gy_phone"
DESKTOP_COOKIE = "gy_desktop"
LOGIN_PAGE_COOKIE = "gy_login"
BROWSER_COOKIE = "gy_browser"
PAGE_COOKIE = "gy_page"
PAGE_HEADER = "Page-Token"
SYSTEMS = (
    ("MicroMessenger", "微信"),
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


@dataclass(frozen=True)
class Person:
    """A logged-in person and his session."""

    account: Account
    session: AccountSession


def identify_partner() -> None:
    """Raise BadApiKey unless a partner's key came along (`Authorization: Bearer sk_…`)."""
    key = bearer()
    if not key:
        raise BadApiKey()
    with runtime().db.read() as uow:
        g.partner = partners.by_key(uow, key)


def bearer() -> str:
    """What the caller sent as `Authorization: Bearer …` (RFC 6750 2.1); empty without it."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def current_partner() -> Partner:
    """The partner whose key came with this request; the permission has let it in."""
    partner: Partner = g.partner
    return partner


def identify_person() -> None:
    """Raise LoginNeeded unless a person is logged in on this phone."""
    g.person = _required(_person(PHONE_COOKIE, DeviceKind.PHONE))


def identify_desktop() -> None:
    """Raise LoginNeeded unless a person is logged in on this computer."""
    g.person = _required(_person(DESKTOP_COOKIE, DeviceKind.COMPUTER))


def identify_mini_program() -> None:
    """Raise LoginNeeded unless the token of a mini-program's login came along; no cookie counts."""
    g.person = _required(_person_of(bearer(), DeviceKind.MINI_PROGRAM))


def _required(found: Person | None) -> Person:
    if found is None:
        raise LoginNeeded()
    return found


def current_person() -> Person:
    """The person who is logged in; the permission has let him in."""
    person: Person = g.person
    return person


def person_on_phone() -> Person | None:
    """The person who is logged in on this phone, if there is one."""
    return _person(PHONE_COOKIE, DeviceKind.PHONE)


def account_id() -> str | None:
    """The id of the person who is logged in on this phone, if there is one."""
    found = person_on_phone()
    return found.account.id if found else None


def is_logged_in() -> bool:
    """Whether anybody is logged in on this phone."""
    return account_id() is not None


def is_logged_in_on_desktop() -> bool:
    """Whether anybody is logged in on this computer."""
    return _person(DESKTOP_COOKIE, DeviceKind.COMPUTER) is not None


def desktop_session(uow: UnitOfWork) -> AccountSession | None:
    """The open session that this computer's cookie names, if there is one."""
    token = request.cookies.get(DESKTOP_COOKIE)
    found = accounts.session_by_token(uow, token, DeviceKind.COMPUTER) if token else None
    return found[0] if found else None


def _person(cookie: str, kind: DeviceKind) -> Person | None:
    return _person_of(request.cookies.get(cookie), kind)


def _person_of(token: str | None, kind: DeviceKind) -> Person | None:
    if not token:
        return None
    with runtime().db.read() as uow:
        found = accounts.session_by_token(uow, token, kind)
    return Person(found[1], found[0]) if found else None


def page_token() -> str | None:
    """The page's token: by header where the page keeps it in memory, else by cookie."""
    return request.headers.get(PAGE_HEADER) or request.cookies.get(PAGE_COOKIE)


def browser_cookie(settings: Settings) -> str:
    """The cookie's name. Tickets are bound to what it holds, so no other host may plant one: the
    prefix has the browser refuse that (RFC 6265bis 4.1.3.2), and works by https alone."""
    return f"__Host-{BROWSER_COOKIE}" if _by_https(settings) else BROWSER_COOKIE


def browser_id() -> str:
    """A random name of this browser, to which a scan is bound until somebody logs in."""
    known: str = g.get("browser_id") or browser_of(request.environ, runtime().settings)
    if not known:
        known = g.new_browser_id = secrets.token_urlsafe(18)
    g.browser_id = known
    return known


def browser_of(environ: dict[str, Any], settings: Settings) -> str:
    """The name of the browser that opens a socket; empty where it keeps no cookies of ours."""
    return parse_cookie(environ).get(browser_cookie(settings), "")


def keep_browser_id(response: Response) -> Response:
    """Send the cookie of a browser that was named in this request."""
    if "new_browser_id" in g:
        name = browser_cookie(runtime().settings)
        set_cookie(response, name, g.new_browser_id, max_age=31_536_000)
    return response


def set_cookie(
    response: Response, name: str, value: str, *, path: str = "/", max_age: int | None = None
) -> None:
    """A cookie that scripts cannot read and other sites cannot send along."""
    response.set_cookie(
        name,
        value,
        path=path,
        max_age=max_age,
        httponly=True,
        samesite="Lax",
        secure=_by_https(runtime().settings),
    )


def _by_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def asking_browser() -> Browser:
    """What the phone may show of the browser that asks: its system and a coarse address."""
    system = system_of(request.user_agent.string)
    return Browser(system, coarse_address(request.remote_addr or ""))


def system_of(agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0 …) Chrome/…` → `Windows Chrome`."""
    system = next((name for mark, name in SYSTEMS if mark in agent), "未知系统")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    return f"{system} {browser}".strip()


def asking_device(kind: DeviceKind) -> Device:
    """What a login writes down of the browser or mini-program that asks for it."""
    settings = runtime().settings
    is_computer = kind == DeviceKind.COMPUTER
    hours = settings.desktop_session_hours if is_computer else settings.phone_session_hours
    address = coarse_address(request.remote_addr or "")
    return Device(kind, request.user_agent.string, address, timedelta(hours=hours))


def coarse_address(address: str) -> str:
    """`203.0.113.7` → `203.0.113.*`; an address of this network has no place to show."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "未知"
    if parsed.is_private:
        return "本机或内网"
    if parsed.version == 4:
        return address.rsplit(".", 1)[0] + ".*"
    return str(ipaddress.ip_network(f"{address}/48", strict=False).network_address) + "/48"
