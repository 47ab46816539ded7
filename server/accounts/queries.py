"""Finding people and their sessions."""

from sqlalchemy import select

from server.accounts.models import Account, AccountSession
from server.core.db import UnitOfWork
from server.core.ids import fingerprint


def session_by_token(uow: UnitOfWork, token: str) -> tuple[AccountSession, Account] | None:
    """The open session that this token stands for, with its account."""
    row = uow.session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_digest == fingerprint(token))
    ).first()
    if row is None or not row[0].is_open(uow.now):
        return None
    return row[0], row[1]


def account(uow: UnitOfWork, account_id: str) -> Account:
    """The account; the caller names one that exists."""
    return uow.session.get_one(Account, account_id)
