"""Coming in by a code sent to the phone, and going out."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from sqlalchemy import select

from server.accounts.errors import (
    AgreementsNotTicked,
    BadPhone,
    CodeTooSoon,
    LoginNotFound,
    WrongCode,
)
from server.accounts.models import CODE_LIFE, Account, AccountSession, LoginMeans, SmsCode
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import fingerprint, new_id, new_secret
from server.core.limits import LockPolicy
from server.providers.keys import Keys

RESEND_AFTER = timedelta(seconds=60)
CODE_TRIES = LockPolicy(tries=5, locks=(timedelta(minutes=15),))
LOGIN = "login"


@dataclass(frozen=True)
class PhoneProof:
    """A phone and what was typed for it, with the keyed digests that the tables hold."""

    phone_index: str
    code_digest: str


@dataclass(frozen=True)
class Device:
    """What a session is opened on: by which means, in which browser, for how long."""

    means: LoginMeans
    user_agent: str
    life: timedelta


def read_phone(text: str) -> str:
    """`+86 139-0771-0001` → `13907710001`; raises BadPhone."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise BadPhone() from None
    national = str(number.national_number)
    is_mobile = len(national) == 11 and national.startswith("1")
    if number.country_code != 86 or not is_mobile or not phonenumbers.is_valid_number(number):
        raise BadPhone()
    return national


def phone_index(keys: Keys, phone: str) -> str:
    """The keyed digest under which a phone is found."""
    return keys.hmac("phone_index", _subject(phone), phone.encode()).hex()


def code_digest(keys: Keys, phone: str, code: str) -> str:
    """How a code is kept: six digits need a key to be safe at rest."""
    return keys.hmac("sms_code", _subject(phone), f"{phone} {code}".encode()).hex()


def _subject(phone: str) -> str:
    """Whose calls the key holder counts: one name for some 150,000 phones, so it tells nothing."""
    return f"phones {fingerprint(phone)[:4]}"


def new_code() -> str:
    """Six digits, each of the million equally likely."""
    return f"{secrets.randbelow(1_000_000):06d}"


def attempts_key(index: str) -> str:
    """Under which wrong login codes for one phone are counted."""
    return f"sms:{LOGIN}:{index}"


def issue_code(uow: UnitOfWork, proof: PhoneProof, *, purpose: str = LOGIN) -> None:
    """Keep a fresh code; the older ones of this purpose are dead. Raises CodeTooSoon."""
    older = uow.session.scalars(
        select(SmsCode)
        .where(SmsCode.phone_index == proof.phone_index, SmsCode.purpose == purpose)
        .order_by(SmsCode.created_at.desc())
    ).all()
    if older and uow.now < older[0].created_at + RESEND_AFTER:
        wait = older[0].created_at + RESEND_AFTER - uow.now
        raise CodeTooSoon(retry_after=max(1, int(wait.total_seconds())))
    for code in older:
        code.used_at = code.used_at or uow.now
    uow.session.add(
        SmsCode(
            id=new_id("sms"),
            phone_index=proof.phone_index,
            purpose=purpose,
            code_digest=proof.code_digest,
            created_at=uow.now,
        )
    )


def log_in(
    uow: UnitOfWork, proof: PhoneProof, *, agreed: bool, user_agent: str, life: timedelta
) -> tuple[Account, str]:
    """Spend the code and open a session; the account and its token (shown once).

    Raises AgreementsNotTicked, WrongCode (also for a phone that nobody registered, in the same
    words), CodeExpired.
    """
    if not agreed:
        raise AgreementsNotTicked()
    code = uow.session.scalar(
        select(SmsCode)
        .where(
            SmsCode.phone_index == proof.phone_index,
            SmsCode.purpose == LOGIN,
            SmsCode.code_digest == proof.code_digest,
            SmsCode.created_at > uow.now - 2 * CODE_LIFE,
        )
        .order_by(SmsCode.created_at.desc())
        .limit(1)
    )
    account = uow.session.scalar(select(Account).where(Account.phone_index == proof.phone_index))
    if code is None or account is None:
        raise WrongCode()
    code.use(uow.now)
    device = Device(LoginMeans.SMS, user_agent, life)
    return account, open_session(uow, account, device)


def open_session(uow: UnitOfWork, account: Account, device: Device, **details: str) -> str:
    """A session under a fresh token, which is shown once; `details` go into the audit row."""
    account.first_login_at = account.first_login_at or uow.now
    token = new_secret()
    uow.session.add(
        AccountSession(
            id=new_id("ses"),
            account_id=account.id,
            token_digest=fingerprint(token),
            means=device.means,
            user_agent=device.user_agent[:256],
            created_at=uow.now,
            expires_at=uow.now + device.life,
        )
    )
    told = {"means": device.means.value, **details}
    audit.record(uow, "account.logged_in", actor=account.id, subject=account.id, **told)
    return token


def end_session(uow: UnitOfWork, session_id: str, *, account_id: str) -> None:
    """End a login of one's own, on whatever device; raises LoginNotFound for any other."""
    session = uow.session.get(AccountSession, session_id)
    if session is None or session.account_id != account_id or not session.is_open(uow.now):
        raise LoginNotFound()
    session.ended_at = uow.now
    audit.record(uow, "account.session_ended", actor=account_id, subject=session_id)


def log_out(uow: UnitOfWork, session_id: str) -> None:
    """End one session; ending it twice changes nothing."""
    session = uow.session.get(AccountSession, session_id)
    if session is not None and session.ended_at is None:
        session.ended_at = uow.now


def switch_role(uow: UnitOfWork, session_id: str, *, enterprise_id: str | None) -> None:
    """Act for a company, or for oneself with None (F-12); the caller has checked the right."""
    session = uow.session.get_one(AccountSession, session_id)
    session.acting_enterprise_id, session.role_chosen = enterprise_id, True
