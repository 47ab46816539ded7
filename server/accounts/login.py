"""Sending a login code: written down, sent with no transaction open, withdrawn when it fails."""

from sqlalchemy import select

from server.accounts import service
from server.accounts.models import Account, SmsCode
from server.accounts.service import PhoneProof
from server.core.db import Database
from server.core.limits import forgive, take_attempt
from server.providers.keys import Keys
from server.providers.sms import Sms, SmsUnavailable


def send_login_code(db: Database, keys: Keys, sms: Sms, phone_text: str) -> int:
    """Send a code to a registered phone; the seconds until the next one may be asked for.

    A phone that nobody registered gets the same answer and no message. Raises BadPhone,
    CodeTooSoon, SmsUnavailable (then no code is left behind).
    """
    phone = service.read_phone(phone_text)
    code = service.new_code()
    proof = PhoneProof(service.phone_index(keys, phone), service.code_digest(keys, phone, code))
    with db.begin() as uow:
        service.issue_code(uow, proof)
        known = uow.session.scalar(
            select(Account.id).where(Account.phone_index == proof.phone_index)
        )
    if known is not None:
        try:
            sms.send(phone, "login_code", {"code": code, "minutes": "5"})
        except SmsUnavailable:
            _withdraw(db, proof)
            raise
    return int(service.RESEND_AFTER.total_seconds())


def prove_phone(db: Database, keys: Keys, phone_text: str, code: str) -> PhoneProof:
    """Count the try, then make the digests that `service.log_in` compares. BadPhone, Locked."""
    phone = service.read_phone(phone_text)
    index = service.phone_index(keys, phone)
    take_attempt(db, service.attempts_key(index), service.CODE_TRIES)
    return PhoneProof(index, service.code_digest(keys, phone, code))


def forgive_tries(db: Database, proof: PhoneProof) -> None:
    """After a login the count starts again."""
    forgive(db, service.attempts_key(proof.phone_index))


def _withdraw(db: Database, proof: PhoneProof) -> None:
    with db.begin() as uow:
        row = uow.session.scalar(select(SmsCode).where(SmsCode.code_digest == proof.code_digest))
        if row is not None:
            uow.session.delete(row)
