"""The ways in by face: logging in, and a new password where the old one is forgotten (F-05, F-06).

For names that were typed: what is answered never tells whether anybody has them, or has proved
them (S-24). Coming back from the face service is `phone_faces`.
"""

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from werkzeug import Response

from server.accounts import consents, login, passwords
from server.accounts.errors import FaceNeedsDocument
from server.accounts.faces import FacePurpose
from server.runtime import runtime
from server.web import face_checks
from server.web.bodies import Body
from server.web.face_checks import Typed
from server.web.pages.phone import own_path
from server.web.pages.phone_password import NameIn, Password

bp = APIBlueprint("phone_face_ways", __name__, url_prefix="/m", enable_openapi=False)

NEW_PASSWORD = "/m/forgot/new"  # noqa: S105 - a page, not a password


class FaceNameIn(NameIn):
    consent: bool = False


class FaceLoginIn(FaceNameIn):
    agreed: bool = False


class NewPasswordIn(Body):
    password: Password


@bp.post("/login/face")
@bp.input(FaceLoginIn, arg_name="body")
def log_in(body: FaceLoginIn) -> Response:
    """Begin a check; `next` is the face service's page, which leads back to `/m/face`.

    Raises AgreementsNotTicked, BadPhone, BadIdNumber, ConsentNeeded, FaceLocked, FaceUnavailable.
    """
    consents.require_ticked(body.agreed)
    typed, then = Typed(body.read(), body.document_type), own_path(request.args.get("next"))
    return face_checks.begin_for(typed, FacePurpose.LOGIN, consent=body.consent, then=then)


@bp.post("/forgot/face")
@bp.input(FaceNameIn, arg_name="body")
def begin_reset(body: FaceNameIn) -> Response:
    """Begin a check for a new password; only for a document's number (B2.1).

    Raises FaceNeedsDocument, and what a check to log in raises.
    """
    typed, purpose = Typed(body.read(), body.document_type), FacePurpose.RESET_PASSWORD
    if not typed.name.is_document:
        raise FaceNeedsDocument()
    return face_checks.begin_for(typed, purpose, consent=body.consent, then=NEW_PASSWORD)


@bp.get("/forgot/new")
def new_password_page() -> Response | str:
    """The form after the face; without a check of this browser one begins anew."""
    check = face_checks.begun()
    if check is None or check.purpose != FacePurpose.RESET_PASSWORD:
        return redirect("/m/forgot", 303)
    return render_template("phone/forgot_new.html")


@bp.post("/forgot/new")
@bp.input(NewPasswordIn, arg_name="body")
def reset(body: NewPasswordIn) -> Response:
    """Use the check up and set the new password; every session of the account ends.

    Raises WeakPassword, FaceCheckUnknown, FaceNotPassed.
    """
    password = body.password.get_secret_value()
    check = face_checks.shown(FacePurpose.RESET_PASSWORD)
    passwords.check_strength(password)
    digest = passwords.digest(password)
    with runtime().db.begin() as uow:
        login.reset_by_face(uow, check.check_id, check.holder, digest)
    return face_checks.forget(jsonify(next="/m/login/password"))
