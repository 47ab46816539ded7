"""意愿认证: begun for one act, proved by PIN, text message or face, and spent once on that act.

A login alone moves no seal: whoever finds an unlocked phone has one. What is proved is bound to
the login and its person, to the act and to what it concerns. A company's own login is proved by
its representative (Settled 12): his PIN, his phone, his face.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select

from server.accounts import codes, faces
from server.accounts.codes import CodeAsk, CodeDesk, Purpose, Recipient
from server.accounts.errors import FaceNotPassed, LoginNeeded, PhoneNotBound
from server.accounts.faces import FaceAsk, FaceDesk, FacePurpose
from server.accounts.models import Account, AccountSession
from server.accounts.phones import open_phone
from server.certificates.models import PersonalKey
from server.certificates.unlock import open_person
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import new_id
from server.enterprises.models import EnterpriseLogin
from server.intents.actions import IntentMethod, Subject
from server.intents.errors import IntentMethodRefused, IntentNeeded, IntentRefused, NoIntentMethod
from server.intents.models import Intent
from server.providers.face import FaceStarted, Outcome
from server.providers.keys import Keys

# Long enough to answer a complaint from the row itself; the audit trail keeps the rest.
KEPT = timedelta(days=30)


def _nowhere(_intent_id: str) -> str:
    return ""


@dataclass(frozen=True)
class IntentAsk:
    """What somebody who is logged in is about to prove, and by which method.

    `address` is his network address, for the limits of codes. The rest is for a face: the separate
    `consent`, where the face service leads back to by the intent's id, and his name at WeChat.
    """

    session: AccountSession
    subject: Subject
    method: IntentMethod
    address: str = ""
    consent: bool = False
    back_url: Callable[[str], str] = _nowhere
    wechat_openid: str = ""


@dataclass(frozen=True)
class Begun:
    """The intent, the seconds until another code may be asked for, and where the face is shown."""

    intent: Intent
    retry_after: int = 0
    face: FaceStarted | None = None


@dataclass(frozen=True)
class At:
    """Where a code goes: a phone, and whose it is."""

    index: str
    sealed: bytes = field(repr=False)
    row_id: str


@dataclass(frozen=True)
class IntentDesk:
    """Begins proofs and takes them; what they open is spent by the act itself (`spend`)."""

    db: Database
    keys: Keys
    codes: CodeDesk
    faces: FaceDesk

    def begin(self, ask: IntentAsk) -> Begun:
        """Begin a proof; by `sms` a code is sent. A proof that was begun before stays as it is.

        Raises IntentMethodRefused, NoIntentMethod, LoginNeeded, and what `CodeDesk.send` and
        `FaceDesk.start` raise.
        """
        with self.db.read() as uow:
            require_method(uow, ask.session, ask.subject, ask.method)
            phone = phone_of(uow, ask.session)
        intent = Intent(
            id=new_id("int"),
            session_id=ask.session.id,
            account_id=ask.session.account_id,
            action=ask.subject.action,
            subject_digest=ask.subject.digest,
            method=ask.method,
        )
        retry_after, face = 0, None
        if ask.method == IntentMethod.SMS and phone is not None:
            intent.phone_index = phone.index
            retry_after = self.codes.send(self._code_ask(intent, phone, ask.address))
        if ask.method == IntentMethod.FACE:
            face = self._start_face(intent, ask)
        with self.db.begin() as uow:
            intent.begun_at = uow.now
            uow.session.add(intent)
        return Begun(intent, retry_after, face)

    def prove_pin(self, session: AccountSession, intent_id: str, pin: str) -> None:
        """By the signing PIN; once proved, a repeat changes nothing. BadPin, WrongPin(tries_left),
        PinLocked, NoCertificate, IntentRefused, IntentExpired."""
        if self._own(session, intent_id, IntentMethod.PIN).proved_at is not None:
            return
        open_person(self.db, self.keys, session.account_id, pin)
        with self.db.begin() as uow:
            _prove(uow, session, intent_id, lambda _: None)

    def prove_sms(self, session: AccountSession, intent_id: str, code: str) -> None:
        """By the code of this very intent; once proved, a repeat changes nothing. WrongCode,
        CodeExpired, Locked, PhoneNotBound, IntentRefused, IntentExpired."""
        intent = self._own(session, intent_id, IntentMethod.SMS)
        if intent.proved_at is not None:
            return
        with self.db.read() as uow:
            phone = phone_of(uow, session)
        if phone is None or phone.index != intent.phone_index:
            raise PhoneNotBound()
        proof = self.codes.prove(self._code_ask(intent, phone, ""), code)
        with self.db.begin() as uow:
            _prove(uow, session, intent_id, lambda _: codes.spend(uow, proof))
        self.codes.forgive(proof)

    def prove_face(
        self, session: AccountSession, intent_id: str, wechat_openid: str = ""
    ) -> Outcome:
        """By the check that this very intent began. FaceNotPassed, FaceCheckUnknown,
        FaceUnavailable, IntentRefused, IntentExpired."""
        intent = self._own(session, intent_id, IntentMethod.FACE)
        outcome = self.faces.settle(intent.face_check_id or "", session.id, wechat_openid)
        if outcome == Outcome.PASSED and intent.proved_at is None:
            with self.db.begin() as uow:
                _prove(uow, session, intent_id, lambda mine: _spend_face(uow, mine))
        return outcome

    def prove_shown(self, session: AccountSession, check_id: str) -> None:
        """By the face of who comes back from the service, whichever intent had asked for it.

        Raises IntentRefused where none had, and what `prove_face` raises.
        """
        with self.db.read() as uow:
            asked = select(Intent.id).where(Intent.face_check_id == check_id)
            intent_id = uow.session.scalars(asked).first()
        self.prove_face(session, intent_id or "")

    def _own(self, session: AccountSession, intent_id: str, method: IntentMethod) -> Intent:
        with self.db.read() as uow:
            intent = uow.session.get(Intent, intent_id)
            if intent is None:
                raise IntentRefused()
            intent.require_own(session.id, session.account_id, method)
            if intent.proved_at is None:
                intent.require_in_time(uow.now)
        return intent

    def _code_ask(self, intent: Intent, phone: At, address: str) -> CodeAsk:
        number = open_phone(self.keys, phone.row_id, phone.sealed)
        return CodeAsk(Recipient(phone.index, number), Purpose.INTENT, address, intent.id)

    def _start_face(self, intent: Intent, ask: IntentAsk) -> FaceStarted:
        asked = FaceAsk(
            intent.account_id,
            FacePurpose.INTENT,
            intent.session_id,
            ask.consent,
            ask.back_url(intent.id),
            wechat_openid=ask.wechat_openid,
            by_himself=True,
        )
        check, started = self.faces.start(asked)
        intent.face_check_id = check.id
        return started


def methods_for(uow: UnitOfWork, session: AccountSession, subject: Subject) -> list[IntentMethod]:
    """What the act allows and this person has, the first one offered first; may be empty.

    Raises LoginNeeded for a login that has ended.
    """
    account = _account(uow, session)
    at_hand = {
        IntentMethod.PIN: uow.session.get(PersonalKey, account.id) is not None,
        IntentMethod.SMS: phone_of(uow, session) is not None,
        IntentMethod.FACE: account.proven,
    }
    return [method for method in subject.methods if at_hand[method]]


def require_method(
    uow: UnitOfWork, session: AccountSession, subject: Subject, method: IntentMethod
) -> None:
    """Raise NoIntentMethod where nothing is at hand, IntentMethodRefused for another method."""
    found = methods_for(uow, session, subject)
    if not found:
        raise NoIntentMethod()
    if method not in found:
        raise IntentMethodRefused(methods=[one.value for one in found])


def phone_of(uow: UnitOfWork, session: AccountSession) -> At | None:
    """The bound phone of this login's person; where he has none, that of the company's own login,
    which registered it."""
    account = _account(uow, session)
    if account.phone_index is not None and account.phone_sealed is not None:
        return At(account.phone_index, account.phone_sealed, account.id)
    if session.enterprise_login_id is None:
        return None
    login = uow.session.get_one(EnterpriseLogin, session.enterprise_login_id)
    return At(login.phone_index, login.phone_sealed, login.id)


def spend(uow: UnitOfWork, *, intent_id: str, session: AccountSession, subject: Subject) -> Intent:
    """Use the proof up, in the transaction of the act that it opens the way for.

    Raises IntentNeeded, IntentRefused, IntentExpired, IntentSpent, LoginNeeded.
    """
    if not intent_id:
        raise IntentNeeded()
    intent = _locked(uow, session, intent_id)
    intent.use(subject, uow.now)
    audit.record(
        uow,
        "intent.used",
        actor=intent.account_id,
        subject=intent.id,
        action=intent.action,
        method=intent.method,
        digest=intent.subject_digest,
    )
    return intent


def peek(uow: UnitOfWork, *, intent_id: str, session: AccountSession, subject: Subject) -> Intent:
    """The proof, if `spend` would take it now; to be asked in a transaction that only reads."""
    if not intent_id:
        raise IntentNeeded()
    _account(uow, session)
    intent = uow.session.get(Intent, intent_id)
    if intent is None:
        raise IntentRefused()
    intent.require_own(session.id, session.account_id, IntentMethod(intent.method))
    intent.use(subject, uow.now)
    return intent


def sweep(uow: UnitOfWork) -> None:
    """Forget old proofs; the audit trail keeps what was proved and used."""
    uow.session.execute(delete(Intent).where(Intent.begun_at <= uow.now - KEPT))


def _prove(
    uow: UnitOfWork, session: AccountSession, intent_id: str, use_up: Callable[[Intent], None]
) -> None:
    """Use the secret up and note the proof; a repeat that comes at the same moment does nothing."""
    intent = _locked(uow, session, intent_id)
    if intent.proved_at is not None:
        return
    use_up(intent)
    intent.prove(uow.now)
    told = {"action": intent.action, "method": intent.method, "check": intent.face_check_id or ""}
    audit.record(uow, "intent.proved", actor=intent.account_id, subject=intent.id, **told)


def _spend_face(uow: UnitOfWork, intent: Intent) -> None:
    shown = faces.spend(uow, intent.face_check_id or "", FacePurpose.INTENT, intent.session_id)
    if shown != intent.account_id:
        raise FaceNotPassed()


def _locked(uow: UnitOfWork, session: AccountSession, intent_id: str) -> Intent:
    """The intent of this very login and person, kept from others. IntentRefused, LoginNeeded."""
    _account(uow, session)
    intent = uow.session.get(Intent, intent_id, with_for_update=True, populate_existing=True)
    if intent is None:
        raise IntentRefused()
    intent.require_own(session.id, session.account_id, IntentMethod(intent.method))
    return intent


def _account(uow: UnitOfWork, session: AccountSession) -> Account:
    account = uow.session.get_one(Account, session.account_id)
    now = uow.session.get_one(AccountSession, session.id)
    if not now.is_open(uow.now) or account.closed_at is not None:
        raise LoginNeeded()
    return account
