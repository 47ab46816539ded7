"""登录设备 on the phone: where somebody is logged in, and an end to it (P-38)."""

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.accounts import sessions
from server.runtime import runtime
from server.web.identity import current_person
from server.web.pages.logins import shown_logins

bp = APIBlueprint("phone_devices", __name__, url_prefix="/m/me/devices", enable_openapi=False)

PATH = "/m/me/devices"


@bp.get("")
def devices() -> str:
    """Every device on which this person is logged in."""
    with runtime().db.read() as uow:
        logins = shown_logins(uow, current_person())
    return render_template("phone/devices.html", logins=logins)


@bp.post("/<login_id>/end")
def end(login_id: str) -> Response:
    """Log this person out on one device. Raises LoginNotFound for anybody else's."""
    with runtime().db.begin() as uow:
        sessions.end_in_reach(uow, current_person().session, login_id)
    return jsonify(next=PATH)


@bp.post("/end-others")
def end_others() -> Response:
    """Log this person out everywhere but here."""
    with runtime().db.begin() as uow:
        ended = sessions.end_others(uow, current_person().session)
    return jsonify(next=PATH, ended=ended)
