"""认证记录: applications that are not finished, and whose turn it is to certify (F-18, B6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts.models import Account
from server.applications import certification, queries
from server.applications.certification_errors import (
    CertificationNotFound,
    CertificationNotYours,
)
from server.applications.certification_models import Certification
from server.applications.lifecycle import ApplicationState
from server.applications.models import Application
from server.applications.queries import Viewer
from server.core.db import UnitOfWork

S = ApplicationState
WITHDRAWABLE = (S.CORRECTION, S.IN_REVIEW, S.CERTIFYING)


@dataclass(frozen=True)
class Record:
    """An application with the certification that waits; `is_mine`: it is the viewer's own turn.

    `is_seen`: he is the applicant, and not only the agent whom the application names.
    """

    application: Application
    waiting: Certification | None
    turns: int
    is_mine: bool
    is_seen: bool

    @property
    def may_withdraw(self) -> bool:
        return self.is_seen and self.application.state in WITHDRAWABLE

    @property
    def may_resend(self) -> bool:
        return self.is_seen and self.waiting is not None


def of(uow: UnitOfWork, viewer: Viewer) -> Sequence[Record]:
    """What he has applied for and what he is to certify for others, newest first; no drafts."""
    seen = {one.id: one for one in queries.unfinished(uow, viewer) if one.state != S.DRAFT}
    others = {} if viewer.only is not None else _named_in(uow, viewer)
    rows = {**others, **seen}
    return [
        _record(uow, rows[one], viewer, is_seen=one in seen) for one in sorted(rows, reverse=True)
    ]


def own_turn(uow: UnitOfWork, certification_id: str, viewer: Viewer) -> Certification:
    """The certification that this person may go on with (立即认证).

    Raises CertificationNotFound, CertificationNotYours for somebody else's turn.
    """
    row = uow.session.get(Certification, certification_id)
    records = of(uow, viewer) if row is not None else []
    found = [one for one in records if row is not None and one.application.id == row.application_id]
    if row is None or not found:
        raise CertificationNotFound()
    if row.number_index != _number(uow, viewer):
        raise CertificationNotYours(turn=row.turn)
    return row


def _record(uow: UnitOfWork, row: Application, viewer: Viewer, *, is_seen: bool) -> Record:
    turns = certification.of(uow, row.id) if row.state == S.CERTIFYING else []
    waiting = next((one for one in turns if not one.is_done), None)
    is_mine = waiting is not None and waiting.number_index == _number(uow, viewer)
    return Record(row, waiting, len(turns), is_mine, is_seen)


def _named_in(uow: UnitOfWork, viewer: Viewer) -> dict[str, Application]:
    """Applications of others that wait for this very person, as their agent."""
    number = _number(uow, viewer)
    if number is None:
        return {}
    rows = uow.session.scalars(
        select(Application)
        .join(Certification, Certification.application_id == Application.id)
        .where(Certification.number_index == number, Application.state == S.CERTIFYING)
    )
    return {row.id: row for row in rows if _waits_for(uow, row, number)}


def _waits_for(uow: UnitOfWork, row: Application, number: str) -> bool:
    turns = certification.of(uow, row.id)
    return next((one.number_index for one in turns if not one.is_done), None) == number


def _number(uow: UnitOfWork, viewer: Viewer) -> str | None:
    """The digest of his number, once a face has proved that it is his."""
    account = uow.session.get_one(Account, viewer.account_id)
    return account.id_number_index if account.proven else None
