"""Codes by SMS: for one phone, one purpose and one subject; limited, counted, spent once (S-23)."""

import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from math import ceil

from sqlalchemy import delete, func, select

from server.accounts.errors import CodeTooSoon, TooManyCodes, WrongCode
from server.accounts.models import CODE_LIFE, SmsCode
from server.accounts.phones import phone_index, read_phone
from server.core.aside import Aside, in_a_thread
from server.core.db import Database, UnitOfWork
from server.core.ids import fingerprint, new_id
from server.core.limits import LockPolicy, forgive, take_attempt
from server.providers.keys import Keys
from server.providers.sms import Sms, SmsUnavailable

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRIES = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))


class Purpose(StrEnum):
    """What a code is for; each has a text of its own in `providers/sms/templates.py`."""

    ENTER = "enter"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    NEW_PHONE = "new_phone"
    CHANGE_PHONE = "change_phone"
    REAL_NAME = "real_name"
    CLOSE_ACCOUNT = "close_account"
    PERSONAL_DATA = "personal_data"
    COMPANY = "company"
    COMPANY_RESET = "company_reset"
    INTENT = "intent"
    CERTIFICATE = "certificate"
    RESET_PIN = "reset_pin"


@dataclass(frozen=True)
class CodeLimits:
    """How many codes may be asked for: by one phone, by one address, and sent by us in a day."""

    phone_an_hour: int = 5
    phone_a_day: int = 10
    address_an_hour: int = 30
    sent_a_day: int = 20_000


@dataclass(frozen=True)
class Recipient:
    """Where a code goes. `index` is the keyed digest of the name that was typed: a phone's, or a
    document's whose owner has a phone. Without a phone nothing is sent, and nobody can tell.
    `company` is the code of the company whose phone it is.

    `is_found` says that the phone was looked up by that name: whether there is one must show
    neither in the answer nor in its time, so the answer does not wait for the gateway.
    """

    index: str
    phone: str | None = field(repr=False)
    company: str = ""
    is_found: bool = False


@dataclass(frozen=True)
class CodeAsk:
    """What a code is for; `address` is the asking network address."""

    to: Recipient
    purpose: Purpose
    address: str
    subject: str = ""


@dataclass(frozen=True)
class CodeProof:
    """A code that was typed, as the tables know it."""

    to: Recipient
    purpose: Purpose
    code_digest: str
    subject: str = ""


def attempts_key(to: Recipient, purpose: Purpose) -> str:
    """Under which wrong codes of this name and purpose are counted."""
    return f"sms:{purpose}:{to.index}"


def to_phone(keys: Keys, text: str) -> Recipient:
    """The phone that was typed; raises BadPhone."""
    phone = read_phone(text)
    return Recipient(phone_index(keys, phone), phone)


