"""The phone's home page with its cards of seals, and the register of uses."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request
from pydantic import StringConstraints

from server.accounts import sessions
from server.core.db import UnitOfWork
from server.grants import queries as uses_of
from server.grants.models import SealUse, UseState
from server.grants.rights import company_of
from server.runtime import runtime
from server.web.admission import require_personal
from server.web.bodies import Body
from server.web.identity import Person, current_person
from server.web.pages import notices
from server.web.pages.phone_me import level_word
from server.web.pages.roles import acting_right, only_company, rights_within, role_choices
from server.web.pages.seal_cards import card
from server.web.times import local
from server.web.visible_seals import own_seals, seals_within
from server.web.words import say

bp = APIBlueprint("phone_home", __name__, url_prefix="/m", enable_openapi=False)

USE_STATES = {UseState.DONE: "sealed", UseState.RESERVED: "sealing", UseState.RELEASED: "failed"}
LATEST = 5


class RoleIn(Body):
    kind: Annotated[str, StringConstraints(pattern="^(account|enterprise)$")]
    id: Annotated[str, StringConstraints(max_length=40)]


@bp.get("/")
def home() -> str:
    """Four entries, the acting role, the role's seals and the latest uses (F-11, F-12)."""
    with runtime().db.read() as uow:
        context = _home(uow, current_person())
    return render_template("phone/home.html", **context)


@bp.post("/role")
@bp.input(RoleIn, arg_name="body")
def switch_role(body: RoleIn) -> Response:
    """Act for oneself or for a company (F-12). Raises NoRight, NotForCompanyLogin."""
    person = current_person()
    require_personal(person)
    with runtime().db.begin() as uow:
        enterprise_id = None
        if body.kind == "enterprise":
            enterprise_id = company_of(uow, person.account.id, body.id).id
        sessions.switch_role(uow, person.session.id, enterprise_id=enterprise_id)
    return jsonify(next="/m/")


@bp.get("/uses")
def uses() -> str:
    """印章使用记录, newest first (P-35)."""
    with runtime().db.read() as uow:
        context = {"uses": _uses(uow, current_person(), 100)}
    return render_template("phone/uses.html", **context)


def _home(uow: UnitOfWork, person: Person) -> dict[str, Any]:
    rights = rights_within(uow, person)
    current = acting_right(rights, person)
    shown = seals_within(current) if current else own_seals(uow, person)
    return {
        "person": {"name": person.account.masked_name, "level": level_word(person)},
        "roles": role_choices(rights, person, current),
        "may_apply": current is not None and current.grant is None,
        "notices": notices.counts(uow, person, rights),
        "seals": [card(seen, uow.now) for seen in shown],
        "uses": _uses(uow, person, LATEST),
    }


def _uses(uow: UnitOfWork, person: Person, limit: int) -> list[dict[str, Any]]:
    cursor = request.args.get("cursor")
    page = uses_of.uses_seen_by(
        uow, person.account.id, only=only_company(person), cursor=cursor, limit=limit
    )
    return [_use(row, words) for row, words in uses_of.with_names(uow, page.items)]


def _use(row: SealUse, words: dict[str, str]) -> dict[str, Any]:
    return {
        "at": local(row.settled_at or row.reserved_at),
        "document": row.document_name,
        "seals": [f"{seal['name']} × {seal['count']}" for seal in row.seals],
        "state": USE_STATES[UseState(row.state)],
        **words,
        "right": say(words["right"]),
    }
