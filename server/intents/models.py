"""Tables of proofs of intent, and of what verifies the use of an owner's seals."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.intents.actions import IntentMethod, Subject
from server.intents.errors import IntentExpired, IntentNeeded, IntentRefused, IntentSpent

PROVE_WITHIN = timedelta(minutes=10)
USE_WITHIN = timedelta(minutes=5)


class VerificationMethod(StrEnum):
    """用章核验方式 (F-23): by what each use of an owner's seals is verified."""

    PIN = "pin"
    PASSWORD = "password"  # noqa: S105 - the name of a method, not a password
    SMS = "sms"
    FACE = "face"


class Intent(Base):
    """One person's proof, in one login, that he wants one act on what `subject_digest` covers.

    `phone_index` is where the code of method `sms` went, `face_check_id` the check of `face`.
    """

    __tablename__ = "intents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("account_sessions.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    action: Mapped[str] = mapped_column(String(32))
    subject_digest: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(8))
    phone_index: Mapped[str] = mapped_column(String(64), default="")
    face_check_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    begun_at: Mapped[datetime] = mapped_column(index=True)
    proved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    def require_own(self, session_id: str, account_id: str, method: IntentMethod) -> None:
        """Raise IntentRefused for another login, person or method than those it was begun with."""
        asked = (self.session_id, self.account_id, self.method)
        if asked != (session_id, account_id, method):
            raise IntentRefused()

    def prove(self, now: datetime) -> None:
        """Its secret was right; a second time changes nothing. Raises IntentExpired."""
        if self.proved_at is not None:
            return
        self.require_in_time(now)
        self.proved_at = now

    def require_in_time(self, now: datetime) -> None:
        """Raise IntentExpired when it can no longer be proved."""
        if now >= self.begun_at + PROVE_WITHIN:
            raise IntentExpired()

    def use(self, subject: Subject, now: datetime) -> None:
        """Spend it on this very subject. IntentRefused, IntentSpent, IntentNeeded, IntentExpired.

        A method that the subject does not allow was refused when it began, and stays refused.
        """
        if self.subject_digest != subject.digest or self.method not in subject.methods:
            raise IntentRefused()
        if self.used_at is not None:
            raise IntentSpent()
        if self.proved_at is None:
            self.require_in_time(now)
            raise IntentNeeded()
        if now >= self.proved_at + USE_WITHIN:
            raise IntentExpired()
        self.used_at = now


class OwnerMethod(Base):
    """What verifies the use of one owner's seals; a row once somebody has chosen.

    `password_digest` is of 核验密码, and empty for the other methods.
    """

    __tablename__ = "verification_methods"
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32), index=True)
    method: Mapped[str] = mapped_column(String(16))
    password_digest: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]
