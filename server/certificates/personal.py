"""What certificates know of a person: for his own eyes, and when he closes his account."""

from sqlalchemy import Select, delete, select

from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, rows
from server.certificates.held_copies import queue_for
from server.certificates.models import (
    Certificate,
    HeldCopy,
    KeyCopy,
    KeyRequest,
    MethodCopy,
    OwnerKind,
    PersonalKey,
    Rekeying,
    WantedCopy,
)
from server.certificates.requests import close_request
from server.core.db import UnitOfWork


def nothing_open(_uow: UnitOfWork, _account_id: str) -> list[Obstacle]:
    """A certificate holds nobody back: its key goes with the account."""
    return []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """Destroy his key and his copies of other keys; the record of the certificate stays.

    What he has asked for and not received yet is wiped too.
    """
    queue_for(uow, account_id)
    for request_id in uow.session.scalars(_open_requests(account_id)).all():
        close_request(uow, request_id)
    for kind in (KeyCopy, HeldCopy, WantedCopy, MethodCopy):
        uow.session.execute(delete(kind).where(kind.account_id == account_id))
    uow.session.execute(delete(PersonalKey).where(PersonalKey.account_id == account_id))
    return uow.session.scalars(_his(account_id).limit(1)).first() is not None


def records(uow: UnitOfWork, account_id: str) -> Records:
    """His certificates, without their keys."""
    columns = ("serial", "algorithm", "not_before", "not_after", "status")
    return {"certificates": rows(uow, _his(account_id), columns)}


def _open_requests(account_id: str) -> Select[str]:
    """A replacement of keys gives up by itself, and has what was issued for it withdrawn."""
    his = (KeyRequest.owner_kind == OwnerKind.ACCOUNT, KeyRequest.owner_id == account_id)
    open_ones = select(KeyRequest.id).where(*his, KeyRequest.closed_at.is_(None))
    return open_ones.where(KeyRequest.id.not_in(select(Rekeying.id)))


def _his(account_id: str) -> Select[Certificate]:
    of_person = Certificate.owner_kind == OwnerKind.ACCOUNT
    return select(Certificate).where(of_person, Certificate.owner_id == account_id)


TIE = Tie(nothing_open, let_go)
