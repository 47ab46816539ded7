"""Home, the seals that the person may see, and what was sealed with them (F-11, F-26, P-35)."""

from datetime import datetime
from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select

from server.accounts.models import Level
from server.core.db import UnitOfWork
from server.core.paging import newest_first
from server.grants import queries as uses_of
from server.grants.models import SealUse, UseState
from server.grants.rights import Right
from server.runtime import runtime
from server.seals import queries, renewing
from server.seals.models import STATE_WORDS, ChangeKind, Reason, Seal, SealKind, SealState
from server.web.admission import may_enter, require_may_act_for
from server.web.bodies import Body
from server.web.identity import Person, current_person
from server.web.miniprogram.answers import PICTURE, Answer, Moment
from server.web.miniprogram.logins import AccountOut, account_out
from server.web.miniprogram.roles import RoleOut, role_out
from server.web.pages.roles import acting_right, only_company, rights_within
from server.web.visible_seals import (
    Act,
    SeenSeal,
    own_seals,
    seals_within,
    visible_seal,
    who_may_use,
)
from server.web.words import say

bp = APIBlueprint("mp_seals", __name__, url_prefix="/mp/v1", tag="Seals")

UseWord = Literal["sealed", "sealing"]
Cursor = Annotated[str, StringConstraints(max_length=40)]


