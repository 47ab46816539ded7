"""The phone that is asked to let a computer in: what is asked, and 确认登录 or 不是我发起的."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import render_template, request
from pydantic import Field

from qr_session import Code, Phone, QrSession, words_on_phone
from server.accounts.qr_login import Asking
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import browser_id, current_person
from server.web.language import is_english
from server.web.pages.phone import SCAN_COOKIE
from server.web.pages.phone_qr import DeclineIn
from server.web.words import say

bp = APIBlueprint(
    "phone_login", __name__, url_prefix="/m/qr/<session_id>/login", enable_openapi=False
)


class ConfirmIn(Body):
    reference_code: Annotated[str, Field(pattern="^[0-9]{2}$")]


@bp.get("")
def confirm_page(session_id: str) -> str:
    """The screen; what is asked comes with the scan."""
    return render_template("phone/login_request.html", session_id=session_id)


@bp.post("/scan")
def scan(session_id: str) -> dict[str, Any]:
    """Take the session for this phone; the first phone wins. Repeatable by the same one."""
    account = current_person().account
    phone = Phone(account.id, account.masked_name)
    ticket = request.cookies.get(SCAN_COOKIE, "")
    session = runtime().login_desk.scan(session_id, ticket, holder=browser_id(), phone=phone)
    return login_request(session, phone)


@bp.post("/confirm")
@bp.input(ConfirmIn, arg_name="body")
def confirm(session_id: str, body: ConfirmIn) -> dict[str, str]:
    """确认登录, with the number picked; no PIN, as nothing is signed."""
    account = current_person().account.id
    session = runtime().login_desk.confirm(session_id, account, body.reference_code)
    said, place = words_on_phone(Code.CONFIRMED, session.purpose), 1 if is_english() else 0
    return {"message": said.message[place], "next_step": said.next_step[place]}


@bp.post("/decline")
@bp.input(DeclineIn, arg_name="body")
def decline(session_id: str, body: DeclineIn) -> dict[str, str]:
    """Refuse, as easily as agree."""
    runtime().login_desk.decline(
        session_id, current_person().account.id, not_started_by_me=body.not_started_by_me
    )
    return {"message": say("已拒绝")}


def login_request(session: QrSession, phone: Phone) -> dict[str, Any]:
    """Our own name and address, and facts about the asking browser that we found ourselves."""
    asking, parts = Asking.of(session), runtime()
    waited = parts.clock.now() - session.created_at
    return {
        "purpose": session.purpose.value,
        "session_id": session.id,
        "domain": urlsplit(parts.settings.public_url).netloc,
        "account": phone.name,
        "browser": {
            "system": say(asking.system),
            "city": say(asking.address),
            "minutes": int(waited.total_seconds() // 60),
        },
        "reference_choices": parts.qr_sessions.reference_choices(session.id, phone.account),
        "expires_at": session.deadline.isoformat(),
    }
