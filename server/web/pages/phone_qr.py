"""The phone's scanner and its confirm screen (qr-session.md, "What the phone shows")."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import jsonify, render_template, request
from pydantic import Field, StringConstraints
from werkzeug import Response

from qr_session import Code, Phone, words_on_phone
from server.documents.models import Document
from server.runtime import runtime
from server.signing import queries
from server.signing.confirming import PageBrowser, PhoneAnswer
from server.web.admission import require_may_act_for
from server.web.bodies import Body
from server.web.identity import browser_id, current_person
from server.web.language import is_english
from server.web.pages.phone import HERE_COOKIE, SCAN_COOKIE, keep_scan, screen_of
from server.web.pages.sign_request import sign_request
from server.web.scanned_codes import resolve, scanned_code
from server.web.words import say

bp = APIBlueprint("phone_qr", __name__, url_prefix="/m", enable_openapi=False)


class Acting(Body):
    kind: Annotated[str, StringConstraints(pattern="^enterprise$")]
    id: Annotated[str, StringConstraints(max_length=40)]


class ConfirmIn(Body):
    reference_code: Annotated[str, Field(pattern="^[0-9]{2}$")] | None = None
    acting: Acting
    pin: Annotated[str, StringConstraints(max_length=64)]


class DeclineIn(Body):
    not_started_by_me: bool = False


@bp.get("/scan")
def scanner() -> str:
    """扫一扫: a photo of the code, its link, or the letters beside it."""
    return render_template("phone/scan.html", with_letters=runtime().settings.user_code_for)


@bp.post("/scan")
def read_code() -> Response:
    """Judge a code from a photo (multipart `photo`) or typed (JSON `text` or `user_code`)."""
    resolved = resolve(scanned_code(), holder=browser_id())
    response = jsonify(next=screen_of(resolved))
    return keep_scan(response, resolved.session_id, resolved.ticket)


@bp.get("/qr/<session_id>")
def confirm_page(session_id: str) -> str:
    """The screen; what is asked comes with the scan. The page's own browser has a way back."""
    task_id = _page_here(session_id)
    back = f"/sign/{task_id}" if task_id else None
    return render_template("phone/confirm.html", session_id=session_id, back=back)


@bp.post("/qr/<session_id>/scan")
def scan(session_id: str) -> dict[str, Any]:
    """Take the session for this phone; the first phone wins. Repeatable by the same one."""
    person = current_person()
    phone = Phone(person.account.id, person.account.masked_name)
    ticket = request.cookies.get(SCAN_COOKIE, "")
    session = runtime().phone_desk.scan(session_id, ticket, holder=browser_id(), phone=phone)
    return sign_request(session, person, same_device=_page_here(session_id) is not None)


@bp.get("/qr/<session_id>/preview/<int:page>.png")
def preview(session_id: str, page: int) -> Response:
    """A page of the very file, drawn by us."""
    desk, person = runtime().phone_desk, current_person()
    session = desk.as_phone(session_id, person.account.id)
    with runtime().db.read() as uow:
        task = queries.by_id(uow, session.subject)
        digest = uow.session.get_one(Document, task.document_id).digest
    return Response(runtime().previews.page(digest, page), mimetype="image/png")


@bp.post("/qr/<session_id>/touch")
def touch(session_id: str) -> dict[str, str]:
    """The person is reading: keep the scan alive."""
    session = runtime().qr_sessions.extend(session_id, current_person().account.id)
    return {"expires_at": session.deadline.isoformat()}


@bp.post("/qr/<session_id>/confirm")
@bp.input(ConfirmIn, arg_name="body")
def confirm(session_id: str, body: ConfirmIn) -> dict[str, str]:
    """Reference code (or the page's own browser), company and PIN: the page gets the seals."""
    shown = body.reference_code or PageBrowser(browser_id(), request.cookies.get(HERE_COOKIE, ""))
    person, answer = current_person(), PhoneAnswer(shown, body.acting.id, body.pin)
    require_may_act_for(person, body.acting.id)
    session = runtime().phone_desk.confirm(session_id, person.account.id, answer)
    said = words_on_phone(Code.CONFIRMED, session.purpose).message
    return {"message": said[1 if is_english() else 0]}


@bp.post("/qr/<session_id>/decline")
@bp.input(DeclineIn, arg_name="body")
def decline(session_id: str, body: DeclineIn) -> dict[str, str]:
    """Refuse, as easily as agree."""
    runtime().phone_desk.decline(
        session_id, current_person().account.id, not_started_by_me=body.not_started_by_me
    )
    return {"message": say("已拒绝")}


def _page_here(session_id: str) -> str | None:
    """The task whose page this very browser shows, as its cookie proves."""
    proof, qr = request.cookies.get(HERE_COOKIE, ""), runtime().qr_sessions
    return qr.page_of_this_browser(session_id, proof, holder=browser_id())
