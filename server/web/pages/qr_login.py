"""电脑端登录: the page that shows the code, asks about the masked name, and is logged in."""

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

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
    is_logged_in_on_desktop,
    set_cookie,
)
from server.web.pages.phone import own_path
from server.web.pages.qr_watch import add_watching, shown

bp = APIBlueprint("qr_login", __name__, url_prefix="/login", enable_openapi=False)

PATH = "/login"
LOGIN_PAGE_SECONDS = 15 * 60


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
    response = jsonify(shown(held.view()))
    set_cookie(response, LOGIN_PAGE_COOKIE, held.held, path=PATH, max_age=LOGIN_PAGE_SECONDS)
    return response


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


add_watching(bp, _page)
