"""What changes an account itself asks again who is there: by a code, a face or the password (P-38).

A session alone is not enough: whoever finds an unlocked phone, or takes a cookie, has one. Every
proof is bound to one session and one act.
"""

from dataclasses import dataclass, field
from hmac import compare_digest

from server.accounts import codes, faces, login
from server.accounts.codes import CodeAsk, CodeDesk, CodeProof, Purpose, Recipient
from server.accounts.errors import (
    FaceNotPassed,
    LoginNeeded,
    NotForCompanyLogin,
    PhoneNotBound,
    WrongCode,
    WrongPassword,
)
from server.accounts.faces import FacePurpose
from server.accounts.models import Account, AccountSession, SmsCode
from server.accounts.phones import open_phone
from server.core.db import Database, UnitOfWork


@dataclass(frozen=True)
class Act:
    """What a proof opens the way for, by the purpose of a code and of a face; and nothing else."""

    code: Purpose
    face: FacePurpose | None = None


CHANGE_PHONE = Act(Purpose.CHANGE_PHONE, FacePurpose.CHANGE_PHONE)
REAL_NAME = Act(Purpose.REAL_NAME, FacePurpose.REAL_NAME)
SET_PASSWORD = Act(Purpose.RESET_PASSWORD, FacePurpose.RESET_PASSWORD)
TAKE_DATA = Act(Purpose.PERSONAL_DATA, FacePurpose.PERSONAL_DATA)
DOWNLOAD_CERTIFICATE = Act(Purpose.CERTIFICATE)
RESET_PIN = Act(Purpose.RESET_PIN, FacePurpose.RESET_PIN)
CLOSE_ACCOUNT = Act(Purpose.CLOSE_ACCOUNT, FacePurpose.CLOSE_ACCOUNT)


@dataclass(frozen=True)
class FaceShown:
    """A check of `FaceDesk`, settled, whose holder is the session's id."""

    check_id: str


@dataclass(frozen=True)
class PasswordGiven:
    """The right password; `kept` is the digest that it was held against, which one account has."""

    kept: str = field(repr=False)


FreshProof = CodeProof | FaceShown | PasswordGiven


def ask_code(desk: CodeDesk, session: AccountSession, act: Act, address: str) -> CodeAsk:
    """The code to the bound phone, for `desk.send` and `desk.prove`.

    Raises PhoneNotBound, and LoginNeeded for an account that was closed meanwhile.
    """
    with desk.db.read() as uow:
        account = uow.session.get_one(Account, session.account_id)
    if account.closed_at is not None:
        raise LoginNeeded()
    if account.phone_index is None or account.phone_sealed is None:
        raise PhoneNotBound()
    phone = open_phone(desk.keys, account.id, account.phone_sealed)
    return CodeAsk(Recipient(account.phone_index, phone), act.code, address, session.id)


def give_password(db: Database, session: AccountSession, password: str) -> PasswordGiven:
    """Count the try and hold the password against the account's.

    Raises PasswordLocked, WrongPassword, and LoginNeeded as `ask_code` does.
    """
    return PasswordGiven(login.check_own_password(db, session.account_id, password))


def ways(account: Account) -> list[str]:
    """By what this person can prove himself: of `sms`, `password`, `face`, in this order."""
    at_hand = {
        "sms": account.phone_index is not None,
        "password": bool(account.password_digest),
        "face": account.proven,
    }
    return [way for way, there in at_hand.items() if there]


def spend(uow: UnitOfWork, session: AccountSession, proof: FreshProof, act: Act) -> Account:
    """Use the proof up in the transaction that it opens the way for; the account, locked.

    Raises LoginNeeded, NotForCompanyLogin, and WrongCode, CodeExpired, FaceNotPassed or
    WrongPassword by the kind of the proof.
    """
    account = own_account(uow, session)
    if isinstance(proof, CodeProof):
        spend_code(uow, session, proof, act.code, account.phone_index)
    elif isinstance(proof, FaceShown):
        shown = act.face and faces.spend(uow, proof.check_id, act.face, session.id)
        if shown != account.id:
            raise FaceNotPassed()
    elif not _same(proof.kept, account.password_digest):
        raise WrongPassword()
    return account


def set_password(
    uow: UnitOfWork, session: AccountSession, proof: FreshProof, digest: str
) -> Account:
    """A new password, or the first one; every other session ends. Raises what `spend` does."""
    account = spend(uow, session, proof, SET_PASSWORD)
    login.set_password(uow, account, digest, keep=session.id)
    return account


def own_account(uow: UnitOfWork, session: AccountSession) -> Account:
    """The locked account behind a personal login that is still open.

    A company's own login acts for the company: the person behind it is not there to be changed.
    Raises LoginNeeded, NotForCompanyLogin.
    """
    account = uow.locked(Account, session.account_id)
    now = uow.locked(AccountSession, session.id)
    if not now.is_open(uow.now) or account.closed_at is not None:
        raise LoginNeeded()
    if now.enterprise_login_id is not None:
        raise NotForCompanyLogin()
    return account


def spend_code(
    uow: UnitOfWork,
    session: AccountSession,
    proof: CodeProof,
    purpose: Purpose,
    phone_index: str | None,
) -> None:
    """Spend a code for this very session, purpose and phone. WrongCode, CodeExpired."""
    find_code(uow, session, proof, purpose, phone_index).use(uow.now)


def find_code(
    uow: UnitOfWork,
    session: AccountSession,
    proof: CodeProof,
    purpose: Purpose,
    phone_index: str | None,
) -> SmsCode:
    """The code for this very session, purpose and phone, spent or not. WrongCode."""
    bound = (proof.purpose, proof.subject, proof.to.index) == (purpose, session.id, phone_index)
    if not bound:
        raise WrongCode()
    return codes.find(uow, proof)


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())
