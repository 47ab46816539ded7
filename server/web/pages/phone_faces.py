"""Coming back from the face service: the check is settled, and what it was for goes on."""

import re

from apiflask import APIBlueprint
from flask import jsonify, render_template, request
from werkzeug import Response

from server.accounts import login
from server.accounts.errors import FaceNotPassed
from server.accounts.faces import FacePurpose
from server.accounts.models import DeviceKind
from server.enterprises import gate
from server.providers.face import Outcome
from server.runtime import runtime
from server.web import face_checks
from server.web.face_checks import Check
from server.web.identity import PHONE_COOKIE, asking_device, person_on_phone, set_cookie
from server.web.pages.phone import own_path

bp = APIBlueprint("phone_faces", __name__, url_prefix="/m/face", enable_openapi=False)

# What an intent adds to the page that it leads back to: a face that failed has proved nothing.
UNPROVED = re.compile(r"[?&]intent=[^&]*&action=[^&]*$")

# Where somebody begins anew whose check came to nothing; elsewhere it is where he was going.
AGAIN = {
    FacePurpose.ENTER_COMPANY: "/m/gate",
    FacePurpose.LOGIN: "/m/login",
    FacePurpose.RESET_PASSWORD: "/m/forgot",
    FacePurpose.RESET_PIN: "/m/me/certificate/forgot",
}


@bp.get("")
def back() -> str:
    """The person is back; the page asks for the outcome by itself."""
    then, check = own_path(request.args.get("next")), face_checks.begun()
    again = AGAIN.get(check.purpose, then) if check else then
    if check and check.purpose == FacePurpose.INTENT:
        again = UNPROVED.sub("", then)
    return render_template("phone/face.html", next=then, again=again)


@bp.post("/settle")
def settle() -> Response:
    """`outcome` is `pending` or `passed`, and then `next` is where to go on.

    Raises FaceNotPassed, FaceCheckUnknown, FaceUnavailable, LoginNeeded.
    """
    check, then = face_checks.current(), own_path(request.args.get("next"))
    outcome = face_checks.settle(check)
    if outcome == Outcome.PENDING:
        return jsonify(outcome=outcome)
    if outcome == Outcome.FAILED:
        raise FaceNotPassed()
    answer = jsonify(outcome=outcome, next=then)
    _open_way(check, answer)
    return answer


def _open_way(check: Check, answer: Response) -> None:
    """What is done as soon as the face has passed; the rest is used up by the form at `next`."""
    if check.purpose == FacePurpose.ENTER_COMPANY:
        _enter(check)
    elif check.purpose == FacePurpose.LOGIN:
        _log_in(check, answer)
    elif check.purpose == FacePurpose.INTENT:
        _prove_intent(check)


def _enter(check: Check) -> None:
    with runtime().db.begin() as uow:
        gate.enter(uow, check.check_id, check.holder)


def _prove_intent(check: Check) -> None:
    if person := person_on_phone():
        runtime().intent_desk.prove_shown(person.session, check.check_id)


def _log_in(check: Check, answer: Response) -> None:
    device = asking_device(DeviceKind.PHONE)
    with runtime().db.begin() as uow:
        _, token = login.by_face(uow, check.check_id, check.holder, device=device)
    set_cookie(answer, PHONE_COOKIE, token, max_age=int(device.life.total_seconds()))
    face_checks.forget(answer)
