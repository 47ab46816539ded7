"""我的 → 用章核验方式: what it is, another one, and a forgotten 核验密码 (F-23, F-24, P-40)."""

from typing import Any

from apiflask import APIBlueprint
from flask import jsonify, render_template
from werkzeug import Response

from server.intents.methods import method_of
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.web.identity import current_person
from server.web.seal_owner import owner_of
from server.web.use_methods import MethodIn, PasswordIn, change, reset_password

bp = APIBlueprint("phone_method", __name__, url_prefix="/m/me/method", enable_openapi=False)

DONE = "/m/me/method?done=1"


@bp.get("")
def page() -> str:
    """The present method of the owner acted for, and the choice of another."""
    return render_template("phone/me_method.html", **_shown())


@bp.post("")
@bp.input(MethodIn, arg_name="body")
def save(body: MethodIn) -> Response:
    """Keep another method, behind intent `change_method`.

    Raises UsePasswordsDiffer, UsePasswordTooShort, UsePasswordIsLogin, UsePasswordLocked, NoRight,
    and what `spend_intent` raises.
    """
    choice = body.choice(body.method)
    with runtime().db.begin() as uow:
        change(uow, body, choice)
    return jsonify(next=DONE)


@bp.get("/forgotten")
def forgotten_page() -> str:
    """忘记核验密码: a new one, by text message or face."""
    return render_template("phone/me_method_forgotten.html", **_shown())


@bp.post("/forgotten")
@bp.input(PasswordIn, arg_name="body")
def set_password(body: PasswordIn) -> Response:
    """Keep a new use password, behind intent `reset_use_password`. Raises what `save` raises."""
    choice = body.choice(VerificationMethod.PASSWORD)
    with runtime().db.begin() as uow:
        reset_password(uow, body, choice)
    return jsonify(next=DONE)


def _shown() -> dict[str, Any]:
    with runtime().db.read() as uow:
        owner = owner_of(uow, current_person())
        method = method_of(uow, owner.kind, owner.id)
    return {"owner": owner, "method": method.value}
