"""The phone before anybody is logged in: the link in the QR, and logging in by SMS code."""

from typing import Annotated
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from pydantic import Field, StringConstraints
from werkzeug import Response

from qr_session import Lives, OnThisDevice, Resolved
from qr_session import Purpose as QrPurpose
from server.accounts import codes, login, sessions
from server.accounts.codes import CodeAsk, Purpose, Recipient
from server.accounts.id_documents import DOCUMENT_TYPES
from server.accounts.models import DeviceKind
from server.accounts.names import read_login_name
from server.accounts.sessions import Device
from server.runtime import runtime
from server.web.bodies import Body
from server.web.houses import offered
from server.web.identity import (
    PHONE_COOKIE,
    account_id,
    asking_device,
    browser_id,
    current_person,
    is_logged_in,
    set_cookie,
)
from server.web.language import is_english

bp = APIBlueprint("phone", __name__, enable_openapi=False)

HOME = "/m/"
SCAN_COOKIE = "gy_scan"
HERE_COOKIE = "gy_here"
SCAN_SECONDS = 180
Phone = Annotated[str, StringConstraints(min_length=1, max_length=32)]


class CodeIn(Body):
    phone: Phone


class LoginIn(Body):
    phone: Phone
    code: Annotated[str, Field(pattern="^[0-9]{6}$")]
    agreed: bool = False


@bp.get("/q/<token>")
def scan_link(token: str) -> Response:
    """The link in the QR. Its freshness is judged here, and logging in does not lose the scan."""
    resolved = runtime().qr_sessions.resolve(token, holder=browser_id(), account=account_id())
    target = after_login(screen_of(resolved))
    return keep_scan(redirect(target, 303), resolved.session_id, resolved.ticket)


def after_login(path: str) -> str:
    """A path of the phone pages, by way of logging in where nobody is logged in yet."""
    return path if is_logged_in() else f"/m/login?next={quote(path, safe='')}"


def screen_of(resolved: Resolved) -> str:
    """Where the phone answers what the code asks for."""
    path = f"/m/qr/{resolved.session_id}"
    return f"{path}/login" if resolved.purpose is QrPurpose.LOGIN else path


def keep_scan(response: Response, session_id: str, ticket: str) -> Response:
    """The resolve ticket, for this one QR session's pages only."""
    set_cookie(response, SCAN_COOKIE, ticket, path=f"/m/qr/{session_id}", max_age=SCAN_SECONDS)
    return response


def keep_here(response: Response, here: OnThisDevice) -> Response:
    """The same, with the proof that this browser shows the page; it lives as long as a session."""
    path, life = f"/m/qr/{here.session_id}", int(Lives().in_all.total_seconds())
    set_cookie(response, HERE_COOKIE, here.proof, path=path, max_age=life)
    return keep_scan(response, here.session_id, here.ticket)


@bp.get("/m/login", defaults={"way": "sms"})
@bp.get("/m/login/password", defaults={"way": "password"})
def login_page(way: str) -> Response | str:
    """Logging in, with one way chosen; somebody who is logged in goes on at once."""
    target = own_path(request.args.get("next"))
    if is_logged_in():
        return redirect(target, 303)
    wechat = bool(runtime().settings.wechat_appid)
    choices = {"way": way, "document_types": document_choices(), "houses": offered()}
    return render_template("phone/login.html", next=target, wechat=wechat, **choices)


@bp.get("/m/help/codes")
def codes_help() -> str:
    """收不到验证码: what to look at, and the other ways in (P-43)."""
    return render_template("phone/help_codes.html")


@bp.post("/m/login/sms")
@bp.input(CodeIn, arg_name="body")
def send_code(body: CodeIn) -> dict[str, int]:
    """Send a code; the answer is the same for a phone that nobody registered."""
    desk = runtime().code_desk
    return {"retry_after": desk.send(code_to_enter(codes.to_phone(desk.keys, body.phone)))}


@bp.post("/m/login")
@bp.input(LoginIn, arg_name="body")
def log_in(body: LoginIn) -> Response:
    """Open a session on this browser, under a fresh token."""
    desk, device = runtime().code_desk, asking_device(DeviceKind.PHONE)
    name = read_login_name(desk.keys, body.phone)
    proof = desk.prove(code_to_enter(codes.to_phone(desk.keys, body.phone)), body.code)
    with runtime().db.begin() as uow:
        _, token = login.by_code(uow, name, proof, agreed=body.agreed, device=device)
    desk.forgive(proof)
    return let_in(token, device)


@bp.post("/m/logout")
def log_out() -> Response:
    """End this browser's session."""
    with runtime().db.begin() as uow:
        sessions.log_out(uow, current_person().session.id)
    response = jsonify(next="/m/login")
    response.delete_cookie(PHONE_COOKIE)
    return response


def let_in(token: str, device: Device) -> Response:
    """The answer to whoever has just come in: his session's cookie, and the page to go on to."""
    response = jsonify(next=own_path(request.args.get("next")))
    set_cookie(response, PHONE_COOKIE, token, max_age=int(device.life.total_seconds()))
    return response


def own_path(text: str | None, *, within: str = "/m/", home: str = HOME) -> str:
    """A path of our own pages, or the home page: no other place is ever gone to (S-28)."""
    plain = text and text.startswith(within) and "//" not in text and "\\" not in text
    return text if text and plain and text.isprintable() else home


def code_to_enter(to: Recipient) -> CodeAsk:
    """A code to log in or to register with: one purpose, so nobody learns who is registered."""
    return CodeAsk(to, Purpose.ENTER, request.remote_addr or "")


def document_choices() -> list[tuple[str, str]]:
    """The documents that may be named, each with its word in the caller's language (F-07)."""
    place = 1 if is_english() else 0
    return [(kind.code, kind.names[place]) for kind in DOCUMENT_TYPES]
