"""扫码登录: off to the platform's page, and back with a code."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from examples.approval_system.client import ApiError
from examples.approval_system.pages import own_path, stores
from examples.approval_system.people import PEOPLE
from examples.approval_system.scan_login import CameBack

bp = Blueprint("scan_login", __name__, url_prefix="/scan-login")


@bp.post("")
def start() -> Response | tuple[str, int]:
    """Begin in this browser, and go to the platform's page."""
    try:
        begun = stores().logins.begin(own_path(request.form))
    except ApiError as error:
        return _refused(error)
    session["scan_login"] = begun.handle
    return redirect(begun.open_url, 303)


@bp.get("/back")
def back() -> Response | tuple[str, int]:
    """The browser is back: who is it? A person who is new here names his account once."""
    brought = CameBack(request.args.get("code", ""), request.args.get("state", ""))
    try:
        scanned, goal = stores().logins.finish(session.pop("scan_login", ""), brought)
    except ApiError as error:
        return _refused(error)
    session.clear()
    person = stores().logins.person_of(scanned.subject)
    if person in PEOPLE:
        session["person"] = person
        return redirect(goal or url_for("account.home"), 303)
    session["scanned"] = {"subject": scanned.subject, "name": scanned.name}
    return redirect(url_for("account.login_page", next=goal), 303)


def _refused(error: ApiError) -> tuple[str, int]:
    page = render_template(
        "login.html", people=PEOPLE.values(), next="", problem=error.problem, scanned=None
    )
    return page, 503 if error.passing else 403
