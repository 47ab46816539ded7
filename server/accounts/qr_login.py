"""Logging in on a computer by the phone (qr-session.md; decision 0015).

The QR store decides: taking a confirmed session is one compare-and-set, and what is written after
it is this login's alone. If that writing fails nobody is logged in, and the person scans again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from qr_session import PageView, Phone, Purpose, QrSession, QrSessionService
from qr_session.errors import PageTokenRefused, QrSessionError, WrongPurpose, WrongState
from server.accounts import notices, queries, sessions
from server.accounts.models import Means
from server.accounts.news import News
from server.accounts.notices import About
from server.accounts.qr_refusals import refusals_noted
from server.accounts.sessions import Device
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.ids import new_secret

OWN_PAGES, OF_PARTNER = "own pages", "partner "
NOT_MINE = "login.not_started_by_me"
ID_LENGTH = 16


@dataclass(frozen=True)
class Asking:
    """The browser that shows the code, as the phone is told of it.

    `partner_login`: the login at a partner that it is for; empty for a login to our own pages.
    """

    system: str
    address: str
    partner_login: str = ""

    @property
    def subject(self) -> str:
        """How a QR session names a login. It ends with the session: a page that anybody may open
        writes nothing into the database."""
        kind = OF_PARTNER + self.partner_login if self.partner_login else OWN_PAGES
        return f"{kind}|{self.system}|{self.address}"

    @classmethod
    def of(cls, session: QrSession) -> Self:
        """Who asks for this login; raises WrongPurpose for any other session."""
        kind, _, rest = session.subject.partition("|")
        if session.purpose is not Purpose.LOGIN or not kind.startswith((OWN_PAGES, OF_PARTNER)):
            raise WrongPurpose
        system, _, address = rest.partition("|")
        partner_login = "" if kind == OWN_PAGES else kind.removeprefix(OF_PARTNER)
        return cls(system, address, partner_login)


@dataclass(frozen=True)
class CodePage:
    """One browser's page with a code to log in by; `held` is its cookie: the session's id and
    the browser's part of the page token. `partner_login` as in `Asking`."""

    qr: QrSessionService
    held: str
    partner_login: str = ""

    @property
    def session_id(self) -> str:
        """The session, if it is one of this page's own. PageTokenRefused, SessionUnknown,
        WrongPurpose."""
        session_id = self.held[:ID_LENGTH]
        if not session_id:
            raise PageTokenRefused
        if Asking.of(self.qr.peek(session_id)).partner_login != self.partner_login:
            raise WrongPurpose
        return session_id

    @property
    def token(self) -> str:
        return self.held[ID_LENGTH:]

    def view(self) -> PageView:
        """What the page shows."""
        return self.qr.view(self.session_id, self.token)

    def leave(self) -> None:
        """The session that this browser held, if any, ends."""
        try:
            self.qr.cancel_by_page(self.session_id, self.token)
        except QrSessionError:
            return

    def not_me(self, db: Database) -> PageView:
        """A stranger has scanned: the session ends, and his account is written down."""
        view = self.qr.cancel_by_page(self.session_id, self.token)
        phone = self.qr.peek(view.id).phone
        if phone is not None:
            told = {"subject": phone.account, "session": view.id}
            with db.begin() as uow:
                audit.record(uow, "login.refused_at_page", actor="page", **told)
        return view


@dataclass(frozen=True)
class LoginPage(CodePage):
    """The login page of our own."""

    @classmethod
    def begun(cls, qr: QrSessionService, held: str, asking: Asking) -> Self:
        """A fresh session under a fresh token, whatever the cookie was: one that somebody else
        planted must not end up as the key to this login (S-10)."""
        cls(qr, held).leave()
        token = new_secret()
        created = qr.create(purpose=Purpose.LOGIN, subject=asking.subject, page_token=token)
        return cls(qr, created.id + token)

    def take(self) -> QrSession:
        """The person at the page has agreed to the masked name: the phone's account, once."""
        return self.qr.consume(self.session_id, self.token, purpose=Purpose.LOGIN)


def log_in(uow: UnitOfWork, taken: QrSession, device: Device, *, instead_of: str | None) -> str:
    """Open a computer's session for the account that confirmed; its token, shown once.

    `instead_of`: the token of an earlier login of this browser, which ends.
    """
    if taken.phone is None:
        raise WrongState
    if instead_of and (found := queries.session_by_token(uow, instead_of, device.kind)):
        sessions.log_out(uow, found[0].id)
    account = queries.account(uow, taken.phone.account)
    return sessions.open_session(uow, account, device, Means.QR, session=taken.id)


@dataclass(frozen=True)
class LoginDesk:
    """Serves one phone that is asked to let a computer in."""

    db: Database
    qr: QrSessionService

    def scan(
        self,
        session_id: str,
        ticket: str,
        *,
        holder: str,
        phone: Phone,
        known_as: Collection[str] = (),
    ) -> QrSession:
        """Take the session for this phone; the first wins. See `QrSessionService.scan`."""
        Asking.of(self.qr.peek(session_id))
        with refusals_noted(self.db, session_id, phone.account):
            return self.qr.scan(
                ticket, holder=holder, phone=phone, session_id=session_id, known_as=known_as
            )

    def as_phone(self, session_id: str, account_id: str) -> QrSession:
        """The login, for the phone that scanned it; WrongPurpose for a session to be signed."""
        with refusals_noted(self.db, session_id, account_id):
            session = self.qr.as_phone(session_id, account_id)
        Asking.of(session)
        return session

    def confirm(self, session_id: str, account_id: str, reference_code: str) -> QrSession:
        """The right number picked: let the computer in, once the person there agrees."""
        self.as_phone(session_id, account_id)
        with refusals_noted(self.db, session_id, account_id):
            self.qr.check_reference(session_id, account_id, reference_code)
        self._note("login.confirmed", session_id, account_id)
        return self.qr.confirm(session_id, account_id)

    def decline(self, session_id: str, account_id: str, *, not_started_by_me: bool) -> None:
        """The phone refuses; 不是我发起的 is kept for whoever looks into it."""
        self.as_phone(session_id, account_id)
        event = NOT_MINE if not_started_by_me else "login.declined"
        self._note(event, session_id, account_id)
        self.qr.decline(session_id, account_id, not_started_by_me=not_started_by_me)

    def _note(self, event: str, session_id: str, account_id: str) -> None:
        with self.db.begin() as uow:
            audit.record(uow, event, actor=account_id, subject=account_id, session=session_id)
            if event == NOT_MINE:
                about: About = {"subject": session_id, "words": {}, "once": session_id}
                notices.tell(uow, account_id, News.LOGIN_NOT_MINE, **about)