@dataclass(frozen=True)
class CodeDesk:
    """Sends codes and takes them back."""

    db: Database
    keys: Keys
    sms: Sms
    limits: CodeLimits = CodeLimits()
    aside: Aside = in_a_thread

    def send(self, ask: CodeAsk) -> int:
        """Send a code; the seconds until the next one may be asked for.

        Raises CodeTooSoon, TooManyCodes; SmsUnavailable where the phone itself was typed (then no
        code is left behind).
        """
        code = f"{secrets.randbelow(1_000_000):06d}"
        proof = self._proof(ask, code)
        with self.db.begin() as uow:
            row = self._issue(uow, proof, fingerprint(f"{ask.address} of codes"))
        if ask.to.is_found:
            self.aside(lambda: self._deliver_quietly(ask, code, row.id))
        else:
            self._deliver(ask, code, row.id)
        return int(RESEND_AFTER.total_seconds())

    def _deliver(self, ask: CodeAsk, code: str, row_id: str) -> None:
        if ask.to.phone is None:
            return
        try:
            words = {"code": code, "minutes": "5"}
            self.sms.send(ask.to.phone, f"{ask.purpose}_code", words)
        except SmsUnavailable:
            with self.db.begin() as uow:
                row = uow.session.get_one(SmsCode, row_id)
                if ask.to.is_found:
                    # Kept and spent: the next one may be asked for no sooner than by a stranger.
                    row.used_at = uow.now
                else:
                    uow.session.delete(row)
            raise

    def _deliver_quietly(self, ask: CodeAsk, code: str, row_id: str) -> None:
        try:
            self._deliver(ask, code, row_id)
        except Exception as error:
            log.warning("code_not_sent", extra={"error": type(error).__name__})

    def prove(self, ask: CodeAsk, code: str) -> CodeProof:
        """Count the try, then make what `spend` compares. Raises Locked."""
        # A locked name costs no use of the key, whose calls are limited.
        take_attempt(self.db, attempts_key(ask.to, ask.purpose), TRIES)
        return self._proof(ask, code)

    def forgive(self, proof: CodeProof) -> None:
        """After the right code the count starts again."""
        forgive(self.db, attempts_key(proof.to, proof.purpose))

    def _proof(self, ask: CodeAsk, code: str) -> CodeProof:
        # Six digits need a key to be safe at rest, and the purpose inside to be good for no other.
        text = f"{ask.purpose} {ask.subject} {ask.to.index} {code}".encode("utf-8", "surrogatepass")
        digest = self.keys.hmac("sms_code", f"codes {ask.to.index[:4]}", text).hex()
        return CodeProof(ask.to, ask.purpose, digest, ask.subject)

    def _issue(self, uow: UnitOfWork, proof: CodeProof, address: str) -> SmsCode:
        # One at a time, as the limits of an address and of the day are counted over all phones.
        uow.queue_up("codes")
        self._require_room(uow, proof.to.index, address)
        for older in _unused(uow, proof):
            older.used_at = uow.now
        row = SmsCode(
            id=new_id("sms"),
            phone_index=proof.to.index,
            purpose=proof.purpose,
            subject=proof.subject,
            code_digest=proof.code_digest,
            address_index=address,
            sent=proof.to.phone is not None,
            created_at=uow.now,
        )
        uow.session.add(row)
        return row

    def _require_room(self, uow: UnitOfWork, phone: str, address: str) -> None:
        of_phone, of_address = SmsCode.phone_index == phone, SmsCode.address_index == address
        newest = uow.session.scalar(select(func.max(SmsCode.created_at)).where(of_phone))
        if newest is not None and uow.now < newest + RESEND_AFTER:
            raise CodeTooSoon(retry_after=_seconds(newest + RESEND_AFTER - uow.now))
        limits = self.limits
        for mine, length, most in (
            (of_phone, HOUR, limits.phone_an_hour),
            (of_phone, DAY, limits.phone_a_day),
            (of_address, HOUR, limits.address_an_hour),
            (SmsCode.sent.is_(True), DAY, limits.sent_a_day),
        ):
            recent = (mine, SmsCode.created_at > uow.now - length)
            count, oldest = uow.session.execute(
                select(func.count(), func.min(SmsCode.created_at)).where(*recent)
            ).one()
            if count >= most:
                raise TooManyCodes(retry_after=_seconds(oldest + length - uow.now))


def spend(uow: UnitOfWork, proof: CodeProof) -> None:
    """Use the code up, in the transaction that it opens the way for. WrongCode, CodeExpired."""
    code = find(uow, proof)
    code.use(uow.now)


def find(uow: UnitOfWork, proof: CodeProof) -> SmsCode:
    """The code that this proof names, spent or not; raises WrongCode, also when none was sent."""
    code = uow.session.scalar(
        select(SmsCode)
        .where(
            SmsCode.phone_index == proof.to.index,
            SmsCode.purpose == proof.purpose,
            SmsCode.code_digest == proof.code_digest,
            SmsCode.created_at > uow.now - 2 * CODE_LIFE,
        )
        .order_by(SmsCode.created_at.desc())
        .limit(1)
        .with_for_update()
    )
    if code is None:
        raise WrongCode()
    return code


def sweep(uow: UnitOfWork) -> None:
    """Forget codes that no limit counts any more."""
    uow.session.execute(delete(SmsCode).where(SmsCode.created_at <= uow.now - DAY))


def _unused(uow: UnitOfWork, proof: CodeProof) -> list[SmsCode]:
    same = (SmsCode.phone_index == proof.to.index, SmsCode.purpose == proof.purpose)
    return list(uow.session.scalars(select(SmsCode).where(*same, SmsCode.used_at.is_(None))))


def _seconds(wait: timedelta) -> int:
    return max(1, ceil(wait.total_seconds()))
