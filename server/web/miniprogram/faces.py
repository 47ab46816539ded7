"""Faces in the mini-program: a check is begun, shown to the service, and its outcome asked for.

Inside WeChat `wx.requestFacialVerify` takes `verify_id`; elsewhere the face is shown at `url`. What
the phone says of the outcome counts for nothing: we ask the service ourselves.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import StringConstraints

from server.accounts import consents, identities, login, passwords
from server.accounts.faces import FaceAsk, FacePurpose
from server.accounts.models import DeviceKind, FaceCheck, Identity
from server.accounts.names import read_login_name
from server.core.ids import fingerprint, new_secret
from server.enterprises import gate
from server.providers.face import Outcome
from server.runtime import runtime
from server.web import identity_tickets
from server.web.admission import require_agreements, require_personal
from server.web.bodies import Body
from server.web.face_checks import asked_by
from server.web.identity import Person, asking_device, current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.miniprogram.auth import Named, Password
from server.web.miniprogram.bound_wechat import openid_of
from server.web.miniprogram.logins import AccountOut, entered

bp = APIBlueprint("mp_faces", __name__, url_prefix="/mp/v1", tag="Faces")

# Where the service's page leads in a client that has one: the client sees it and goes on.
BACK = "/m/face"
Secret = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Ticket = Annotated[str, StringConstraints(max_length=400)]


class FaceIn(Body):
    """`consent`: the separate tick for the face (PIPL 29), in this very request."""

    purpose: Literal[
        "real_name",
        "enter_company",
        "change_phone",
        "close_account",
        "personal_data",
        "reset_pin",
    ]
    consent: bool = False


class FaceOut(Answer):
    """`face_id` names the check; `expires_in` seconds for showing the face."""

    face_id: str
    verify_id: str
    url: str
    expires_in: int


class OutcomeOut(Answer):
    """`pending`: not shown yet, ask again. `failed` is final: begin another."""

    outcome: Outcome


class LoginFaceIn(Named):
    """For somebody who is not logged in. `wx_ticket`, of `wx_login`, is needed inside WeChat."""

    purpose: Literal["login", "reset_password"]
    consent: bool = False
    agreed: bool = False
    wx_ticket: Ticket = ""


class LoginFaceOut(FaceOut):
    """`face_token` proves that the asking client is the one that began the check."""

    face_token: str


class HeldIn(Body):
    face_token: Secret
    wx_ticket: Ticket = ""


class LoginOutcomeOut(OutcomeOut):
    """With the session's token once a check for `login` has passed."""

    session_token: str | None = None
    expires_in: int | None = None
    account: AccountOut | None = None


class NewPasswordIn(Body):
    face_token: Secret
    password: Password


@bp.post("/face/sessions")
@bp.input(FaceIn, arg_name="body")
@bp.output(FaceOut)
def begin(body: FaceIn) -> FaceOut:
    """Begin a check of the person who is logged in; a repeat begins another, and the one before
    it is worth nothing. RealNameNeeded, ConsentNeeded, FaceLocked, FaceUnavailable."""
    person, purpose = current_person(), FacePurpose(body.purpose)
    require_agreements()
    if purpose != FacePurpose.ENTER_COMPANY:
        require_personal(person)
    openid = openid_of(person)
    ask = asked_by(person, purpose, consent=body.consent, back_url=BACK)
    return FaceOut(**_begun(replace(ask, wechat_openid=openid)))


@bp.post("/face/sessions/<face_id>/result")
@bp.output(OutcomeOut)
def result(face_id: str) -> OutcomeOut:
    """Ask the service. A check that has passed proves the name, or opens the company, at once."""
    person = current_person()
    outcome = runtime().face_desk.settle(face_id, person.session.id, openid_of(person))
    if outcome == Outcome.PASSED:
        _enter(face_id, person)
    return OutcomeOut(outcome=outcome)


@bp.post("/auth/face")
@bp.input(LoginFaceIn, arg_name="body")
@bp.output(LoginFaceOut)
def begin_login(body: LoginFaceIn) -> LoginFaceOut:
    """Begin a check for a name that was typed; the answer is the same where nobody has it."""
    if body.purpose == "login":
        consents.require_ticked(body.agreed)
    held = new_secret()
    return LoginFaceOut(**_begun(_asked(body, held)), face_token=held)


@bp.post("/auth/face/<face_id>/result")
@bp.input(HeldIn, arg_name="body")
@bp.output(LoginOutcomeOut)
def login_result(face_id: str, body: HeldIn) -> LoginOutcomeOut:
    """Ask the service; a check for `login` that has passed logs in, once."""
    openid = _openid_of_ticket(body.wx_ticket)
    outcome = runtime().face_desk.settle(face_id, body.face_token, openid)
    if outcome != Outcome.PASSED or _purpose_of(face_id) != FacePurpose.LOGIN:
        return LoginOutcomeOut(outcome=outcome)
    this, device = repeats.coming_in("face", face_id), asking_device(DeviceKind.MINI_PROGRAM)
    with runtime().db.begin() as uow:
        entry = repeats.enter(
            uow, this, lambda: login.by_face(uow, face_id, body.face_token, device=device)
        )
    told = entered(*entry).model_dump(include={"session_token", "expires_in", "account"})
    return LoginOutcomeOut(outcome=outcome, **told)


@bp.post("/auth/face/<face_id>/password")
@bp.input(NewPasswordIn, arg_name="body")
@bp.output(Answer)
def set_password(face_id: str, body: NewPasswordIn) -> Answer:
    """A new password by a check for `reset_password` that has passed (B2.1). FaceNotPassed."""
    new = body.password.get_secret_value()
    passwords.check_strength(new)
    digest, held = passwords.digest(new), body.face_token
    this = repeats.once("face_password", face_id, fingerprint(held))
    with runtime().db.begin() as uow:
        repeats.do(uow, this, lambda: login.reset_by_face(uow, face_id, held, digest))
    return Answer()


def _asked(body: LoginFaceIn, held: str) -> FaceAsk:
    """For nobody where nobody has proved the name, so that both are answered alike (S-24)."""
    name = read_login_name(runtime().providers.keys, body.id_no, body.id_type)
    with runtime().db.read() as uow:
        account = name.of(uow)
    proven = account.id if account is not None and account.proven else None
    ask = FaceAsk(proven, FacePurpose(body.purpose), held, body.consent, BACK)
    ask = replace(ask, name_index=name.index, document_type=body.id_type)
    return replace(ask, wechat_openid=_openid_of_ticket(body.wx_ticket))


def _begun(ask: FaceAsk) -> dict[str, Any]:
    check, started = runtime().face_desk.start(ask)
    return {
        "face_id": check.id,
        "verify_id": started.verify_id,
        "url": started.url,
        "expires_in": started.life_s,
    }


def _enter(face_id: str, person: Person) -> None:
    """Open the company for this login, unless a face has done so before."""
    if person.session.face_at is None and _purpose_of(face_id) == FacePurpose.ENTER_COMPANY:
        with runtime().db.begin() as uow:
            gate.enter(uow, face_id, person.session.id)


def _purpose_of(face_id: str) -> str:
    """Of a check that `settle` has found to be the caller's."""
    with runtime().db.read() as uow:
        return uow.session.get_one(FaceCheck, face_id).purpose


def _openid_of_ticket(ticket: str) -> str:
    if not ticket:
        return ""
    identity_id = identity_tickets.identity_of(ticket)
    with runtime().db.read() as uow:
        found = uow.session.get_one(Identity, identity_id)
    return identities.open_subject(runtime().providers.keys, found)
