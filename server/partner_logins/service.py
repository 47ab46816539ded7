"""Logins that partners ask for: made, opened in a browser, followed, cancelled."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, delete, or_

from qr_session import Code, QrSession, QrSessionError, QrSessionService, State, Status
from qr_session.errors import SessionUnknown
from server.accounts.models import Account
from server.accounts.named_signer import names_of
from server.accounts.qr_login import Asking
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError
from server.core.ids import fingerprint, new_id, new_secret
from server.partner_logins import queries
from server.partner_logins.errors import LoginSessionEnded
from server.partner_logins.models import Outcome, PartnerLogin
from server.partner_logins.page import PartnerLoginPage
from server.partners.models import Partner
from server.partners.return_urls import check_login_return_url
from server.providers.keys import Keys


@dataclass(frozen=True)
class NewLogin:
    """What a partner asks for. `code_challenge` is that of RFC 7636 4.2, by S256."""

    code_challenge: str
    return_url: str | None = None
    state: str = ""
    named_signer: str | None = None


@dataclass(frozen=True)
class Standing:
    """Where a login stands, in the three words of every QR session, its state and its hint."""

    status: Status
    state: State
    hint: Code


@dataclass(frozen=True)
class OpeningBrowser:
    """The browser that opens a page: its secret name, its cookie of this page, and what the phone
    is told of it."""

    name: str
    held: str
    asking: Asking


KEEP_NOTHING, KEEP = timedelta(days=1), timedelta(days=183)
SETTLED = {
    Outcome.COMPLETE: Standing(Status.COMPLETE, State.CONSUMED, Code.CONSUMED),
    Outcome.CANCELLED: Standing(Status.FAILED, State.CANCELLED, Code.CANCELLED_BY_PARTNER),
    Outcome.REFUSED: Standing(Status.FAILED, State.FAILED, Code.VERIFICATION_FAILED),
}
EXPIRED = Standing(Status.FAILED, State.EXPIRED, Code.EXPIRED_UNSCANNED)


def create(uow: UnitOfWork, partner: Partner, new: NewLogin) -> PartnerLogin:
    """A login that nobody has opened yet. Raises LoginsNotRegistered, ReturnUrlNotRegistered."""
    login = PartnerLogin(
        id=new_id("plog"),
        partner_id=partner.id,
        return_url=check_login_return_url(partner, new.return_url),
        state=new.state,
        code_challenge=new.code_challenge,
        named_signer=new.named_signer,
        open_until=uow.now,
        created_at=uow.now,
    )
    uow.session.add(login)
    uow.session.flush()
    audit.record(uow, "partner_login.created", actor=partner.id, subject=login.id)
    return login


def new_open_token(uow: UnitOfWork, login: PartnerLogin) -> str:
    """A token for one opening of the page within two minutes; the earlier one dies."""
    token = new_secret()
    login.offer(fingerprint(token), uow.now)
    return token


def standing(db: Database, qr: QrSessionService, login: PartnerLogin) -> Standing:
    """Where it stands now. Raises Unavailable while the QR store is away."""
    if login.outcome in SETTLED:
        return SETTLED[Outcome(login.outcome)]
    session = _session(qr, login)
    if session is not None:
        return _by_session(session)
    waits = login.qr_session_id is None and db.clock.now() < login.ends_at
    return Standing(Status.PENDING, State.PENDING, Code.OUTSTANDING) if waits else EXPIRED


def open_page(
    db: Database, qr: QrSessionService, login_id: str, open_token: str | None, by: OpeningBrowser
) -> PartnerLoginPage:
    """The page of this browser: the one that it holds, or one that the link's token opens.

    A page that another browser had open before is over. Raises LoginSessionNotFound,
    OpenTokenRefused, OpenTokenExpired, LoginSessionEnded, and PageTokenRefused without a token.
    """
    held = PartnerLoginPage(qr, by.held, login_id, by.name)
    with db.read() as uow:
        login = queries.by_id(uow, login_id)
    digest = fingerprint(open_token or "")
    if not open_token or (held.is_shown and not login.is_open_token(digest)):
        held.view()
        return held
    login.require_open_token(digest, db.clock.now())
    if standing(db, qr, login).status is not Status.PENDING:
        raise LoginSessionEnded()
    return _shown(db, qr, PartnerLoginPage.begun_for(qr, login, by.name, by.asking), digest)


def names_at(
    db: Database, keys: Keys, qr: QrSessionService, session_id: str, account: Account
) -> frozenset[str]:
    """What the login of this QR session may call this person, if it names somebody (P-05)."""
    asking = Asking.of(qr.peek(session_id))
    if not asking.partner_login:
        return frozenset()
    with db.read() as uow:
        login = queries.by_id(uow, asking.partner_login)
    if login.named_signer is None:
        return frozenset()
    return names_of(keys, login.partner_id, account)


def cancel(uow: UnitOfWork, qr: QrSessionService, login: PartnerLogin) -> None:
    """End it, and its code with it; raises LoginSessionComplete."""
    was = login.outcome
    login.cancel(uow.now)
    if was == Outcome.OPEN:
        audit.record(uow, "partner_login.cancelled", actor=login.partner_id, subject=login.id)
        session_id = login.qr_session_id
        uow.after_commit(lambda: end_session(qr, session_id, Code.CANCELLED_BY_PARTNER))


def sweep(uow: UnitOfWork) -> None:
    """Forget logins that came to nothing after a day, and the others after half a year."""
    nothing = (PartnerLogin.account_id.is_(None), PartnerLogin.created_at <= uow.now - KEEP_NOTHING)
    old = PartnerLogin.created_at <= uow.now - KEEP
    uow.session.execute(delete(PartnerLogin).where(or_(and_(*nothing), old)))


def end_session(qr: QrSessionService, session_id: str | None, hint: Code) -> None:
    """The code dies; a session that has ended stays as it is."""
    try:
        if session_id:
            qr.cancel(session_id, hint=hint)
    except QrSessionError:
        return


def _shown(
    db: Database, qr: QrSessionService, page: PartnerLoginPage, digest: str
) -> PartnerLoginPage:
    """Write down which session the page shows. The token is taken here, once: of two browsers
    that bring it at a time the other's session is dropped."""
    session_id = page.session_id
    try:
        with db.begin() as uow:
            login = queries.locked(uow, page.partner_login)
            before = login.qr_session_id
            login.be_shown(session_id, digest, uow.now)
            audit.record(
                uow, "partner_login.opened", actor="page", subject=login.id, session=session_id
            )
    except (DomainError, QrSessionError):
        end_session(qr, session_id, Code.CANCELLED_BY_PAGE)
        raise
    end_session(qr, before, Code.CANCELLED_BY_PAGE)
    return page


def _session(qr: QrSessionService, login: PartnerLogin) -> QrSession | None:
    try:
        return qr.peek(login.qr_session_id) if login.qr_session_id else None
    except SessionUnknown:
        return None


def _by_session(session: QrSession) -> Standing:
    if session.state is State.CONSUMED:
        # Taken, and not written down yet: complete is what the row says.
        return Standing(Status.PENDING, State.CONFIRMED, Code.CONFIRMED)
    return Standing(session.status, session.state, session.hint)