class Paged(Body):
    """`cursor`: the `next_cursor` of the page before."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class SealsAsked(Paged):
    """Without `enterprise_id` the seals of every company that the person may act for."""

    enterprise_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    state: SealState | None = None


class SealOut(BaseModel):
    """`state_word` is for showing. `picture`: watermarked, to be fetched with the token."""

    id: str
    name: str
    kind: SealKind
    owner: str
    number: str
    state: SealState
    state_word: str
    valid_until: Moment
    picture: str


class SealsOut(Answer):
    items: list[SealOut]
    next_cursor: str | None


class UserOut(BaseModel):
    name: str
    right: str


class SealDetailOut(Answer):
    """`allowed_actions`: what this person may do with the seal now. `under_way`: what the worker
    is doing to it; ask again in a moment."""

    seal: SealOut
    valid_from: Moment
    certificate_serial: str
    width_mm: float
    height_mm: float
    users: list[UserOut]
    allowed_actions: list[Act]
    suspended_because: Reason | None
    renewable_from: Moment
    under_way: ChangeKind | None


class UsedSealOut(BaseModel):
    name: str
    count: int


class UseOut(BaseModel):
    """One sealed document: when, which, by whom, by which right, through which partner."""

    id: str
    at: Moment
    document: str
    seals: list[UsedSealOut]
    state: UseWord
    partner: str
    signer: str
    right: str


class UsesOut(Answer):
    items: list[UseOut]
    next_cursor: str | None


class TodoOut(BaseModel):
    """What waits for the person: a real name to be given or proved, seals that end soon."""

    real_name: bool
    seals_expiring: int


class HomeOut(Answer):
    account: AccountOut
    enterprises: list[RoleOut]
    acting: RoleOut | None
    seals: list[SealOut]
    todo: TodoOut


@bp.get("/home")
@bp.output(HomeOut)
def home() -> HomeOut:
    """The acting role with its seals, the other roles, and what waits (F-11, F-12)."""
    person = current_person()
    with runtime().db.read() as uow:
        rights = rights_within(uow, person)
        current = acting_right(rights, person)
        shown = _shown(uow, person, current)
        return HomeOut(
            account=account_out(person),
            enterprises=[role_out(right) for right in rights],
            acting=role_out(current) if current else None,
            seals=shown,
            todo=_todo(Level(person.account.level), shown),
        )


@bp.get("/seals")
@bp.input(SealsAsked, location="query", arg_name="asked")
@bp.output(SealsOut)
def list_seals(asked: SealsAsked) -> SealsOut:
    """The seals that the person may see, the newest first. FaceGate before the face was shown."""
    with runtime().db.read() as uow:
        seen = _seen(uow, asked)
        rows = select(Seal).where(Seal.id.in_(seen))
        page = newest_first(uow.session, rows, Seal.id, cursor=asked.cursor, limit=asked.limit)
        items = [seal_out(seen[one.id], uow.now) for one in page.items]
    return SealsOut(items=items, next_cursor=page.next_cursor)


@bp.get("/seals/<seal_id>")
@bp.output(SealDetailOut)
def show_seal(seal_id: str) -> SealDetailOut:
    """A seal with its certificate, and who may use it. Raises SealNotFound."""
    with runtime().db.read() as uow:
        return detail_out(uow, visible_seal(uow, current_person(), seal_id))


@bp.get("/seals/<seal_id>/picture")
@bp.doc(responses=PICTURE)
def seal_picture(seal_id: str) -> Response:
    """The watermarked picture (P-49)."""
    with runtime().db.read() as uow:
        seen = visible_seal(uow, current_person(), seal_id)
        return Response(queries.impression_of(uow, seen.seal.id).preview, mimetype="image/png")


@bp.get("/uses")
@bp.input(Paged, location="query", arg_name="asked")
@bp.output(UsesOut)
def list_uses(asked: Paged) -> UsesOut:
    """印章使用记录, the newest first (P-35)."""
    person, cursor, limit = current_person(), asked.cursor, asked.limit
    with runtime().db.read() as uow:
        only, whose = only_company(person), person.account.id
        page = uses_of.uses_seen_by(uow, whose, only=only, cursor=cursor, limit=limit)
        items = [_use(row, words) for row, words in uses_of.with_names(uow, page.items)]
    return UsesOut(items=items, next_cursor=page.next_cursor)


def _shown(uow: UnitOfWork, person: Person, acting: Right | None) -> list[SealOut]:
    seen = seals_within(acting) if acting else own_seals(uow, person)
    return [seal_out(one, uow.now) for one in seen]


def _seen(uow: UnitOfWork, asked: SealsAsked) -> dict[str, SeenSeal]:
    """By id: each seal that was asked for, by the strongest right that it is seen by."""
    person = current_person()
    if asked.enterprise_id is not None:
        require_may_act_for(person, asked.enterprise_id)
    rights = rights_within(uow, person) if may_enter(person) else []
    wanted = [one for one in rights if asked.enterprise_id in (None, one.enterprise.id)]
    own = own_seals(uow, person) if asked.enterprise_id is None else []
    seen: dict[str, SeenSeal] = {}
    for one in [*(one for right in wanted for one in seals_within(right)), *own]:
        if asked.state in (None, one.seal.state(uow.now)):
            seen.setdefault(one.seal.id, one)
    return seen


def seal_out(seen: SeenSeal, now: datetime) -> SealOut:
    """A card of the home page."""
    found = seen.seal
    state = found.state(now)
    return SealOut(
        id=found.id,
        name=found.name,
        kind=SealKind(found.kind),
        owner=seen.owner,
        number=found.number,
        state=state,
        state_word=say(STATE_WORDS[state]),
        valid_until=found.valid_until,
        picture=f"/mp/v1/seals/{found.id}/picture",
    )


def detail_out(uow: UnitOfWork, seen: SeenSeal) -> SealDetailOut:
    """Everything that the mini-program shows of one seal."""
    found = seen.seal
    return SealDetailOut(
        seal=seal_out(seen, uow.now),
        valid_from=found.valid_from,
        certificate_serial=queries.certificate_serial(uow, found),
        width_mm=found.width_mm,
        height_mm=found.height_mm,
        users=[UserOut(name=name, right=say(word)) for name, word in who_may_use(uow, seen)],
        allowed_actions=seen.allowed(uow.now),
        suspended_because=found.reason,
        renewable_from=found.renewable_from,
        under_way=_under_way(uow, found.id),
    )


def _under_way(uow: UnitOfWork, seal_id: str) -> ChangeKind | None:
    change = renewing.pending(uow, seal_id)
    return ChangeKind(change.kind) if change else None


def _use(row: SealUse, words: dict[str, str]) -> UseOut:
    return UseOut(
        id=row.id,
        at=row.settled_at or row.reserved_at,
        document=row.document_name,
        seals=[UsedSealOut(name=one["name"], count=one["count"]) for one in row.seals],
        state="sealed" if row.state == UseState.DONE else "sealing",
        partner=words["partner"],
        signer=words["signer"],
        right=say(words["right"]),
    )


def _todo(level: Level, shown: list[SealOut]) -> TodoOut:
    ending = [one for one in shown if one.state == SealState.EXPIRING]
    return TodoOut(real_name=level != Level.PROVEN, seals_expiring=len(ending))
