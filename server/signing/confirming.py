"""What the phone does: read what is asked, prove itself, confirm or refuse.

The order is always: check in the QR store, change the database, then change the QR store.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qr_session import Code, Phone, Purpose, QrSession, QrSessionError, QrSessionService
from qr_session.errors import AlreadyConsumed, Conflict, Gone, ReferenceNeeded, WrongPurpose
from qr_session.errors import Forbidden as QrForbidden
from server.accounts import queries as accounts
from server.accounts.named_signer import names_of
from server.accounts.qr_refusals import refusals_noted
from server.certificates.errors import WrongPin
from server.certificates.unlock import OpenedPerson, PinLocked, open_person
from server.core import audit
from server.core.db import Database
from server.providers.keys import Keys
from server.signing import page_grants, queries
from server.signing.page_grants import GrantTerms, PageRelease
from server.signing.sealing import page_pepper
from server.signing.telling import tell_not_mine


@dataclass(frozen=True)
class PageBrowser:
    """A browser that says it shows the page itself: its secret name, and its proof of that."""

    holder: str = field(repr=False)
    proof: str = field(repr=False)


@dataclass(frozen=True)
class PhoneAnswer:
    """What the person gave: the number picked, the company to act for, the PIN.

    `shown`: the reference code, or on the page's own device the proof that stands in for it.
    """

    shown: str | PageBrowser
    enterprise_id: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class PhoneDesk:
    """Serves one phone: the parts that a confirmation touches."""

    db: Database
    keys: Keys
    qr: QrSessionService
    terms: GrantTerms

    def scan(self, session_id: str, ticket: str, *, holder: str, phone: Phone) -> QrSession:
        """Take the session for this phone; the first wins. See `QrSessionService.scan`."""
        session = self.qr.peek(session_id)
        _require_signing(session)
        names = self._names(session, phone.account)
        with refusals_noted(self.db, session_id, phone.account):
            return self.qr.scan(
                ticket, holder=holder, phone=phone, session_id=session_id, known_as=names
            )

    def as_phone(self, session_id: str, account_id: str) -> QrSession:
        """The session, for the phone that scanned it; another phone's try is written down."""
        with refusals_noted(self.db, session_id, account_id):
            session = self.qr.as_phone(session_id, account_id)
        _require_signing(session)
        return session

    def confirm(self, session_id: str, account_id: str, answer: PhoneAnswer) -> QrSession:
        """Check that phone and page belong together, then the PIN; authorise the task,
        confirm the session.

        Raises the library's refusals, WrongPin, PinLocked, and what `page_grants.authorize` raises.
        """
        session = self.as_phone(session_id, account_id)
        with self._nothing_left_behind(session, account_id):
            with refusals_noted(self.db, session_id, account_id):
                self._bring_together(session, account_id, answer.shown)
            person = self._open(session_id, account_id, answer.pin)
            pepper = page_pepper(self.keys, session.subject)
            here = isinstance(answer.shown, PageBrowser)
            release = PageRelease(session_id, pepper, self.terms, same_device=here)
            names = self._names(session, account_id)
            with self.db.begin() as uow:
                queries.locked(uow, session.subject).require_named(names)
                page_grants.authorize(uow, session.subject, person, answer.enterprise_id, release)
            return self.qr.confirm(session_id, account_id)

    @contextmanager
    def _nothing_left_behind(self, session: QrSession, account_id: str) -> Iterator[None]:
        """A session that ended, or went to another phone, while this one was confirming takes
        back what was released: the database could not know of it."""
        try:
            yield
        except (QrForbidden, Conflict, Gone, PinLocked):
            with self.db.begin() as uow:
                page_grants.withdraw(uow, session.subject, session.id, by=account_id)
            raise

    def decline(self, session_id: str, account_id: str, *, not_started_by_me: bool) -> None:
        """The phone refuses; 不是我发起的 is kept for whoever looks into it.

        Raises AlreadyConsumed when the page was quicker to take what had been confirmed.
        """
        session = self.as_phone(session_id, account_id)
        with self.db.begin() as uow:
            event = "signing.not_started_by_me" if not_started_by_me else "signing.declined"
            if not page_grants.withdraw(uow, session.subject, session_id, by=account_id):
                raise AlreadyConsumed
            audit.record(uow, event, actor=account_id, subject=session.subject, session=session_id)
            if not_started_by_me:
                tell_not_mine(uow, session.subject, session_id, account_id)
        self.qr.decline(session_id, account_id, not_started_by_me=not_started_by_me)

    def _names(self, session: QrSession, account_id: str) -> frozenset[str]:
        """What the task may call this person; nothing is asked where nobody is named."""
        with self.db.read() as uow:
            task = queries.by_id(uow, session.subject)
            account = accounts.account(uow, account_id)
        if task.named_signer is None or task.partner_id is None:
            return frozenset()
        return names_of(self.keys, task.partner_id, account)

    def _bring_together(
        self, session: QrSession, account_id: str, shown: str | PageBrowser
    ) -> None:
        if isinstance(shown, str):
            self.qr.check_reference(session.id, account_id, shown)
        elif not shown.proof:
            raise ReferenceNeeded
        else:
            self.qr.accept_page_browser(session.id, account_id, shown.proof, holder=shown.holder)

    def _open(self, session_id: str, account_id: str, pin: str) -> OpenedPerson:
        try:
            return open_person(self.db, self.keys, account_id, pin)
        except WrongPin:
            self._tell_page(lambda: self.qr.note_wrong_pin(session_id, account_id))
            raise
        except PinLocked:
            self._tell_page(lambda: self.qr.fail(session_id, hint=Code.PIN_LOCKED))
            raise

    @staticmethod
    def _tell_page(act: Callable[[], object]) -> None:
        try:
            act()
        except QrSessionError:
            return  # The session ended meanwhile; the phone still learns what was wrong.


def _require_signing(session: QrSession) -> None:
    """A login is let in without a PIN: its way and the way of a signature never meet."""
    if session.purpose is not Purpose.SIGN:
        raise WrongPurpose
