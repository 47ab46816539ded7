"""How somebody proves that he wants his files sealed, and how that opens the owner's data key."""

from collections.abc import Callable
from dataclasses import dataclass, field

from server.accounts.models import AccountSession
from server.certificates import method_copies
from server.certificates import service as certificates
from server.certificates.errors import NotEntitled
from server.certificates.models import KeyRing
from server.certificates.rekeying import supply_wanted
from server.certificates.service import OpenRing
from server.certificates.unlock import OpenedPerson, open_person
from server.core.db import Database, UnitOfWork
from server.intents import service as intents
from server.intents.actions import Action, Subject
from server.intents.errors import IntentMethodRefused
from server.intents.methods import check_use_password, method_of
from server.intents.models import VerificationMethod
from server.providers.keys import Keys
from server.signing.own.methods import methods_of
from server.signing.own.queries import SigningView
from server.signing.own.rights import SealingRight, right_of
from server.signing.sealing import OpenKey


@dataclass(frozen=True)
class Custody:
    """The keeper of the service's key, and whether it may open keys for other methods than PIN."""

    keys: Keys
    by_method: bool


@dataclass(frozen=True)
class ByPin:
    """The signing PIN: the key opens for him alone."""

    custody: Custody
    pin: str = field(repr=False)

    def judge(self, db: Database, session: AccountSession, found: SigningView) -> "PinProved":
        """Raises BadPin, NoCertificate, PinLocked, WrongPin(tries_left)."""
        person = open_person(db, self.custody.keys, session.account_id, self.pin)
        return PinProved(self.custody, person)


@dataclass(frozen=True)
class PinProved:
    """The PIN was right."""

    custody: Custody
    person: OpenedPerson
    means: str = VerificationMethod.PIN

    def open(self, uow: UnitOfWork, right: SealingRight) -> OpenKey:
        """From his own copy. Where the owner's method is another one, that serves him from now on.

        Raises NotEntitled, KeysRenewing, CopyAwaited.
        """
        data_key = certificates.open_copy(uow, right.ring_id, self.person, right.grant_id)
        if not right.grant_id:
            supply_wanted(uow, right.ring_id, data_key)
        chosen = method_of(uow, right.kind, right.owner_id)
        if self.custody.by_method and chosen != VerificationMethod.PIN:
            opened = OpenRing(uow.session.get_one(KeyRing, right.ring_id), data_key)
            whose = (self.person.account_id, right.grant_id)
            method_copies.keep(uow, self.custody.keys, opened, *whose)
        return OpenKey(right.ring_id, data_key)


@dataclass(frozen=True)
class ByPassword:
    """核验密码 of the owner, where that is his method."""

    custody: Custody
    password: str = field(repr=False)

    def judge(self, db: Database, session: AccountSession, found: SigningView) -> "MethodProved":
        """Raises IntentMethodRefused, UsePasswordLocked, WrongUsePassword(tries_left)."""
        right, kept = _way(db, self.custody, found, VerificationMethod.PASSWORD)
        check_use_password(db, right.kind, right.owner_id, self.password)
        data_key = method_copies.unwrap(self.custody.keys, kept)
        return MethodProved(session.account_id, kept.id, data_key, VerificationMethod.PASSWORD)


@dataclass(frozen=True)
class ByIntent:
    """A proof of intent by text message or face, begun for exactly what was shown."""

    custody: Custody
    intent_id: str

    def judge(self, db: Database, session: AccountSession, found: SigningView) -> "MethodProved":
        """Raises IntentNeeded, IntentRefused, IntentExpired, IntentSpent, IntentMethodRefused."""
        subject = Subject(Action.SIGN_DOCUMENTS, found.submission)

        def spend(uow: UnitOfWork) -> object:
            return intents.spend(uow, intent_id=self.intent_id, session=session, subject=subject)

        with db.read() as uow:
            seen = intents.peek(uow, intent_id=self.intent_id, session=session, subject=subject)
        method = VerificationMethod(seen.method)
        _, kept = _way(db, self.custody, found, method)
        data_key = method_copies.unwrap(self.custody.keys, kept)
        return MethodProved(session.account_id, kept.id, data_key, method, spend)


@dataclass(frozen=True)
class MethodProved:
    """The person has proved himself by the owner's method; the service has opened its copy."""

    account_id: str
    copy_id: str
    data_key: bytes = field(repr=False)
    means: VerificationMethod
    spend: Callable[[UnitOfWork], object] = lambda _: None

    def open(self, uow: UnitOfWork, right: SealingRight) -> OpenKey:
        """Spends the proof, and asks once more whether the copy is his. Raises what `ByIntent`
        raises; NotEntitled for a copy that was withdrawn meanwhile."""
        self.spend(uow)
        kept = method_copies.find(uow, right.ring_id, self.account_id, right.grant_id)
        chosen = method_of(uow, right.kind, right.owner_id)
        if kept is None or kept.id != self.copy_id or chosen != self.means:
            raise NotEntitled()
        return OpenKey(kept.ring_id, self.data_key)


def _way(
    db: Database, custody: Custody, found: SigningView, method: VerificationMethod
) -> tuple[SealingRight, method_copies.ServiceCopy]:
    """The copy that this method opens. Raises IntentMethodRefused with the `methods` there are."""
    account_id = found.signing.account_id
    with db.read() as uow:
        right = right_of(uow, found.signing)
        allowed = methods_of(uow, account_id, right, by_method=custody.by_method)
        kept = method_copies.find(uow, right.ring_id, account_id, right.grant_id)
    if method not in allowed or kept is None:
        raise IntentMethodRefused(methods=[one.value for one in allowed])
    return right, kept
