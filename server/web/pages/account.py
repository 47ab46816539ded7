"""The person's own page on a computer: who is logged in, where else, and leaving."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.accounts import sessions
from server.accounts.security_log import entries as entries_of
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.web.identity import DESKTOP_COOKIE, Person, current_person
from server.web.pages.logins import shown_logins
from server.web.pages.phone_log import shown_entry
from server.web.pages.roles import acting_right, only_company, rights_within
from server.web.words import say

bp = APIBlueprint("account", __name__, url_prefix="/account", enable_openapi=False)

LATEST = 10


@bp.get("")
def show() -> str:
    """Name, acting role, and every device on which this person is logged in."""
    person = current_person()
    with runtime().db.read() as uow:
        right = acting_right(rights_within(uow, person), person)
        logins = shown_logins(uow, person)
        entries = _log(uow, person)
    role = {"name": right.enterprise.name, "right": say(right.name)} if right else None
    context = {"role": role, "logins": logins, "entries": entries}
    return render_template("desktop/account.html", account=person.account, **context)


def _log(uow: UnitOfWork, person: Person) -> list[dict[str, Any]]:
    """What happened to the account lately; a company's login sees nothing of its person's."""
    if only_company(person):
        return []
    return [shown_entry(one) for one in entries_of(uow, person.account.id, limit=LATEST).items]


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
