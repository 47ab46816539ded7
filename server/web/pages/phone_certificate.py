"""我的 → 数字证书: download it, change its PIN, find back in without one (A3-A4, F-14, P-40)."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts.faces import FacePurpose
from server.accounts.fresh_proofs import DOWNLOAD_CERTIFICATE, RESET_PIN, FaceShown
from server.certificates.queries import Held, held_by
from server.runtime import runtime
from server.web import face_checks
from server.web.certificates import STATE_WORDS, CertifyIn, ChangeIn, state_of
from server.web.identity import current_person
from server.web.pages import proofs
from server.web.pages.phone import own_path
from server.web.pages.phone_gate import FaceIn
from server.web.pages.phone_me import shown_person
from server.web.words import say

PATH = "/m/me/certificate"
NEW_PIN = f"{PATH}/forgot/new"

bp = APIBlueprint("phone_certificate", __name__, url_prefix=PATH, enable_openapi=False)


@bp.get("")
def page() -> str:
    """The certificate, or the form by which it is downloaded."""
    return _page("phone/me_certificate.html")


@bp.post("")
@bp.input(CertifyIn, arg_name="body")
def download(body: CertifyIn) -> Response:
    """Download it under a PIN of one's own; the same request again is answered the same.

    Raises PinsDiffer, BadPin, PinTooPlain, RealNameNeeded, PhoneNotBound, WrongCode, CodeExpired,
    CertificateHeld, CaUnavailable.
    """
    parts, session, new = runtime(), current_person().session, body.typed()
    proof = parts.code_desk.prove(proofs.asked(DOWNLOAD_CERTIFICATE), body.code)
    parts.certificate_desk.download(session, proof, new)
    proofs.forgive(proof)
    then = own_path(request.args.get("next"))
    return jsonify(next=f"{PATH}?done=downloaded" if then == "/m/" else then)


@bp.get("/pin")
def pin_page() -> Response | str:
    """修改签名口令."""
    return _page("phone/me_certificate_pin.html") if _held() else redirect(PATH, 303)


@bp.post("/pin")
@bp.input(ChangeIn, arg_name="body")
def change_pin(body: ChangeIn) -> Response:
    """Another PIN by the old one, which is counted like any other.

    Raises PinsDiffer, BadPin, PinTooPlain, PinUnchanged, WrongPin, PinLocked, NoCertificate.
    """
    old = body.old_pin.get_secret_value()
    runtime().certificate_desk.change(current_person().session, old, body.typed())
    return jsonify(next=f"{PATH}?done=changed")


@bp.get("/forgot")
def forgot_page() -> Response | str:
    """忘记签名口令: what it takes and what follows, then the face."""
    return _page("phone/me_certificate_forgot.html") if _held() else redirect(PATH, 303)


@bp.post("/forgot/face")
@bp.input(FaceIn, arg_name="body")
def begin_face(body: FaceIn) -> Response:
    """Begin the face check; `next` is the face service's page.

    Raises ConsentNeeded, RealNameNeeded, FaceLocked, FaceNotSupported, FaceUnavailable.
    """
    return face_checks.begin(FacePurpose.RESET_PIN, consent=body.consent, then=NEW_PIN)


@bp.get("/forgot/new")
def new_pin_page() -> Response | str:
    """The form after the face; without a check of this browser one begins anew."""
    check = face_checks.begun()
    if check is None or check.purpose != FacePurpose.RESET_PIN:
        return redirect(f"{PATH}/forgot", 303)
    return _page("phone/me_certificate_new_pin.html")


@bp.post("/forgot/new")
@bp.input(CertifyIn, arg_name="body")
def reset(body: CertifyIn) -> Response:
    """Another certificate under a new PIN, by the face that was shown and a code.

    Raises FaceCheckUnknown, FaceNotPassed, NoCertificate, and what `download` raises.
    """
    parts, session, new = runtime(), current_person().session, body.typed()
    face = FaceShown(face_checks.shown(FacePurpose.RESET_PIN).check_id)
    proof = parts.code_desk.prove(proofs.asked(RESET_PIN), body.code)
    parts.certificate_desk.reset(session, proof, face, new)
    proofs.forgive(proof)
    return jsonify(next=f"{PATH}?done=reset")


def _held() -> Held | None:
    with runtime().db.read() as uow:
        return held_by(uow, current_person().account.id)


def _page(template: str) -> str:
    person = current_person()
    with runtime().db.read() as uow:
        held = held_by(uow, person.account.id)
        state = state_of(held, uow.now)
    shown: dict[str, Any] = {"held": held, "state": state, "state_word": say(STATE_WORDS[state])}
    return render_template(template, person=shown_person(person), **shown)
