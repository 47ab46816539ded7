"""How somebody proves that he wants his files sealed, and how that opens the owner's data key."""

from dataclasses import dataclass, field

from server.accounts.models import AccountSession
from server.certificates import service as certificates
from server.certificates.rekeying import supply_wanted
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import Database, UnitOfWork
from server.intents.models import VerificationMethod
from server.providers.keys import Keys
from server.signing.own.queries import SigningView
from server.signing.own.rights import SealingRight
from server.signing.sealing import OpenKey


@dataclass(frozen=True)
class ByPin:
    """The signing PIN: the key opens for him alone."""

    keys: Keys
    pin: str = field(repr=False)

    def judge(self, db: Database, session: AccountSession, found: SigningView) -> "PinProved":
        """Raises BadPin, NoCertificate, PinLocked, WrongPin(tries_left)."""
        return PinProved(open_person(db, self.keys, session.account_id, self.pin))


@dataclass(frozen=True)
class PinProved:
    """The PIN was right."""

    person: OpenedPerson
    means: str = VerificationMethod.PIN

    def open(self, uow: UnitOfWork, right: SealingRight) -> OpenKey:
        """From his own copy. Raises NotEntitled, KeysRenewing, CopyAwaited."""
        data_key = certificates.open_copy(uow, right.ring_id, self.person, right.grant_id)
        if not right.grant_id:
            supply_wanted(uow, right.ring_id, data_key)
        return OpenKey(right.ring_id, data_key)
