"""The table of logins at partners, and the moves of a row."""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from qr_session.errors import OpenTokenExpired, OpenTokenRefused
from server.core.db import Base
from server.partner_logins.errors import LoginSessionComplete, LoginSessionEnded

OPEN_TOKEN_LIFE = timedelta(seconds=120)
LIFE = timedelta(minutes=15)


class Outcome(StrEnum):
    """How a login ended by the word of the partner's back end; until then the QR session tells."""

    OPEN = ""
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class PartnerLogin(Base):
    """One login that a partner asked for. Its QR session is made when its page is opened; a page
    opened later takes over. `named_signer` is a digest of `accounts/named_signer.py`.
    """

    __tablename__ = "partner_logins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partners.id"), index=True)
    return_url: Mapped[str] = mapped_column(String(1024))
    state: Mapped[str] = mapped_column(String(256), default="")
    code_challenge: Mapped[str] = mapped_column(String(43))
    named_signer: Mapped[str | None] = mapped_column(String(64))
    open_digest: Mapped[str] = mapped_column(String(64), default="")
    open_until: Mapped[datetime]
    qr_session_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    outcome: Mapped[str] = mapped_column(String(16), default=Outcome.OPEN)
    account_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]

    @property
    def ends_at(self) -> datetime:
        """Until when its page may be opened; a QR session has a life of its own from then on."""
        return self.created_at + LIFE

    def offer(self, open_digest: str, now: datetime) -> None:
        """One opening of the page within two minutes; an earlier offer is void."""
        self.open_digest, self.open_until = open_digest, now + OPEN_TOKEN_LIFE

    def is_open_token(self, digest: str) -> bool:
        return bool(self.open_digest) and hmac.compare_digest(self.open_digest, digest)

    def require_open_token(self, digest: str, now: datetime) -> None:
        """Raise OpenTokenRefused, OpenTokenExpired or LoginSessionEnded."""
        if not self.is_open_token(digest):
            raise OpenTokenRefused
        if now >= self.open_until:
            raise OpenTokenExpired
        self._require_open()
        if now >= self.ends_at:
            raise LoginSessionEnded()

    def be_shown(self, qr_session_id: str, digest: str, now: datetime) -> None:
        """A browser has opened the page, and shows this QR session's code."""
        self.require_open_token(digest, now)
        self.open_digest, self.qr_session_id = "", qr_session_id

    def complete(self, account_id: str, now: datetime) -> None:
        """The partner has taken it; raises LoginSessionEnded."""
        self._settle(Outcome.COMPLETE, now)
        self.account_id = account_id

    def refuse(self, now: datetime) -> None:
        """It was asked for by somebody who did not begin it."""
        self._settle(Outcome.REFUSED, now)

    def cancel(self, now: datetime) -> None:
        """Final; repeating it changes nothing. Raises LoginSessionComplete."""
        if self.outcome == Outcome.COMPLETE:
            raise LoginSessionComplete()
        if self.outcome == Outcome.OPEN:
            self._settle(Outcome.CANCELLED, now)

    def _settle(self, outcome: Outcome, now: datetime) -> None:
        self._require_open()
        self.outcome, self.settled_at, self.open_digest = outcome, now, ""

    def _require_open(self) -> None:
        if self.outcome != Outcome.OPEN:
            raise LoginSessionEnded()
