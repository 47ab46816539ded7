"""The phone that is asked to let a computer in: what is asked, and 确认登录 or 不是我发起的."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import render_template, request
from pydantic import Field

from qr_session import Code, QrSession, words_on_phone
from server.accounts.qr_login import Asking
from server.partner_logins import queries
from server.partners.models import Partner
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import browser_id, current_person
from server.web.language import is_english
from server.web.login_scans import scan_login
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
    ticket = request.cookies.get(SCAN_COOKIE, "")
    return login_request(scan_login(session_id, ticket, holder=browser_id()))


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


def login_request(session: QrSession) -> dict[str, Any]:
    """Who asks, by our own register, and facts about the asking browser that we found ourselves."""
    asking, parts, phone = Asking.of(session), runtime(), current_person().account
    waited = parts.clock.now() - session.created_at
    with parts.db.read() as uow:
        partner = queries.partner_asking(uow, asking)
    return {
        "purpose": session.purpose.value,
        "session_id": session.id,
        "domain": partner.domain if partner else urlsplit(parts.settings.public_url).netloc,
        "partner": _partner(partner) if partner else None,
        "account": phone.masked_name,
        "browser": {
            "system": say(asking.system),
            "city": say(asking.address),
            "minutes": int(waited.total_seconds() // 60),
        },
        "reference_choices": parts.qr_sessions.reference_choices(session.id, phone.id),
        "expires_at": session.deadline.isoformat(),
    }


def _partner(partner: Partner) -> dict[str, Any]:
    """Whom the login is for, and whether it is told of the person's companies."""
    return {
        "name": partner.name,
        "support_phone": partner.support_phone,
        "told_companies": partner.login_shows_companies,
    }
