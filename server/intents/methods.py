"""用章核验方式 (F-23, Settled 6): one per owner, chosen with the first application, kept here.

核验密码 (F-24) is one of three secrets (Settled 5): it opens no key, and is never the password of a
login. Choose it with `prepare_choice` outside any transaction, as Argon2 takes its time, and keep
the choice with `set_method` in the transaction of the act that it belongs to.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy import delete, select

from server.accounts import passwords
from server.accounts.models import Account
from server.certificates import method_copies
from server.certificates.models import OwnerKind
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import new_id
from server.core.limits import Locked, LockPolicy, forgive, forgive_within, take_attempt
from server.enterprises.models import EnterpriseLogin
from server.intents.errors import (
    UsePasswordIsLogin,
    UsePasswordLocked,
    UsePasswordsDiffer,
    UsePasswordTooShort,
    WrongUsePassword,
)
from server.intents.models import OwnerMethod, VerificationMethod
from server.intents.telling import tell_method

SHORTEST, LONGEST = 6, 64
TRIES: Final = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))
# Who may choose without end could find the login password out, which only five tries are for.
CHOICES: Final = LockPolicy(tries=10, locks=(timedelta(hours=1), timedelta(hours=24)))


@dataclass(frozen=True)
class LoginPasswords:
    """The passwords that a person's logins have: his own, and those of his companies' logins."""

    db: Database
    account_id: str

    def refuse(self, password: str) -> None:
        """Raise UsePasswordIsLogin for one of them, and UsePasswordLocked after ten choices."""
        _count(self.db, choices_key(self.account_id), CHOICES)
        with self.db.read() as uow:
            account = uow.session.get_one(Account, self.account_id)
            mine = EnterpriseLogin.account_id == self.account_id
            kept = uow.session.scalars(select(EnterpriseLogin.password_digest).where(mine)).all()
        for digest in filter(None, (account.password_digest, *kept)):
            if passwords.matches(password, digest):
                raise UsePasswordIsLogin()


@dataclass(frozen=True)
class MethodChoice:
    """A method that was chosen, and the digest of its password where it has one."""

    method: VerificationMethod
    password_digest: str = field(default="", repr=False)


def prepare_choice(
    method: VerificationMethod, password: str, password_again: str, *, unlike: LoginPasswords
) -> MethodChoice:
    """Judge what was chosen; the passwords are ignored for the other methods.

    Raises UsePasswordsDiffer, UsePasswordTooShort, UsePasswordIsLogin, UsePasswordLocked.
    """
    if method != VerificationMethod.PASSWORD:
        return MethodChoice(method)
    if not _same(password, password_again):
        raise UsePasswordsDiffer()
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsePasswordTooShort()
    unlike.refuse(password)
    return MethodChoice(method, passwords.digest(password))


def set_method(
    uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str, choice: MethodChoice, *, by: str = ""
) -> None:
    """Verify the owner's uses so from now on; `by` is the account that has chosen it, where that
    is not the owner. A use password that was locked is open again, as it is another one.
    """
    uow.queue_up(f"method {owner_id}")
    row = _row(uow, owner_kind, owner_id)
    if row is None:
        row = OwnerMethod(id=new_id("vm"), owner_kind=owner_kind, owner_id=owner_id)
        uow.session.add(row)
    row.method, row.password_digest = choice.method, choice.password_digest
    row.changed_at = uow.now
    if choice.method == VerificationMethod.PIN:
        method_copies.withdraw_of_owner(uow, owner_kind, owner_id)
    forgive_within(uow, tries_key(owner_id))
    forgive_within(uow, choices_key(by or owner_id))  # a choice that was proved was no guess
    told = {"method": choice.method.value}
    audit.record(uow, "method.set", actor=by or owner_id, subject=owner_id, **told)
    tell_method(uow, owner_kind, owner_id, choice.method)


def method_of(uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str) -> VerificationMethod:
    """By what this owner's uses are verified; the signing PIN until somebody has chosen."""
    row = _row(uow, owner_kind, owner_id)
    return VerificationMethod(row.method) if row else VerificationMethod.PIN


def check_use_password(db: Database, owner_kind: OwnerKind, owner_id: str, password: str) -> None:
    """Count the try, then hold the password against the owner's, outside any transaction.

    Raises UsePasswordLocked, WrongUsePassword, also where the owner has none.
    """
    key = tries_key(owner_id)
    left = _count(db, key, TRIES)
    with db.read() as uow:
        row = _row(uow, owner_kind, owner_id)
    if not passwords.matches(password, row.password_digest if row else ""):
        raise WrongUsePassword(tries_left=left)
    forgive(db, key)


def choices_key(account_id: str) -> str:
    """Under which use passwords that this person has chosen are counted."""
    return f"use_password_choice:{account_id}"


def tries_key(owner_id: str) -> str:
    """Under which wrong use passwords of this owner are counted."""
    return f"use_password:{owner_id}"


def forget(uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str) -> None:
    """The owner is gone, and nothing of his is to be verified any more."""
    same = (OwnerMethod.owner_kind == owner_kind, OwnerMethod.owner_id == owner_id)
    uow.session.execute(delete(OwnerMethod).where(*same))


def _same(one: str, other: str) -> bool:
    # JSON can bring half a surrogate pair, which UTF-8 alone cannot hold.
    octets = (text.encode("utf-8", "surrogatepass") for text in (one, other))
    return compare_digest(*octets)


def _row(uow: UnitOfWork, owner_kind: OwnerKind, owner_id: str) -> OwnerMethod | None:
    same = (OwnerMethod.owner_kind == owner_kind, OwnerMethod.owner_id == owner_id)
    return uow.session.scalars(select(OwnerMethod).where(*same)).first()


def _count(db: Database, key: str, policy: LockPolicy) -> int:
    try:
        return take_attempt(db, key, policy)
    except Locked as locked:
        raise UsePasswordLocked(**locked.details) from None
