"""The personal certificate in the mini-program: downloaded, its PIN changed or made anew (F-14)."""

from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import StringConstraints

from server.accounts import codes, fresh_proofs
from server.accounts.codes import CodeAsk, CodeProof
from server.accounts.fresh_proofs import DOWNLOAD_CERTIFICATE, RESET_PIN, Act, FaceShown
from server.certificates.queries import Held, held_by
from server.runtime import runtime
from server.web.bodies import Body
from server.web.certificates import ACTS, CertificateState, CertifyIn, ChangeIn, state_of
from server.web.identity import Person, current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer, Moment

bp = APIBlueprint("mp_certificate", __name__, url_prefix="/mp/v1/certificate", tag="Certificate")


class SmsIn(Body):
    """`certificate` to download it, `reset_pin` where the PIN is forgotten."""

    act: Literal["certificate", "reset_pin"]


class SmsOut(Answer):
    """Seconds until the next code may be asked for."""

    retry_after: int


class ResetIn(CertifyIn):
    """`face_id`: a check for `reset_pin` that this login began and that has passed."""

    face_id: Annotated[str, StringConstraints(max_length=40)]


class CertificateOut(Answer):
    """Empty fields while the state is `none`. `pin_locked_for`: seconds, 0 when it is not."""

    state: CertificateState
    subject: str = ""
    serial: str = ""
    not_before: Moment | None = None
    not_after: Moment | None = None
    pin_locked_for: int = 0


@bp.get("")
@bp.output(CertificateOut)
def show() -> CertificateOut:
    """The certificate of the person who is logged in."""
    person = current_person()
    with runtime().db.read() as uow:
        held = held_by(uow, person.account.id)
        state = state_of(held, uow.now)
    return _shown(held, state, person) if held else CertificateOut(state=state)


@bp.post("/sms")
@bp.input(SmsIn, arg_name="body")
@bp.output(SmsOut)
def send_code(body: SmsIn) -> SmsOut:
    """Send a code to the bound phone. PhoneNotBound, CodeTooSoon, TooManyCodes."""
    this = repeats.once("certificate_sms", current_person().session.id, body.act)
    if not repeats.is_done(this):
        runtime().code_desk.send(_asked(ACTS[body.act]))
        repeats.note(this)
    return SmsOut(retry_after=int(codes.RESEND_AFTER.total_seconds()))


@bp.post("")
@bp.input(CertifyIn, arg_name="body")
@bp.output(Answer)
def download(body: CertifyIn) -> Answer:
    """Download it under a PIN of one's own; the same code and PIN again are answered the same.
    RealNameNeeded, PinsDiffer, BadPin, PinTooPlain, CertificateHeld, CaUnavailable."""
    new, proof = body.typed(), _proof(DOWNLOAD_CERTIFICATE, body.code)
    runtime().certificate_desk.download(current_person().session, proof, new)
    runtime().code_desk.forgive(proof)
    return Answer()


@bp.post("/pin")
@bp.input(ChangeIn, arg_name="body")
@bp.output(Answer)
def change_pin(body: ChangeIn) -> Answer:
    """Another PIN by the old one. WrongPin, PinLocked, PinsDiffer, BadPin, PinTooPlain,
    PinUnchanged, NoCertificate."""
    session, old = current_person().session, body.old_pin.get_secret_value()
    this = repeats.once("pin", session.id)
    if not repeats.is_done(this):
        runtime().certificate_desk.change(session, old, body.typed())
        repeats.note(this)
    return Answer()


@bp.post("/reset")
@bp.input(ResetIn, arg_name="body")
@bp.output(Answer)
def reset(body: ResetIn) -> Answer:
    """Another certificate where the PIN is forgotten, by face and code. FaceNotPassed,
    NoCertificate, and what downloading raises."""
    new, face = body.typed(), FaceShown(body.face_id)
    proof = _proof(RESET_PIN, body.code)
    runtime().certificate_desk.reset(current_person().session, proof, face, new)
    runtime().code_desk.forgive(proof)
    return Answer()


def _shown(held: Held, state: CertificateState, person: Person) -> CertificateOut:
    return CertificateOut(
        state=state,
        subject=person.account.masked_name,
        serial=held.certificate.serial,
        not_before=held.certificate.not_before,
        not_after=held.certificate.not_after,
        pin_locked_for=held.locked_for,
    )


def _asked(act: Act) -> CodeAsk:
    desk, session = runtime().code_desk, current_person().session
    return fresh_proofs.ask_code(desk, session, act, request.remote_addr or "")


def _proof(act: Act, code: str) -> CodeProof:
    return runtime().code_desk.prove(_asked(act), code)
