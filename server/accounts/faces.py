"""Face checks: begun for an account, settled by the service's word, spent once (S-31).

Used to log in by document, to prove a real name, to act for a company, to find back in. No step
ever asks for a face alone: each has another way (rules on face recognition, 2025-06).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest

from sqlalchemy import delete

from server.accounts import consents
from server.accounts.consents import Agreement
from server.accounts.errors import (
    FaceCheckUnknown,
    FaceLocked,
    FaceNotPassed,
    FaceNotSupported,
    RealNameNeeded,
)
from server.accounts.id_documents import IdDocument, document_index, open_number
from server.accounts.models import FACE_LIFE, Account, FaceCheck, FaceState
from server.accounts.phones import open_nothing
from server.accounts.registration import prove
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import fingerprint, new_id
from server.core.limits import Locked, LockPolicy, forgive_within, take_attempt
from server.providers.face import Face, FacePerson, FaceResult, FaceStarted, Outcome
from server.providers.keys import Keys


class FacePurpose(StrEnum):
    """What a passed check opens; it opens nothing else."""

    LOGIN = "login"
    REAL_NAME = "real_name"
    ENTER_COMPANY = "enter_company"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_PHONE = "change_phone"
    CLOSE_ACCOUNT = "close_account"
    PERSONAL_DATA = "personal_data"
    INTENT = "intent"
    CERTIFY = "certify"
    RESET_PIN = "reset_pin"


# Every check costs money, and a mask may be tried more than once.
CHECKS = LockPolicy(tries=10, locks=(timedelta(hours=1), timedelta(hours=24)))
# Whom the service is asked for where nobody has proved the name that was typed; no such person.
NOBODY = FacePerson("未登记", "resident_id", "450103190001010000")
# The others open an account that has been proved before: a stranger may have claimed this person's
# number for an account of his own, and a face must not hand that account his name.
PROVES = (FacePurpose.REAL_NAME, FacePurpose.ENTER_COMPANY)


# Long enough to answer a complaint about a check from the row itself.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class FaceAsk:
    """A check for one account and purpose; `holder` is the browser or session that may use it.

    `account_id` is None for a name that nobody has proved here: the check begins like any other,
    so that nobody learns who has, and never passes (S-24). `name_index` and `document_type` are
    of the name that was typed then. `named` is a person without an account whom somebody else has
    named with his document, as an application names its agent (Settled 4); `name_index` is his.

    `by_himself`: somebody who is known to be this person asks, so that his consent stands at once;
    a stranger's tick becomes it only with the face.
    """

    account_id: str | None
    purpose: FacePurpose
    holder: str
    consent: bool
    back_url: str = ""
    name_index: str = ""
    document_type: str = ""
    wechat_openid: str = ""
    named: FacePerson | None = None
    by_himself: bool = False


@dataclass(frozen=True)
class FaceDesk:
    """Begins checks and takes their outcome."""

    db: Database
    keys: Keys
    face: Face

    def start(self, ask: FaceAsk) -> tuple[FaceCheck, FaceStarted]:
        """Begin a check. RealNameNeeded, ConsentNeeded, FaceLocked, FaceNotSupported,
        FaceUnavailable; FaceNotPassed when the document was exchanged meanwhile.
        """
        consents.require_said(ask.consent, Agreement.FACE)
        self._count(ask.account_id or ask.name_index)
        if ask.account_id is None:
            return self._start_without_account(ask)
        with self.db.read() as uow:
            account = uow.session.get_one(Account, ask.account_id)
        if not account.proven and ask.purpose not in PROVES:
            raise RealNameNeeded()
        person = self._person(account, ask.wechat_openid)
        if not self.face.supports(person):
            raise FaceNotSupported(ways=["sms", "counter"])
        started = self.face.start(person, ask.purpose, ask.back_url)
        with self.db.begin() as uow:
            now = uow.locked(Account, ask.account_id)
            if now.id_number_sealed != account.id_number_sealed:
                raise FaceNotPassed()
            if ask.by_himself:
                consents.give(uow, ask.account_id, (Agreement.FACE,))
            return _begun(uow, ask, started), started

    def _count(self, who: str) -> None:
        try:
            take_attempt(self.db, f"face:{who}", CHECKS)
        except Locked as locked:
            raise FaceLocked(**locked.details) from None

    def _start_without_account(self, ask: FaceAsk) -> tuple[FaceCheck, FaceStarted]:
        nobody = replace(NOBODY, document_type=ask.document_type or NOBODY.document_type)
        person = ask.named or nobody
        if not self.face.supports(person):
            raise FaceNotSupported(ways=["counter"] if ask.named else ["sms", "counter"])
        if ask.named is None:
            open_nothing(self.keys, ask.name_index)
        started = self.face.start(person, ask.purpose, ask.back_url)
        with self.db.begin() as uow:
            return _begun(uow, ask, started), started

    def settle(
        self,
        check_id: str,
        holder: str,
        wechat_openid: str = "",
        named: FacePerson | None = None,
    ) -> Outcome:
        """Ask the service what came of a check, and keep its word. FaceCheckUnknown,
        FaceUnavailable.

        A passed check proves name and number of its account (P-37). The first word stands: the
        service is not asked again. Who has not shown his face in ten minutes has failed. `named`
        is who was named when a check without an account was begun.
        """
        with self.db.read() as uow:
            check = _own(uow, check_id, holder)
            if check.state != FaceState.STARTED:
                return _kept(check)
            person = named or NOBODY
            if check.account_id is not None:
                account = uow.session.get_one(Account, check.account_id)
                person = self._person(account, wechat_openid)
            late = uow.now >= check.started_at + FACE_LIFE
        result = self.face.result(check.reference, person)
        if late or not _may_pass(check, named):
            result = _never_passed(result, late=late)
        if result.outcome == Outcome.PENDING:
            return result.outcome
        document = IdDocument(person.document_type, person.id_number)
        index = document_index(self.keys, document)
        with self.db.begin() as uow:
            return _write_down(uow, check, result, index)

    def _person(self, account: Account, wechat_openid: str) -> FacePerson:
        if account.id_number_sealed is None:
            raise RealNameNeeded()
        number = open_number(self.keys, account.id, account.id_number_sealed)
        return FacePerson(account.name, account.document_type, number, wechat_openid)


def spend(uow: UnitOfWork, check_id: str, purpose: FacePurpose, holder: str) -> str:
    """Use a passed check up, in the transaction that it opens the way for; the account's id.

    Raises FaceNotPassed, also for a check of another holder, account or purpose.
    """
    check = uow.session.get(FaceCheck, check_id, with_for_update=True)
    if check is None:
        raise FaceNotPassed()
    check.use(purpose, fingerprint(holder), uow.now)
    if check.account_id is None:
        raise FaceNotPassed()
    return check.account_id


def spend_named(uow: UnitOfWork, check_id: str, holder: str, name_index: str) -> FaceCheck:
    """Use a passed check of who was named for a certification up; the check, for the record.

    `name_index` is what the check was counted under. Raises FaceNotPassed, also for a check of
    another holder, and for one of an account, which is for something else.
    """
    check = uow.session.get(FaceCheck, check_id, with_for_update=True)
    if check is None or check.account_id is not None:
        raise FaceNotPassed()
    check.use(FacePurpose.CERTIFY, fingerprint(holder), uow.now)
    forgive_within(uow, f"face:{name_index}")
    return check


def is_spent(uow: UnitOfWork, check_id: str, purpose: FacePurpose, holder: str) -> bool:
    """Whether this holder has used this very check up, for this purpose."""
    check = uow.session.get(FaceCheck, check_id)
    if check is None or check.state != FaceState.USED:
        return False
    return check.purpose == purpose and compare_digest(check.holder, fingerprint(holder))


def _begun(uow: UnitOfWork, ask: FaceAsk, started: FaceStarted) -> FaceCheck:
    check = FaceCheck(
        id=new_id("face"),
        account_id=ask.account_id,
        purpose=ask.purpose,
        holder=fingerprint(ask.holder),
        reference=started.reference,
        started_at=uow.now,
    )
    uow.session.add(check)
    return check


def _may_pass(check: FaceCheck, named: FacePerson | None) -> bool:
    """A check without an account passes only for a person who was named for a certification."""
    is_named = named is not None and check.purpose == FacePurpose.CERTIFY
    return check.account_id is not None or is_named


def _never_passed(result: FaceResult, *, late: bool) -> FaceResult:
    """A check that is nobody's waits like any other, and fails; a late one has failed."""
    if result.outcome == Outcome.PENDING and not late:
        return result
    return replace(result, outcome=Outcome.FAILED)


