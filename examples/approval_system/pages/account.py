"""Log in as a demo person, log out, and the home page."""

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from examples.approval_system.pages import own_path, stores
from examples.approval_system.people import PEOPLE

bp = Blueprint("account", __name__)


@bp.get("/login")
def login_page() -> str:
    return render_template(
        "login.html",
        people=PEOPLE.values(),
        next=own_path(request.args),
        problem=None,
        scanned=session.get("scanned"),
    )


@bp.post("/login")
def log_in() -> Response:
    person = PEOPLE.get(request.form.get("person", ""))
    if person is None:
        abort(422)
    if scanned := session.get("scanned"):
        stores().logins.bind(scanned["subject"], person.id)
    session.clear()
    session["person"] = person.id
    return redirect(own_path(request.form) or url_for("account.home"), 303)


@bp.post("/logout")
def log_out() -> Response:
    session.clear()
    return redirect(url_for("account.login_page"), 303)


@bp.get("/")
def home() -> str:
    owner = g.person.id
    return render_template(
        "home.html",
        files=stores().files.all(owner),
        materials=stores().files.materials(owner),
        filings=stores().filings.all(owner),
    )
