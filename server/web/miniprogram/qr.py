"""Codes that the mini-program scans: what they ask for, and the person's answer.

The same order as on the phone pages: resolve, scan, confirm or decline (qr-session.md). The ticket
of a resolved code is bound to this very login.
"""

from typing import Annotated, Self
from urllib.parse import unquote

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field, SecretStr, StringConstraints, model_validator

from qr_session import Code, Lives, Phone, Purpose, words_on_phone
from server.documents.models import Document
from server.runtime import runtime
from server.signing import queries
from server.signing.confirming import PhoneAnswer
from server.web.admission import require_may_act_for
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.language import is_english
from server.web.login_scans import scan_login
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import PICTURE, Answer, Moment
from server.web.miniprogram.requests import AskedOut, asked_of
from server.web.scanned_codes import ScannedCode, resolve

bp = APIBlueprint("mp_qr", __name__, url_prefix="/mp/v1/qr", tag="QR codes")

Text = Annotated[str, StringConstraints(max_length=2000)]
Reference = Annotated[str, Field(pattern="^[0-9]{2}$")]


class ResolveIn(Body):
    """One of `text` (what `wx.scanCode` read), `scene` or `q` (what the mini-program was opened
    with, still encoded) and `user_code` (the letters beside the code)."""

    text: Text | None = None
    scene: Annotated[str, StringConstraints(max_length=128)] | None = None
    q: Text | None = None
    user_code: Annotated[str, StringConstraints(max_length=40)] | None = None
    launch_scene: Annotated[int, Field(ge=0, le=100_000)] | None = None
    scancode_time: Annotated[int, Field(ge=0, le=1 << 33)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(one is not None for one in (self.text, self.scene, self.q, self.user_code)) != 1:
            raise ValueError("one of text, scene, q and user_code")
        return self

    @property
    def code(self) -> ScannedCode:
        """As every other client brings it."""
        opened_with = self.scene or self.q
        return ScannedCode(
            text=unquote(opened_with) if opened_with is not None else self.text,
            user_code=self.user_code,
            launch_scene=self.launch_scene,
            scancode_time=self.scancode_time,
        )


class ResolvedOut(Answer):
    """`ticket` is for `scan`, by this login, within `expires_in` seconds."""

    session_id: str
    purpose: Purpose
    ticket: str
    expires_in: int


class ScanIn(Body):
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=400)]


class SignConfirmIn(Body):
    """The number that the page shows, the company to act for, and the signing PIN."""

    reference_code: Reference
    enterprise_id: Annotated[str, StringConstraints(max_length=40)]
    pin: Annotated[SecretStr, Field(max_length=64)]


class LoginConfirmIn(Body):
    reference_code: Reference


class DeclineIn(Body):
    """`not_started_by_me`: 不是我发起的, which is kept for whoever looks into it."""

    not_started_by_me: bool = False


class SaidOut(Answer):
    message: str
    next_step: str


class TouchedOut(Answer):
    expires_at: Moment


@bp.post("/resolve")
@bp.input(ResolveIn, arg_name="body")
@bp.output(ResolvedOut)
def resolve_code(body: ResolveIn) -> ResolvedOut:
    """Judge a code at the moment that we first see it; changes nothing."""
    found = resolve(body.code, holder=_holder())
    return ResolvedOut(
        session_id=found.session_id,
        purpose=found.purpose,
        ticket=found.ticket,
        expires_in=int(Lives().resolve_ticket.total_seconds()),
    )


@bp.post("/<session_id>/scan")
@bp.input(ScanIn, arg_name="body")
@bp.output(AskedOut)
def scan(session_id: str, body: ScanIn) -> AskedOut:
    """Take the session for this phone, and learn what is asked; the first phone wins."""
    person = current_person()
    phone = Phone(person.account.id, person.account.masked_name)
    if runtime().qr_sessions.peek(session_id).purpose is Purpose.LOGIN:
        return asked_of(scan_login(session_id, body.ticket, holder=_holder()), person)
    desk = runtime().phone_desk
    return asked_of(desk.scan(session_id, body.ticket, holder=_holder(), phone=phone), person)


@bp.get("/<session_id>/preview/<int:page>")
@bp.doc(responses=PICTURE)
def preview(session_id: str, page: int) -> Response:
    """A page of the very file, drawn by us."""
    session = runtime().phone_desk.as_phone(session_id, current_person().account.id)
    with runtime().db.read() as uow:
        task = queries.by_id(uow, session.subject)
        digest = uow.session.get_one(Document, task.document_id).digest
    return Response(runtime().previews.page(digest, page), mimetype="image/png")


@bp.post("/<session_id>/touch")
@bp.output(TouchedOut)
def touch(session_id: str) -> TouchedOut:
    """The person is reading: keep the scan alive."""
    session = runtime().qr_sessions.extend(session_id, current_person().account.id)
    return TouchedOut(expires_at=session.deadline)


@bp.post("/<session_id>/sign/confirm")
@bp.input(SignConfirmIn, arg_name="body")
@bp.output(SaidOut)
def confirm_sign(session_id: str, body: SignConfirmIn) -> SaidOut:
    """Reference code, company and PIN: the page gets the seals. Raises WrongPin, PinLocked."""
    person, chosen = current_person(), body.enterprise_id
    require_may_act_for(person, chosen)
    this = repeats.once("sign", f"{session_id} {person.account.id}", body.reference_code, chosen)
    if not repeats.is_done(this):
        answer = PhoneAnswer(body.reference_code, chosen, body.pin.get_secret_value())
        runtime().phone_desk.confirm(session_id, person.account.id, answer)
        repeats.note(this)
    return _said(Purpose.SIGN, Code.CONFIRMED)


@bp.post("/<session_id>/login/confirm")
@bp.input(LoginConfirmIn, arg_name="body")
@bp.output(SaidOut)
def confirm_login(session_id: str, body: LoginConfirmIn) -> SaidOut:
    """The number that the computer shows: it is let in once the person there agrees."""
    account_id = current_person().account.id
    this = repeats.once("login", f"{session_id} {account_id}", body.reference_code)
    if not repeats.is_done(this):
        runtime().login_desk.confirm(session_id, account_id, body.reference_code)
        repeats.note(this)
    return _said(Purpose.LOGIN, Code.CONFIRMED)


@bp.post("/<session_id>/decline")
@bp.input(DeclineIn, arg_name="body")
@bp.output(SaidOut)
def decline(session_id: str, body: DeclineIn) -> SaidOut:
    """Refuse, as easily as agree."""
    account_id, mine = current_person().account.id, body.not_started_by_me
    purpose = runtime().qr_sessions.peek(session_id).purpose
    desk = runtime().login_desk if purpose is Purpose.LOGIN else runtime().phone_desk
    this = repeats.once("decline", f"{session_id} {account_id}", mine)
    if not repeats.is_done(this):
        desk.decline(session_id, account_id, not_started_by_me=mine)
        repeats.note(this)
    return _said(purpose, Code.NOT_STARTED_BY_ME if mine else Code.USER_DECLINED)


def _holder() -> str:
    return f"login {current_person().session.id}"


def _said(purpose: Purpose, code: Code) -> SaidOut:
    said, place = words_on_phone(code, purpose), 1 if is_english() else 0
    return SaidOut(message=said.message[place], next_step=said.next_step[place])
