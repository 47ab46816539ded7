"""The page behind the link in a text message: a person certifies an application (B4.1, B5.1).

Nobody is logged in here: the agent may have no account. The link, the browser that opened it
first, and a face decide.
"""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from pydantic import Field, RootModel
from werkzeug import Response

from server.accounts.errors import FaceNotPassed
from server.accounts.models import mask_name
from server.applications import certification_steps as steps
from server.applications import certification_view
from server.applications.certification import Visit
from server.applications.certification_view import LinkView
from server.applications.form import ROLE_NAMES
from server.applications.models import PartyRole
from server.providers.face import Outcome
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import browser_id
from server.web.language import is_english
from server.web.pages.phone_gate import FaceIn
from server.web.seal_samples import kind_name
from server.web.times import local

bp = APIBlueprint("certify", __name__, url_prefix="/m/certify", enable_openapi=False)

ENGLISH_ROLES = {
    PartyRole.REPRESENTATIVE: "Legal representative",
    PartyRole.AGENT: "Agent",
    PartyRole.PERSON: "Applicant",
}


class HandIn(Body):
    """What the pad sends; `read_strokes` judges it."""

    width: float
    height: float
    strokes: Annotated[list[Any], Field(max_length=60)]


class TypedIn(Body):
    """The full name of who cannot write by hand."""

    typed: Annotated[str, Field(max_length=64)]


class SignIn(RootModel[HandIn | TypedIn]):
    """A name by hand, or in letters."""


@bp.get("/<token>")
def page(token: str) -> str:
    """The step that comes next. Raises what `certification_view.view` does."""
    with runtime().db.read() as uow:
        found = certification_view.view(uow, _visit(token))
    return render_template("phone/certify.html", **_shown(found))


@bp.post("/<token>/open")
def open_link(token: str) -> Response:
    """前往签署: from now on this browser holds the link."""
    visit = _visit(token)
    with runtime().db.begin() as uow:
        steps.open_link(uow, visit)
    return jsonify(step="read")


@bp.get("/<token>/form/<int:page>.png")
def form_page(token: str, page: int) -> Response:
    """A page of the form as a picture, for the browser that holds the link."""
    picture = runtime().certification_desk.page(_visit(token), page)
    return Response(picture, mimetype="image/png")


@bp.post("/<token>/read")
def read(token: str) -> Response:
    """下一步 under the preview."""
    with runtime().db.begin() as uow:
        steps.note_read(uow, _visit(token))
    return jsonify(step="face")


@bp.post("/<token>/face")
@bp.input(FaceIn, arg_name="body")
def begin_face(token: str, body: FaceIn) -> Response:
    """Begin the face check of the person whom the form names; `next` is the service's page.

    Raises ConsentNeeded, FaceLocked, FaceNotSupported, FaceUnavailable, CertificationStep.
    """
    started = runtime().certification_desk.begin_face(_visit(token), consent=body.consent)
    return jsonify(next=started.url, life_s=started.life_s)


@bp.post("/<token>/face/settle")
def settle_face(token: str) -> Response:
    """`outcome` is `pending` or `passed`. FaceNotPassed, FaceCheckUnknown, FaceUnavailable."""
    outcome = runtime().certification_desk.settle_face(_visit(token))
    if outcome == Outcome.FAILED:
        raise FaceNotPassed()
    return jsonify(outcome=outcome)


@bp.post("/<token>/identify")
def identify(token: str) -> Response:
    """完成身份认证. Raises FaceNotPassed, CertificationStep."""
    with runtime().db.begin() as uow:
        steps.identify(uow, _visit(token))
    return jsonify(step="sign")


@bp.post("/<token>/sign")
@bp.input(SignIn, arg_name="body")
def sign(token: str, body: SignIn) -> Response:
    """确认: the name in 签名区. BadStrokes, CertificationNameDiffers, CertificationFaceOld."""
    runtime().certification_desk.sign(_visit(token), body.root.model_dump())
    return jsonify(step="done")


def role_word(role: PartyRole) -> str:
    """As what somebody certifies. The agent is not the 经办人 whom a grant lets use a seal."""
    return ENGLISH_ROLES[role] if is_english() else ROLE_NAMES[role]


def _visit(token: str) -> Visit:
    return Visit(token, browser_id())


def _shown(found: LinkView) -> dict[str, Any]:
    application, row = found.application, found.row
    owner = application.unit_name if application.is_of_company else mask_name(row.name)
    return {
        "stage": found.stage,
        "owner": owner,
        "by_company": application.is_of_company,
        "name": mask_name(row.name),
        "role": role_word(PartyRole(row.role)),
        "turn": row.turn,
        "turns": found.turns,
        "kinds": [kind_name(kind) for kind in application.kinds],
        "pages": found.pages,
        "ends": local(row.link_expires_at) if row.link_expires_at else None,
        "next_role": role_word(found.next_role) if found.next_role else "",
    }
