"""A person comes in: by a code, by a password; and finds back in when the password is gone.

Each way counts the try in its own transaction first, compares with no transaction open, and opens
the session in one. Which part was wrong is never said (S-24). Faces are in `faces.py`.
"""

from datetime import timedelta

from server.accounts import codes, consents, passwords, sessions
from server.accounts.codes import CodeProof
from server.accounts.errors import (
    PasswordLocked,
    RegistrationNeeded,
    WrongCode,
    WrongPassword,
)
from server.accounts.models import Account, Means
from server.accounts.names import LoginName
from server.accounts.sessions import Device
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.limits import Locked, LockPolicy, forgive, take_attempt

PASSWORD_TRIES = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))


def by_code(
    uow: UnitOfWork, name: LoginName, proof: CodeProof, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Spend the code and open a session; the account and its token (shown once).

    Raises AgreementsNotTicked, WrongCode, CodeExpired; RegistrationNeeded for a phone that nobody
    has registered, and then the code stays good for `registration.register`.
    """
    consents.require_ticked(agreed)
    account = name.of(uow)
    if account is None:
        # Only who holds the phone knows its code, and may learn that it is new here.
        codes.find(uow, proof).require_fresh(uow.now)
        raise WrongCode() if name.is_document else RegistrationNeeded()
    codes.spend(uow, proof)
    return _let_in(uow, account, device, Means.SMS)


def check_password(db: Database, name: LoginName, password: str) -> str:
    """The id of the account whose password this is.

    Raises PasswordLocked, WrongPassword. Takes as long for a name that nobody has.
    """
    key = f"password:{name.index}"
    try:
        left = take_attempt(db, key, PASSWORD_TRIES)
    except Locked as locked:
        raise PasswordLocked(**locked.details) from None
    with db.read() as uow:
        account = name.of(uow)
    right = passwords.matches(password, account.password_digest if account else "")
    if account is None or not right:
        raise WrongPassword(tries_left=left)
    forgive(db, key)
    return account.id


def by_password(
    uow: UnitOfWork, account_id: str, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Open a session for the account that `check_password` named. AgreementsNotTicked."""
    consents.require_ticked(agreed)
    return _let_in(uow, uow.session.get_one(Account, account_id), device, Means.PASSWORD)


def set_password(uow: UnitOfWork, account: Account, digest: str, *, keep: str = "") -> None:
    """Exchange the password; every session but `keep` ends, as somebody else may hold one."""
    account.password_digest = digest
    ended = sessions.end_all(uow, account.id, but=keep)
    audit.record(
        uow, "account.password_set", actor=account.id, subject=account.id, sessions_ended=ended
    )


def reset_by_code(uow: UnitOfWork, name: LoginName, proof: CodeProof, digest: str) -> None:
    """Forgotten password, by the code of the bound phone (B2.1). WrongCode, CodeExpired."""
    account = name.of(uow)
    codes.spend(uow, proof)
    if account is None:
        raise WrongCode()
    set_password(uow, account, digest)


def _let_in(uow: UnitOfWork, account: Account, device: Device, means: Means) -> tuple[Account, str]:
    consents.give(uow, account.id)
    return account, sessions.open_session(uow, account, device, means)
