"""用章核验方式 in the mini-program: what it is, another one, a forgotten 核验密码 (F-23, P-40)."""

from apiflask import APIBlueprint

from server.intents.methods import method_of
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.web.identity import current_person
from server.web.miniprogram import repeats
from server.web.miniprogram.answers import Answer
from server.web.seal_owner import owner_of
from server.web.use_methods import MethodIn, PasswordIn, change, reset_password

bp = APIBlueprint("mp_method", __name__, url_prefix="/mp/v1/method", tag="Intents")


class MethodOut(Answer):
    """Of the owner acted for. `parameters` belong to the proof of intent of a change, which adds
    the `method` chosen; `may_change` is false for who only holds a grant."""

    owner: str
    method: VerificationMethod
    may_change: bool
    parameters: dict[str, str]


@bp.get("")
@bp.output(MethodOut)
def show() -> MethodOut:
    """By what the use of the owner's seals is verified; the signing PIN until one is chosen."""
    with runtime().db.read() as uow:
        owner = owner_of(uow, current_person())
        method = method_of(uow, owner.kind, owner.id)
    return MethodOut(
        owner=owner.name,
        method=method,
        may_change=owner.represented,
        parameters=owner.parameters,
    )


@bp.post("")
@bp.input(MethodIn, arg_name="body")
@bp.output(Answer)
def save(body: MethodIn) -> Answer:
    """Another method, with `intent` of `change_method`. UsePasswordsDiffer, UsePasswordTooShort,
    UsePasswordIsLogin, UsePasswordLocked, NoRight, IntentNeeded, IntentRefused, IntentExpired."""
    choice = body.choice(body.method)
    this = repeats.once("method", current_person().session.id, body.intent, body.method)
    with runtime().db.begin() as uow:
        repeats.do(uow, this, lambda: change(uow, body, choice))
    return Answer()


@bp.post("/password")
@bp.input(PasswordIn, arg_name="body")
@bp.output(Answer)
def set_password(body: PasswordIn) -> Answer:
    """A new use password where the old one is forgotten, with `intent` of `reset_use_password`."""
    choice = body.choice(VerificationMethod.PASSWORD)
    this = repeats.once("use_password", current_person().session.id, body.intent)
    with runtime().db.begin() as uow:
        repeats.do(uow, this, lambda: reset_password(uow, body, choice))
    return Answer()
