"""电脑端登录 by account and password: a person's, or a company's own (F-04, F-06).

The session is a computer's: it scans and confirms nothing (decision 0015). What is answered never
tells whether anybody has the name that was typed (S-24).
"""

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts import login, sessions
from server.accounts.models import DeviceKind
from server.accounts.sessions import Device
from server.core.db import UnitOfWork
from server.enterprises import registration
from server.runtime import runtime
from server.web.identity import (
    DESKTOP_COOKIE,
    asking_device,
    desktop_session,
    is_logged_in_on_desktop,
    set_cookie,
)
from server.web.pages.phone import document_choices, own_path
from server.web.pages.phone_company import CompanyLoginIn
from server.web.pages.phone_password import PasswordIn

bp = APIBlueprint("desktop_login", __name__, url_prefix="/login", enable_openapi=False)


@bp.get("/password")
def password_page() -> Response | str:
    """个人用户: phone or document and password; somebody who is logged in goes on at once."""
    return _page("person")


@bp.get("/company")
def company_page() -> Response | str:
    """法人用户: the company's code and password."""
    return _page("company")


@bp.post("/password")
@bp.input(PasswordIn, arg_name="body")
def log_in(body: PasswordIn) -> Response:
    """Open a computer's session for a person, under a fresh token."""
    parts, device = runtime(), asking_device(DeviceKind.COMPUTER)
    account_id = login.check_password(parts.db, body.read(), body.password.get_secret_value())
    with parts.db.begin() as uow:
        _end_earlier(uow)
        _, token = login.by_password(uow, account_id, agreed=body.agreed, device=device)
    return _let_in(token, device)


@bp.post("/company")
@bp.input(CompanyLoginIn, arg_name="body")
def log_in_company(body: CompanyLoginIn) -> Response:
    """Open one for a company's own login; it opens nothing before the face gate (F-10)."""
    db, device = runtime().db, asking_device(DeviceKind.COMPUTER)
    password = body.password.get_secret_value()
    login_id = registration.check_password(db, body.company, password)
    with db.begin() as uow:
        _end_earlier(uow)
        _, token = registration.log_in(uow, login_id, agreed=body.agreed, device=device)
    return _let_in(token, device)


def _page(kind: str) -> Response | str:
    if is_logged_in_on_desktop():
        return redirect(_goal(), 303)
    choices = {"kind": kind, "document_types": document_choices()}
    return render_template("desktop/login_password.html", next=_goal(), **choices)


def _end_earlier(uow: UnitOfWork) -> None:
    """The login that this browser held before: one browser, one login."""
    if earlier := desktop_session(uow):
        sessions.log_out(uow, earlier.id)


def _let_in(token: str, device: Device) -> Response:
    response = jsonify(next=_goal())
    set_cookie(response, DESKTOP_COOKIE, token, max_age=int(device.life.total_seconds()))
    return response


def _goal() -> str:
    return own_path(request.args.get("next"), within="/", home="/account")
