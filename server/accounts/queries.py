"""Finding people and their sessions."""

from sqlalchemy import select

from server.accounts.models import Account, AccountSession, DeviceKind
from server.core.db import UnitOfWork
from server.core.ids import fingerprint


def session_by_token(
    uow: UnitOfWork, token: str, kind: DeviceKind
) -> tuple[AccountSession, Account] | None:
    """The open session of this kind that the token stands for, with its account.

    A computer's session is none on a phone's page, wherever its token was put, and the reverse.
    """
    row = uow.session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_digest == fingerprint(token), AccountSession.kind == kind)
    ).first()
    if row is None or not row[0].is_open(uow.now):
        return None
    return row[0], row[1]


def account(uow: UnitOfWork, account_id: str) -> Account:
    """The account; the caller names one that exists."""
    return uow.session.get_one(Account, account_id)
