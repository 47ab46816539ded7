"""A person's own seals are chosen: a lettering for the square one, a hand for the other (F-25)."""

from apiflask import APIBlueprint
from flask import jsonify
from werkzeug import Response

from server.web import application_acts as acts
from server.web.application_bodies import PersonalSealsIn
from server.web.pages.apply_shapes import next_of

bp = APIBlueprint("apply_personal", __name__, url_prefix="/m/apply", enable_openapi=False)


@bp.post("/personal")
@bp.input(PersonalSealsIn, arg_name="body")
def begin(body: PersonalSealsIn) -> Response:
    """Begin an application for oneself, or change the choice of the one begun before."""
    row = acts.begin_personal(body)
    return jsonify(application=row.id, next=next_of(row, ""))
