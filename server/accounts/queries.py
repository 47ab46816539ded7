"""Finding people and their sessions."""

from collections.abc import Sequence

from sqlalchemy import select

from server.accounts.models import Account, AccountSession, LoginMeans
from server.core.db import UnitOfWork
from server.core.ids import fingerprint


def session_by_token(
    uow: UnitOfWork, token: str, means: LoginMeans
) -> tuple[AccountSession, Account] | None:
    """The open session of this kind that the token stands for, with its account.

    A computer's session is none on a phone's page, wherever its token was put, and the reverse.
    """
    row = uow.session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_digest == fingerprint(token), AccountSession.means == means)
    ).first()
    if row is None or not row[0].is_open(uow.now):
        return None
    return row[0], row[1]


def open_sessions(uow: UnitOfWork, account_id: str) -> Sequence[AccountSession]:
    """Where this person is logged in now, the newest first."""
    return uow.session.scalars(
        select(AccountSession)
        .where(
            AccountSession.account_id == account_id,
            AccountSession.ended_at.is_(None),
            AccountSession.expires_at > uow.now,
        )
        .order_by(AccountSession.created_at.desc(), AccountSession.id.desc())
    ).all()


def account(uow: UnitOfWork, account_id: str) -> Account:
    """The account; the caller names one that exists."""
    return uow.session.get_one(Account, account_id)
