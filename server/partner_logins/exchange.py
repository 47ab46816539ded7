"""A partner's back end takes a login by its code: once, by its key and the verifier (RFC 7636)."""

import hmac
import logging
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from qr_session import QrSession, QrSessionService, State
from qr_session.errors import LoginCodeRefused, SessionUnknown
from server.accounts import queries as accounts
from server.accounts.models import Account
from server.accounts.qr_login import ID_LENGTH
from server.core import audit, idempotency
from server.core.db import Database, UnitOfWork
from server.core.idempotency import Once
from server.grants.rights import Right, companies_of
from server.partner_logins import queries
from server.partner_logins.errors import LoginSessionEnded, WrongCodeVerifier
from server.partner_logins.models import PartnerLogin
from server.partners.models import Partner
from server.providers.keys import Keys

log = logging.getLogger(__name__)
SUBJECT_BYTES = 20


@dataclass(frozen=True)
class Given:
    """What the partner's back end brings: the code of the address, and what it kept for itself."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class LoggedIn:
    """Who has logged in, as far as this partner may know. `companies` is None for a partner that
    is not told of them; `subject` names the person at this partner alone, and stays the same.
    """

    login: PartnerLogin
    subject: str
    account: Account
    at: datetime
    companies: tuple[Right, ...] | None


@dataclass(frozen=True)
class ExchangeDesk:
    """Serves the back ends of partners. The QR store decides who takes a code, the row follows: if
    it cannot be written, nobody is logged in (decision 0015)."""

    db: Database
    keys: Keys
    qr: QrSessionService

    def exchange(self, partner: Partner, given: Given, once: Once) -> LoggedIn:
        """The person behind a code. Repeated with its Idempotency-Key it answers the same.

        Raises LoginCodeRefused for a code that is unknown, used, too old or another partner's,
        WrongCodeVerifier, LoginSessionEnded. What looks like theft is written down and told to
        the operator.
        """
        taken = self._taken_before(once)
        if taken is None:
            login, account_id = self._of_code(partner, given.code)
            # Before the code is spent: a key holder that is away costs nobody his login.
            subject = self._subject(partner, account_id)
            taken = self._redeem(login, given, once)
            taken = taken or self._write_down(login, account_id, once)
        else:
            subject = self._subject(partner, taken.account_id or "")
        return self._told(partner, taken, subject)

    def _taken_before(self, once: Once) -> PartnerLogin | None:
        with self.db.read() as uow:
            made = idempotency.made_before(uow, once)
            return queries.by_id(uow, made) if made else None

    def _of_code(self, partner: Partner, code: str) -> tuple[PartnerLogin, str]:
        """The login of a code and the account of its phone; the code itself is not judged yet."""
        session = self._session(code[:ID_LENGTH])
        with self.db.read() as uow:
            login = queries.by_session(uow, session.id)
        if login is None or session.phone is None:
            raise LoginCodeRefused
        if login.partner_id != partner.id:
            self._alarm(login, "other_partner", by=partner.id)
            raise LoginCodeRefused
        return login, session.phone.account

    def _session(self, session_id: str) -> QrSession:
        try:
            return self.qr.peek(session_id)
        except SessionUnknown:
            raise LoginCodeRefused from None

    def _redeem(self, login: PartnerLogin, given: Given, once: Once) -> PartnerLogin | None:
        """Spend the code; or the login, when this very request has just taken it.

        A wrong verifier has spent the code too: somebody else has brought it.
        """
        try:
            self.qr.redeem_login_code(given.code)
        except LoginCodeRefused:
            if self._session(given.code[:ID_LENGTH]).state is State.CONSUMED:
                # A request that is sent again is no thief.
                if made := idempotency.made_meanwhile(self.db, once):
                    with self.db.read() as uow:
                        return queries.by_id(uow, made)
                self._alarm(login, "used_again", by=login.partner_id)
            raise
        if not hmac.compare_digest(challenge_of(given.verifier), login.code_challenge):
            self._alarm(login, "wrong_verifier", by=login.partner_id)
            with self.db.begin() as uow:
                queries.locked(uow, login.id).refuse(uow.now)
            raise WrongCodeVerifier()
        return None

    def _write_down(self, login: PartnerLogin, account_id: str, once: Once) -> PartnerLogin:
        with self.db.begin() as uow:
            row = queries.locked(uow, login.id)
            if accounts.account(uow, account_id).closed_at is not None:
                raise LoginSessionEnded()
            row.complete(account_id, uow.now)
            idempotency.remember(uow, once, row.id)
            told = {"partner": row.partner_id, "session": row.qr_session_id}
            audit.record(uow, "partner_login.completed", actor=account_id, subject=row.id, **told)
            return row

    def _told(self, partner: Partner, taken: PartnerLogin, subject: str) -> LoggedIn:
        with self.db.read() as uow:
            account = accounts.account(uow, taken.account_id or "")
            companies = _companies(uow, partner, account)
        return LoggedIn(taken, subject, account, taken.settled_at or taken.created_at, companies)

    def _subject(self, partner: Partner, account_id: str) -> str:
        """A name of the person that two partners cannot compare: a keyed digest of the pair."""
        # Each pair has a budget of calls of its own: the person's own is not for partners to use.
        pair = f"{partner.id} {account_id}"
        digest = self.keys.hmac("partner_subject", pair)
        return f"sub-{digest[:SUBJECT_BYTES].hex()}"

    def _alarm(self, login: PartnerLogin, reason: str, *, by: str) -> None:
        """In a transaction of its own, as the refusal rolls everything else back."""
        with self.db.begin() as uow:
            audit.record(
                uow, "partner_login.code_misused", actor=by, subject=login.id, reason=reason
            )
        log.error("login_code_misused", extra={"login": login.id, "reason": reason})


def challenge_of(verifier: str) -> str:
    """`code_challenge` by S256: base64url of the SHA-256, without padding (RFC 7636 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _companies(uow: UnitOfWork, partner: Partner, account: Account) -> tuple[Right, ...] | None:
    if not partner.login_shows_companies:
        return None
    return tuple(companies_of(uow, account.id))
