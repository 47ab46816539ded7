"""A person comes in: by a code, by a password; and finds back in when the password is gone.

Each way counts the try in its own transaction first, compares with no transaction open, and opens
the session in one. Which part was wrong is never said (S-24). Faces are in `faces.py`.
"""

from collections.abc import Callable
from datetime import timedelta

from server.accounts import codes, consents, faces, notices, passwords, sessions
from server.accounts.codes import CodeProof, Purpose
from server.accounts.errors import (
    FaceNotPassed,
    LoginNeeded,
    PasswordLocked,
    RegistrationNeeded,
    WrongCode,
    WrongPassword,
)
from server.accounts.faces import FacePurpose
from server.accounts.models import Account, Means
from server.accounts.names import LoginName
from server.accounts.news import News
from server.accounts.notices import About
from server.accounts.sessions import Device
from server.core import audit, jobs
from server.core.db import Database, UnitOfWork
from server.core.limits import Locked, LockPolicy, forgive, forgive_within, take_attempt

PASSWORD_TRIES = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))


def by_code(
    uow: UnitOfWork, name: LoginName, proof: CodeProof, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Spend the code and open a session; the account and its token (shown once).

    Raises AgreementsNotTicked, WrongCode, CodeExpired; RegistrationNeeded for a phone that nobody
    has registered, and then the code stays good for `registration.register`.
    """
    consents.require_ticked(agreed)
    if (proof.purpose, proof.to.index) != (Purpose.ENTER, name.index):
        raise WrongCode()
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
    return _tried(db, _tries_key(name.index), password, name.of).id


def check_own_password(db: Database, account_id: str, password: str) -> str:
    """The same of somebody who is logged in; the digest that the password was held against.

    The tries are counted apart: who holds a session must not lock the owner's ways in. Raises
    what `check_password` does, and LoginNeeded for an account that was closed meanwhile.
    """

    def own(uow: UnitOfWork) -> Account:
        account = uow.session.get_one(Account, account_id)
        if account.closed_at is not None:
            raise LoginNeeded()
        return account

    return _tried(db, _tries_key(account_id), password, own).password_digest


def by_password(
    uow: UnitOfWork, account_id: str, *, agreed: bool, device: Device
) -> tuple[Account, str]:
    """Open a session for the account that `check_password` named. AgreementsNotTicked."""
    consents.require_ticked(agreed)
    return _let_in(uow, uow.session.get_one(Account, account_id), device, Means.PASSWORD)


def set_password(uow: UnitOfWork, account: Account, digest: str, *, keep: str = "") -> None:
    """Exchange the password; every session but `keep` ends, as somebody else may hold one.

    A lock that wrong passwords have set is opened: the old one was what they guessed at.
    """
    account.password_digest = digest
    forget_tries(uow, account)
    ended = sessions.end_all(uow, account.id, but=keep)
    audit.record(
        uow, "account.password_set", actor=account.id, subject=account.id, sessions_ended=ended
    )
    told: About = {"subject": account.id, "words": {}, "text": "password_set"}
    notices.tell(uow, account.id, News.PASSWORD_SET, **told)


def forget_tries(uow: UnitOfWork, account: Account) -> None:
    """Start the count of wrong passwords anew, under every name of this account."""
    for name in (account.phone_index, account.id_number_index, account.id):
        if name is not None:
            forgive_within(uow, _tries_key(name))


def reset_by_code(uow: UnitOfWork, name: LoginName, proof: CodeProof, digest: str) -> None:
    """Forgotten password, by the code of the bound phone (B2.1). WrongCode, CodeExpired."""
    account = name.of(uow)
    if (proof.purpose, proof.to.index) != (Purpose.RESET_PASSWORD, name.index):
        raise WrongCode()
    codes.spend(uow, proof)
    if account is None:
        raise WrongCode()
    set_password(uow, account, digest)


def _tries_key(name: str) -> str:
    return f"password:{name}"


def _tried(
    db: Database, key: str, password: str, find: Callable[[UnitOfWork], Account | None]
) -> Account:
    """One counted try at the password of the account that `find` finds, if any."""
    try:
        left = take_attempt(db, key, PASSWORD_TRIES)
    except Locked as locked:
        raise PasswordLocked(**locked.details) from None
    with db.read() as uow:
        account = find(uow)
    right = passwords.matches(password, account.password_digest if account else "")
    if account is None or not right:
        if not left:
            _note_lock(db, account)
        raise WrongPassword(tries_left=left)
    forgive(db, key)
    return account


def _note_lock(db: Database, account: Account | None) -> None:
    """Written for a name that nobody has, too, so that the clock tells nothing (S-24)."""
    with db.begin() as uow:
        subject = account.id if account else "nobody"
        audit.record(uow, "account.password_locked", actor="somebody", subject=subject)
        # By a job for every name alike, as a row that only some have could be told by the clock.
        jobs.enqueue(uow, notices.TELL, account_id=subject, news=News.PASSWORD_LOCKED)


def by_face(uow: UnitOfWork, check_id: str, holder: str, *, device: Device) -> tuple[Account, str]:
    """Spend a passed check and open a session. The agreements were accepted where it began.

    Raises FaceNotPassed.
    """
    account_id = faces.spend(uow, check_id, FacePurpose.LOGIN, holder)
    return _let_in(uow, _open_account(uow, account_id), device, Means.FACE)


def reset_by_face(uow: UnitOfWork, check_id: str, holder: str, digest: str) -> None:
    """Forgotten password, by the face of who has proved his document (B2.1). FaceNotPassed."""
    account_id = faces.spend(uow, check_id, FacePurpose.RESET_PASSWORD, holder)
    set_password(uow, _open_account(uow, account_id), digest)


def _open_account(uow: UnitOfWork, account_id: str) -> Account:
    account = uow.locked(Account, account_id)
    if account.closed_at is not None or not account.proven:
        raise FaceNotPassed()
    return account


def _let_in(uow: UnitOfWork, account: Account, device: Device, means: Means) -> tuple[Account, str]:
    consents.give(uow, account.id)
    return account, sessions.open_session(uow, account, device, means)
