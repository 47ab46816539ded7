"""The person's own page on a computer: who is logged in, where else, and leaving."""

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.accounts import sessions
from server.runtime import runtime
from server.web.identity import DESKTOP_COOKIE, current_person
from server.web.pages.logins import shown_logins
from server.web.pages.roles import acting_right, rights_within
from server.web.words import say

bp = APIBlueprint("account", __name__, url_prefix="/account", enable_openapi=False)


@bp.get("")
def show() -> str:
    """Name, acting role, and every device on which this person is logged in."""
    person = current_person()
    with runtime().db.read() as uow:
        right = acting_right(rights_within(uow, person), person)
        logins = shown_logins(uow, person)
    role = {"name": right.enterprise.name, "right": say(right.name)} if right else None
    return render_template("desktop/account.html", account=person.account, role=role, logins=logins)


@bp.post("/logins/<login_id>/end")
def end_login(login_id: str) -> Response:
    """Log this person out on one device. Raises LoginNotFound for anybody else's."""
    with runtime().db.begin() as uow:
        sessions.end_in_reach(uow, current_person().session, login_id)
    return jsonify(next="/account")


@bp.post("/logout")
def log_out() -> Response:
    """End this computer's session."""
    with runtime().db.begin() as uow:
        sessions.log_out(uow, current_person().session.id)
    response = jsonify(next="/login")
    response.delete_cookie(DESKTOP_COOKIE)
    return response
