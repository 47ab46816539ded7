"""扫码登录 at a partner: our page with the code, and the way back to the partner."""

from apiflask import APIBlueprint
from flask import jsonify, render_template, request
from werkzeug import Response

from server.accounts.qr_login import Asking
from server.partner_logins import queries, service
from server.partner_logins.models import PartnerLogin
from server.partner_logins.page import PartnerLoginPage, address_back
from server.partner_logins.service import OpeningBrowser
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import PAGE_COOKIE, asking_browser, browser_id, set_cookie
from server.web.pages.qr_watch import add_watching, shown

bp = APIBlueprint(
    "partner_login", __name__, url_prefix="/qr-login/<partner_login_id>", enable_openapi=False
)
COOKIE_SECONDS = 15 * 60


class Open(Body):
    """The open token out of the address's fragment, or nothing to go on by cookie."""

    open_token: str | None = None


@bp.get("")
def page(partner_login_id: str) -> str:
    """The page, still without a code; it holds the partner's registered words alone."""
    with runtime().db.read() as uow:
        partner = queries.partner_of(uow, queries.by_id(uow, partner_login_id))
    phone = "" if runtime().settings.is_production else runtime().settings.public_url
    return render_template(
        "desktop/partner_login.html", partner=partner, phone_demo_url=phone, base=request.path
    )


@bp.post("/open")
@bp.input(Open, arg_name="body")
def open_page(partner_login_id: str, body: Open) -> Response:
    """Exchange the open token for the page's cookie, or go on by the cookie there is."""
    asking, parts = asking_browser(), runtime()
    by = OpeningBrowser(browser_id(), _cookie(), Asking(asking.system, asking.address))
    held = service.open_page(parts.db, parts.qr_sessions, partner_login_id, body.open_token, by)
    response = jsonify(shown(held.view()))
    path = f"/qr-login/{partner_login_id}"
    set_cookie(response, PAGE_COOKIE, held.held, path=path, max_age=COOKIE_SECONDS)
    return response


@bp.post("/confirm")
def confirm(partner_login_id: str) -> dict[str, str]:
    """是我，登录: the partner's address with the code by which its back end takes the login."""
    code = _page(partner_login_id).agree()
    return {"next": address_back(_login(partner_login_id), code=code)}


@bp.post("/leave")
def leave(partner_login_id: str) -> dict[str, str]:
    """Back to the partner without a login; an open one ends."""
    reason = _page(partner_login_id).give_up()
    return {"next": address_back(_login(partner_login_id), error=reason)}


def _page(partner_login_id: str) -> PartnerLoginPage:
    return PartnerLoginPage(runtime().qr_sessions, _cookie(), partner_login_id, browser_id())


def _cookie() -> str:
    return request.cookies.get(PAGE_COOKIE, "")


def _login(partner_login_id: str) -> PartnerLogin:
    with runtime().db.read() as uow:
        return queries.by_id(uow, partner_login_id)


add_watching(bp, _page)
