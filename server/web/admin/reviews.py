"""The review desk: what waits, one application beside the registry's word, and the decision."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import jsonify, render_template, request
from pydantic import Field, StringConstraints
from werkzeug import Response

from server.applications import materials, queries, service
from server.applications.models import Application, Way
from server.applications.service import Decision
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web.admin.sheet import WAYS, sheet_of
from server.web.bodies import Body
from server.web.reviewer import at_desk
from server.web.times import local
from server.web.words import say

HOME = "/admin/applications"
bp = APIBlueprint("admin_reviews", __name__, url_prefix=HOME, enable_openapi=False)

Reason = Annotated[str, StringConstraints(max_length=500)]
Part = Annotated[str, StringConstraints(pattern="^[a-z_]{1,32}$")]


class DecisionIn(Body):
    """`content` is the digest of what was shown: nobody decides on what he has not seen."""

    content: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ReasonIn(DecisionIn):
    reason: Reason = ""


class CorrectionIn(ReasonIn):
    """`parts`: what has to be mended, each with its own sentence."""

    parts: dict[Part, Reason] = Field(default_factory=dict, max_length=16)


@bp.get("")
def waiting() -> str:
    """审核列表: what waits for a decision, also from before nobody reviewed by hand any more."""
    by_hand = runtime().settings.review == "manual"
    with runtime().db.read() as uow:
        page = queries.in_review(uow, cursor=request.args.get("cursor"))
    rows = [_row(one) for one in page.items]
    told = {"by_hand": by_hand, "rows": rows, "cursor": page.next_cursor}
    return render_template("admin/applications.html", reviewer=at_desk().reviewer, **told)


@bp.get("/<application_id>")
def application(application_id: str) -> str:
    """One application that was submitted. ApplicationNotFound."""
    with runtime().db.read() as uow:
        row = queries.for_review(uow, application_id)
    told = {**_row(row), "sheet": sheet_of(row), "reviewer": at_desk().reviewer}
    return render_template("admin/application.html", **told)


@bp.get("/<application_id>/materials/<slot>")
def material(application_id: str, slot: str) -> Response:
    """A picture, opened for this answer alone. ApplicationNotFound, MaterialNotFound."""
    with runtime().db.read() as uow:
        row = queries.for_review(uow, application_id)
        found = materials.of_holder(uow, row.id, slot)
    return Response(runtime().material_desk.read(found), mimetype="image/jpeg")


@bp.post("/<application_id>/approve")
@bp.input(DecisionIn, arg_name="body")
def approve(application_id: str, body: DecisionIn) -> Response:
    """通过. Raises what `service.approve` raises, also when the registry says otherwise by now."""
    terms = runtime().application_terms
    with runtime().db.begin() as uow:
        service.approve(uow, terms, _decision(uow, application_id, body))
    return jsonify(next=f"{HOME}?done=approved")


@bp.post("/<application_id>/correction")
@bp.input(CorrectionIn, arg_name="body")
def ask_correction(application_id: str, body: CorrectionIn) -> Response:
    """补正材料: a reason, and one for each part. ReasonNeeded, ApplicationMovedOn."""
    said: dict[str, Any] = {"reason": body.reason, "parts": body.parts}
    with runtime().db.begin() as uow:
        service.ask_correction(uow, _decision(uow, application_id, body), **said)
    return jsonify(next=f"{HOME}?done=correction")


@bp.post("/<application_id>/reject")
@bp.input(ReasonIn, arg_name="body")
def reject(application_id: str, body: ReasonIn) -> Response:
    """驳回, for good, with a reason. ReasonNeeded, ApplicationMovedOn."""
    with runtime().db.begin() as uow:
        service.reject(uow, _decision(uow, application_id, body), reason=body.reason)
    return jsonify(next=f"{HOME}?done=rejected")


def _decision(uow: UnitOfWork, application_id: str, body: DecisionIn) -> Decision:
    """What is decided, and by whom, as the record has it. ApplicationNotFound."""
    row = queries.for_review(uow, application_id)
    return Decision(row.id, at_desk().reviewer.id, body.content)


def _row(row: Application) -> dict[str, Any]:
    submitted = local(row.submitted_at) if row.submitted_at else None
    return {"row": row, "way": say(WAYS[Way(row.way)]), "at": submitted}
