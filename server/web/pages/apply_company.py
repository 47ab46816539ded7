"""A company's seals are chosen: the full way begins with its kinds (F-21), A5 is one tap."""

from apiflask import APIBlueprint
from flask import jsonify
from werkzeug import Response

from server.web import application_acts as acts
from server.web.application_bodies import CompanySealsIn, FastIn
from server.web.pages.apply_shapes import next_of

bp = APIBlueprint("apply_company", __name__, url_prefix="/m/apply", enable_openapi=False)


@bp.post("")
@bp.input(CompanySealsIn, arg_name="body")
def begin(body: CompanySealsIn) -> Response:
    """Begin an application for the chosen kinds, or change the choice of the one begun before."""
    row = acts.begin_company(body)
    return jsonify(next=next_of(row, ""))


@bp.post("/fast")
@bp.input(FastIn, arg_name="body")
def begin_fast(body: FastIn) -> Response:
    """All that the company does not have yet (A5); handed in once the intent is proved."""
    row, intent = acts.begin_fast(body.enterprise_id)
    return jsonify(application=row.id, intent=intent)