def sweep(uow: UnitOfWork) -> None:
    """Forget old checks; the audit trail keeps what came of each, by the service's own id."""
    uow.session.execute(delete(FaceCheck).where(FaceCheck.started_at <= uow.now - KEPT))


def _own(uow: UnitOfWork, check_id: str, holder: str) -> FaceCheck:
    check = uow.session.get(FaceCheck, check_id)
    if check is None or not compare_digest(check.holder, fingerprint(holder)):
        raise FaceCheckUnknown()
    return check


def _write_down(uow: UnitOfWork, check: FaceCheck, result: FaceResult, index: str) -> Outcome:
    # The account first, as in `declare`, so that two callers never wait for each other.
    account = uow.locked(Account, check.account_id) if check.account_id is not None else None
    check = uow.locked(FaceCheck, check.id)
    if check.state != FaceState.STARTED:
        return _kept(check)
    passed = result.outcome == Outcome.PASSED
    check.settle(passed, result.result_id, result.score, uow.now)
    if account is None:
        return result.outcome
    if passed:
        consents.give(uow, account.id, (Agreement.FACE,))
        forgive_within(uow, f"face:{account.id}")
    if passed and check.purpose in PROVES and not account.proven:
        prove(uow, account, index)
    audit.record(
        uow,
        "face.settled",
        actor=account.id,
        subject=account.id,
        check=check.id,
        purpose=check.purpose,
        outcome=result.outcome.value,
        result_id=result.result_id,
    )
    return result.outcome


def _kept(check: FaceCheck) -> Outcome:
    return Outcome.FAILED if check.state == FaceState.FAILED else Outcome.PASSED
