"""认证记录 in the mini-program: what is not finished, and whose turn it is (F-18, B6)."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from server.applications import certification_records
from server.applications.certification_records import Record
from server.applications.lifecycle import STATE_WORDS, ApplicationState
from server.applications.models import PartyRole
from server.applications.telling import owner_name
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.runtime import runtime
from server.seals.models import SealKind
from server.web import application_acts as acts
from server.web.miniprogram.answers import Answer, Moment
from server.web.pages.certify import role_word
from server.web.seal_samples import kind_name
from server.web.words import say

bp = APIBlueprint(
    "mp_certifications", __name__, url_prefix="/mp/v1/certifications", tag="Applications"
)


class TurnOut(BaseModel):
    """The certification that waits: the `number`th `of` so many. `id`: for `…/{id}/enter`."""

    id: str
    role: PartyRole
    role_name: str
    number: int
    of: int


class KindOut(BaseModel):
    kind: SealKind
    name: str


class RecordOut(BaseModel):
    """`turn` is null while nobody is to certify. `may_certify`: it is the person's own turn.
    `may_withdraw` and `may_resend`: by `POST /mp/v1/applications/{application_id}/withdraw` and
    `/texts`. An agent of others only certifies."""

    application_id: str
    owner_kind: OwnerKind
    owner: str
    state: ApplicationState
    standing: str
    seals: list[KindOut]
    applied_at: Moment
    turn: TurnOut | None
    may_certify: bool
    may_withdraw: bool
    may_resend: bool


class RecordsOut(Answer):
    items: list[RecordOut]


class EnteredOut(Answer):
    """`url`: the certification's page, for a `web-view`; it goes on there to the signature."""

    url: str


@bp.get("")
@bp.output(RecordsOut)
def list_records() -> RecordsOut:
    """Applications that are not finished, one's own and those that one is to certify for others."""
    with runtime().db.read() as uow:
        rows = certification_records.of(uow, acts.viewer())
        return RecordsOut(items=[_record_out(uow, one) for one in rows])


@bp.post("/<certification_id>/enter")
@bp.output(EnteredOut)
def enter(certification_id: str) -> EnteredOut:
    """立即认证: a new link without a text; the one before is dead. Only in one's own turn."""
    return EnteredOut(url=runtime().certification_desk.base + acts.certify_now(certification_id))


def _record_out(uow: UnitOfWork, record: Record) -> RecordOut:
    row = record.application
    return RecordOut(
        application_id=row.id,
        owner_kind=OwnerKind(row.owner_kind),
        owner=owner_name(uow, row),
        state=ApplicationState(row.state),
        standing=say(STATE_WORDS[ApplicationState(row.state)]),
        seals=[KindOut(kind=kind, name=kind_name(kind)) for kind in row.kinds],
        applied_at=row.submitted_at or row.created_at,
        turn=_turn_out(record),
        may_certify=record.is_mine,
        may_withdraw=record.may_withdraw,
        may_resend=record.may_resend,
    )


def _turn_out(record: Record) -> TurnOut | None:
    waiting = record.waiting
    if waiting is None:
        return None
    role = PartyRole(waiting.role)
    return TurnOut(
        id=waiting.id,
        role=role,
        role_name=role_word(role),
        number=waiting.turn,
        of=record.turns,
    )
