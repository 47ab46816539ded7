"""电脑端登录: the page that shows the code, asks about the masked name, and is logged in."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from qr_session import PageView
from server.accounts import qr_login
from server.accounts.models import DeviceKind
from server.accounts.qr_login import Asking, LoginPage
from server.runtime import runtime
from server.web.identity import (
    DESKTOP_COOKIE,
    LOGIN_PAGE_COOKIE,
    asking_browser,
    asking_device,
    browser_id,
    browser_of,
    is_logged_in_on_desktop,
    set_cookie,
)
from server.web.pages.phone import own_path
from server.web.pages.shapes import frames_dict, qr_dict

bp = APIBlueprint("qr_login", __name__, url_prefix="/login", enable_openapi=False)

PATH = "/login"
LOGIN_PAGE_SECONDS = 15 * 60
LONGEST_WAIT = 25.0


@bp.get("")
def page() -> Response | str:
    """The page, still without a code; somebody who is logged in goes on at once."""
    if is_logged_in_on_desktop():
        return redirect(_goal(), 303)
    phone = "" if runtime().settings.is_production else runtime().settings.public_url
    return render_template("desktop/login.html", phone_demo_url=phone, next=_goal())


@bp.post("/open")
def open_page() -> Response:
    """Begin a session for this browser, and end the one that it held."""
    browser_id()  # named from here on: the tickets of its sockets are good in this browser alone
    asking = asking_browser()
    held = LoginPage.begun(runtime().qr_sessions, _cookie(), Asking(asking.system, asking.address))
    response = jsonify(_shown(held.view()))
    set_cookie(response, LOGIN_PAGE_COOKIE, held.held, path=PATH, max_age=LOGIN_PAGE_SECONDS)
    return response


@bp.get("/state")
def state() -> dict[str, Any]:
    """The present state, read afresh."""
    return _shown(_page().view())


@bp.get("/events")
def events() -> dict[str, Any]:
    """Long poll: the state as soon as its `seq` is past `after`, or after `wait` seconds."""
    held = _page()
    after, wait = request.args.get("after", 0, int), request.args.get("wait", LONGEST_WAIT, float)
    seconds = max(0.0, min(wait, LONGEST_WAIT))
    view = runtime().qr_sessions.wait(held.session_id, held.token, after=after, seconds=seconds)
    return _shown(view)


@bp.post("/ticket")
def ticket() -> dict[str, str]:
    """A minute's proof for the websocket that the page's token is held here, in this browser."""
    held, holder = _page(), browser_of(request.environ, runtime().settings)
    given = runtime().qr_sessions.watch_ticket(held.session_id, held.token, holder=holder)
    return {"ticket": given}


@bp.get("/frames")
def frames() -> dict[str, Any]:
    """The next frames of the QR with their times."""
    held = _page()
    return frames_dict(runtime().qr_sessions.frames(held.session_id, held.token))


@bp.post("/refresh")
def refresh() -> dict[str, Any]:
    """刷新二维码: a new generation of the same session."""
    held = _page()
    return _shown(runtime().qr_sessions.refresh(held.session_id, held.token))


@bp.post("/another-phone")
def another_phone() -> dict[str, Any]:
    """Take the session back from the phone that scanned it."""
    held = _page()
    return _shown(runtime().qr_sessions.use_another_phone(held.session_id, held.token))


@bp.post("/not-me")
def not_me() -> dict[str, Any]:
    """不是我: somebody else's phone has scanned; the session ends."""
    return _shown(_page().not_me(runtime().db))


@bp.post("/confirm")
def log_in() -> Response:
    """是我，登录: take the login, once, and open a session on this computer under a fresh token."""
    device = asking_device(DeviceKind.COMPUTER)
    taken = _page().take()
    earlier = request.cookies.get(DESKTOP_COOKIE)
    with runtime().db.begin() as uow:
        token = qr_login.log_in(uow, taken, device, instead_of=earlier)
    response = jsonify(next=_goal())
    set_cookie(response, DESKTOP_COOKIE, token, max_age=int(device.life.total_seconds()))
    return response


def _page() -> LoginPage:
    return LoginPage(runtime().qr_sessions, _cookie())


def _cookie() -> str:
    return request.cookies.get(LOGIN_PAGE_COOKIE, "")


def _goal() -> str:
    return own_path(request.args.get("next"), within="/", home="/account")


def _shown(view: PageView) -> dict[str, Any]:
    return {"qr": qr_dict(view), "now": runtime().clock.now().isoformat()}
