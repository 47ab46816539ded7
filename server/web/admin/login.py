"""Coming in at the review desk: name and password, a password of one's own, leaving."""

from typing import Annotated

from apiflask import APIBlueprint
from flask import jsonify, redirect, render_template, request
from pydantic import Field, SecretStr, StringConstraints
from werkzeug import Response

from server.reviewers import service
from server.runtime import runtime
from server.web.bodies import Body
from server.web.pages.phone import own_path
from server.web.reviewer import at_desk, forget, let_in

bp = APIBlueprint("admin_login", __name__, url_prefix="/admin", enable_openapi=False)

HOME = "/admin/applications"
Password = Annotated[SecretStr, Field(max_length=200)]


class LoginIn(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64, to_lower=True)]
    password: Password


class PasswordIn(Body):
    password: Password


@bp.get("/login")
def login_page() -> str:
    """The form; it asks for no agreement, as reviewers are the operator's own people."""
    return render_template("admin/login.html")


@bp.post("/login")
@bp.input(LoginIn, arg_name="body")
def log_in(body: LoginIn) -> Response:
    """Open a session. ReviewerLocked, WrongReviewerPassword."""
    db, password = runtime().db, body.password.get_secret_value()
    given = service.check_password(db, body.login, password)
    with db.begin() as uow:
        token = service.log_in(uow, given)
    then = own_path(request.args.get("next"), within="/admin/", home=HOME)
    return let_in(jsonify(next=then), token)


@bp.post("/logout")
def log_out() -> Response:
    """End this login."""
    with runtime().db.begin() as uow:
        service.log_out(uow, at_desk().session.id)
    return forget(jsonify(next="/admin/login"))


@bp.get("/password")
def password_page() -> Response | str:
    """A password of one's own in the place of the one-time one; afterwards there is none to set."""
    reviewer = at_desk().reviewer
    if not reviewer.needs_own_password:
        return redirect(HOME, 303)
    return render_template("admin/password.html", reviewer=reviewer)


@bp.post("/password")
@bp.input(PasswordIn, arg_name="body")
def set_password(body: PasswordIn) -> Response:
    """Keep it; his other logins end. WeakPassword, SamePassword."""
    here = at_desk()
    digest = service.prepare_password(here.reviewer, body.password.get_secret_value())
    with runtime().db.begin() as uow:
        service.set_password(uow, here.session, digest)
    return jsonify(next=HOME)
