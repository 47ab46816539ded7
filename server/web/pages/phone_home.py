"""The phone's home page, its seals and its register of uses."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response, jsonify, render_template, request
from pydantic import StringConstraints

from server.accounts import sessions
from server.core.db import UnitOfWork
from server.grants import queries as uses_of
from server.grants.models import SealUse, UseState
from server.grants.rights import Right, company_of, users_of
from server.runtime import runtime
from server.seals import queries as seals
from server.seals.models import STATE_WORDS, Seal
from server.web.admission import require_personal
from server.web.bodies import Body
from server.web.identity import Person, current_person
from server.web.pages import notices
from server.web.pages.phone_me import level_word
from server.web.pages.roles import acting_right, only_company, rights_within, role_choices
from server.web.times import local
from server.web.visible_seals import visible_seal
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


@bp.get("/seals/<seal_id>")
def seal(seal_id: str) -> str:
    """Detail of a seal that the person may see (F-26)."""
    with runtime().db.read() as uow:
        found, right = visible_seal(uow, current_person(), seal_id)
        details = _details(uow, found, right)
    return render_template("phone/seal.html", seal=details)


@bp.get("/seals/<seal_id>/picture.png")
def seal_picture(seal_id: str) -> Response:
    """The watermarked picture (P-49)."""
    with runtime().db.read() as uow:
        found, _ = visible_seal(uow, current_person(), seal_id)
        return Response(seals.impression_of(uow, found.id).preview, mimetype="image/png")


def _home(uow: UnitOfWork, person: Person) -> dict[str, Any]:
    rights = rights_within(uow, person)
    current = acting_right(rights, person)
    return {
        "person": {"name": person.account.masked_name, "level": level_word(person)},
        "roles": role_choices(rights, person, current),
        "may_apply": current is not None and current.grant is None,
        "notices": notices.counts(uow, person, rights),
        "seals": [_card(uow, seal, current) for seal in current.seals] if current else [],
        "uses": _uses(uow, person, LATEST),
    }


def _card(uow: UnitOfWork, found: Seal, right: Right) -> dict[str, Any]:
    state = found.state(uow.now)
    return {
        "id": found.id,
        "name": found.name,
        "kind": found.kind,
        "owner": right.enterprise.name,
        "number": found.number,
        "state": state.value,
        "state_word": say(STATE_WORDS[state]),
        "valid_until": local(found.valid_until),
        "picture": f"/m/seals/{found.id}/picture.png",
    }


def _details(uow: UnitOfWork, found: Seal, right: Right) -> dict[str, Any]:
    users = users_of(uow, right.enterprise, found)
    return {
        **_card(uow, found, right),
        "valid_from": local(found.valid_from),
        "certificate_serial": seals.certificate_serial(uow, found),
        "size": f"{found.width_mm:g} × {found.height_mm:g} mm",
        "users": [{"name": name, "right": say(word)} for name, word in users],
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
