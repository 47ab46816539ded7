"""From a typed PIN to an open wrapping key: counted first, derived outside any transaction."""

from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates import envelope
from server.certificates.errors import BadPin, EnvelopeDamaged, NoCertificate, WrongPin
from server.certificates.models import PersonalKey
from server.core.db import Database, UnitOfWork
from server.core.limits import Locked, LockPolicy, forgive, lock_seconds, take_attempt
from server.core.offload import heavy
from server.providers.keys import Keys

PIN_POLICY = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))


class PinLocked(Locked):
    """Five wrong PINs: 15 minutes, the next five: 24 hours."""

    code = "pin_locked"
    message = ("签名口令输错次数过多，已锁定。", "The signing PIN is locked after wrong tries.")
    next_step = ("请在锁定结束后重试，或找回签名口令。", "Wait until the lock ends, or reset it.")


@dataclass(frozen=True)
class OpenedPerson:
    """A person whose PIN was right: his id and his open wrapping key, for this request only."""

    account_id: str
    wrapping_key: X25519PrivateKey = field(repr=False)


def attempts_key(account_id: str) -> str:
    """Under which a person's wrong PINs are counted."""
    return f"pin:{account_id}"


def open_person(db: Database, keys: Keys, account_id: str, pin: str) -> OpenedPerson:
    """Open a person's wrapping key with his PIN.

    Raises BadPin (not counted), NoCertificate, PinLocked, WrongPin(tries_left). Each try is
    counted in its own transaction before the derivation, so parallel tries cannot slip through.
    """
    check_form(pin)
    with db.read() as uow:
        row = uow.session.get(PersonalKey, account_id)
    if row is None:
        raise NoCertificate()
    # Asked first: a key service that is away must not cost a try.
    served = service_half(keys, row)
    try:
        left = take_attempt(db, attempts_key(account_id), PIN_POLICY)
    except Locked as locked:
        raise PinLocked(**locked.details) from None
    try:
        seed = envelope.unlock(closing_key(served, row, pin), row.closed, row.about)
    except EnvelopeDamaged:
        if left == 0:
            raise PinLocked(retry_after=_tell_locked(db, account_id)) from None
        raise WrongPin(tries_left=left) from None
    forgive(db, attempts_key(account_id))
    return OpenedPerson(account_id, X25519PrivateKey.from_private_bytes(seed))


def _tell_locked(db: Database, account_id: str) -> int:
    """Put it into his 消息中心, as somebody else may be trying; the seconds until it may go on."""
    about: About = {"subject": account_id, "words": {}}
    with db.begin() as uow:
        tell(uow, account_id, News.PIN_LOCKED, **about)
        return locked_seconds(uow, account_id)


def locked_seconds(uow: UnitOfWork, account_id: str) -> int:
    """Seconds until the PIN may be tried again; 0 when it is not locked."""
    return lock_seconds(uow, attempts_key(account_id))


def check_form(pin: str) -> None:
    """6 to 12 digits (Settled 6); raises BadPin."""
    if not (6 <= len(pin) <= 12 and pin.isascii() and pin.isdigit()):
        raise BadPin()


def service_half(keys: Keys, row: PersonalKey) -> bytes:
    """HMAC(master key, account, version): the half of a closing key that only we can compute."""
    return keys.hmac("wrapping_key", row.account_id, str(row.version).encode())


def closing_key(served: bytes, row: PersonalKey, pin: str) -> bytes:
    """HKDF(Argon2id(PIN, salt) | the service's half): neither half is enough."""
    stretched = heavy.do(envelope.stretch, pin, row.salt)
    return envelope.derive(stretched, served, purpose=row.about)
