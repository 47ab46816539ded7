"""Tables of certifications: one row for each person and turn, and the form that each of them sees.

A row says itself what may happen to it; the order of the turns is the service's.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.applications.certification_errors import (
    CertificationElsewhere,
    CertificationFaceOld,
    CertificationLinkExpired,
    CertificationNotYourTurn,
    CertificationStep,
    CertificationTextsUsedUp,
    CertificationTextTooSoon,
)
from server.core.db import Base

# From 完成身份认证 to the signature: who goes away for longer shows his face again.
FACE_GOOD_FOR = timedelta(minutes=15)
PAUSE = timedelta(seconds=60)
MOST_TEXTS = 10


class CertificationState(StrEnum):
    """How far one person has come."""

    WAITING = "waiting"
    SENT = "sent"
    OPENED = "opened"
    READ = "read"
    IDENTIFIED = "identified"
    DONE = "done"


S = CertificationState
_ORDER = list(CertificationState)


class Certification(Base):
    """One person's certification of one application (双人认证 has two, the same person too).

    The link's token is kept as a digest; `holder` is the digest of the browser that opened it.
    """

    __tablename__ = "certifications"
    __table_args__ = (UniqueConstraint("application_id", "turn"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    party_id: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(16), default=CertificationState.WAITING)
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    texts: Mapped[int] = mapped_column(default=0)
    holder: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime | None]
    form_digest: Mapped[str] = mapped_column(String(64), default="")
    read_at: Mapped[datetime | None]
    consent_version: Mapped[str] = mapped_column(String(16), default="")
    face_check_id: Mapped[str] = mapped_column(String(32), default="")
    face_result_id: Mapped[str] = mapped_column(String(64), default="")
    identified_at: Mapped[datetime | None]
    signature_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    signature_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    done_at: Mapped[datetime | None]

    @property
    def is_done(self) -> bool:
        return self.state == S.DONE

    def has_passed(self, state: CertificationState) -> bool:
        """Whether this step, or one after it, has been taken."""
        return _ORDER.index(S(self.state)) >= _ORDER.index(state)

    def is_held_by(self, holder: str) -> bool:
        """Whether this browser (its digest) has opened the link."""
        return bool(self.holder) and compare_digest(self.holder, holder)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the face was shown so shortly ago that a signature counts."""
        return self.identified_at is not None and now < self.identified_at + FACE_GOOD_FOR

    def require_link(self, now: datetime) -> None:
        """Raise CertificationNotYourTurn or CertificationLinkExpired unless the link lives."""
        if self.state == S.WAITING:
            raise CertificationNotYourTurn(turn=self.turn)
        if self.link_expires_at is not None and now >= self.link_expires_at:
            raise CertificationLinkExpired()

    def require_holder(self, holder: str) -> None:
        """Raise CertificationElsewhere for another browser, CertificationStep before 前往签署."""
        if not self.holder:
            raise CertificationStep(step="open")
        if not self.is_held_by(holder):
            raise CertificationElsewhere()

    def open(self, holder: str, now: datetime) -> None:
        """The first browser holds the link from now on. CertificationElsewhere."""
        if not self.holder:
            self.state, self.holder, self.opened_at = S.OPENED, holder, now
        self.require_holder(holder)

    def read(self, form_digest: str, now: datetime) -> None:
        """The form was looked through (SHA-256 of the very bytes); once more changes nothing."""
        if not self.has_passed(S.READ):
            self._require(S.OPENED, "open")
            self.state, self.form_digest, self.read_at = S.READ, form_digest, now

    def require_read(self) -> None:
        """Raise CertificationStep before the form was looked through."""
        if not self.has_passed(S.READ):
            raise CertificationStep(step="read")

    def begin_check(self, check_id: str, consent_version: str) -> None:
        """A face is going to be shown for this row; the newest check alone counts."""
        self._require(S.READ, "read")
        self.face_check_id, self.consent_version = check_id, consent_version

    def identify(self, result_id: str, now: datetime) -> None:
        """完成身份认证: the face has passed."""
        self._require(S.READ, "read")
        self.state, self.identified_at, self.face_result_id = S.IDENTIFIED, now, result_id

    def forget_old_face(self, now: datetime) -> None:
        """Who was away for too long is again where he had only read the form."""
        if self.state == S.IDENTIFIED and not self.is_fresh(now):
            self.state, self.identified_at = S.READ, None
            self.face_check_id = self.face_result_id = ""

    def require_identified(self, now: datetime) -> None:
        """Raise CertificationStep, CertificationFaceOld."""
        self._require(S.IDENTIFIED, "face")
        if not self.is_fresh(now):
            raise CertificationFaceOld()

    def sign(self, digest: str, key: bytes, now: datetime) -> None:
        """The signature is there. What `require_identified` raises."""
        self.require_identified(now)
        self.signature_digest, self.signature_key = digest, key
        self.state, self.done_at = S.DONE, now

    def forget_signature(self) -> None:
        """The strokes are forgotten; what the hand wrote stands in the forms that were read."""
        self.signature_digest = self.signature_key = None

    def require_may_send(self, now: datetime) -> None:
        """Raise CertificationNotYourTurn, CertificationTextTooSoon, CertificationTextsUsedUp."""
        if self.state == S.WAITING:
            raise CertificationNotYourTurn(turn=self.turn)
        if self.is_done:
            raise CertificationStep(step="done")
        if self.sent_at is not None and now < self.sent_at + PAUSE:
            left = (self.sent_at + PAUSE - now).total_seconds()
            raise CertificationTextTooSoon(retry_after=max(1, round(left)))
        if self.texts >= MOST_TEXTS:
            raise CertificationTextsUsedUp()

    def take_link(self, digest: str, now: datetime, life: timedelta) -> None:
        """A new link; the one before is dead, and who had it open begins anew."""
        self.state, self.link_digest, self.link_expires_at = S.SENT, digest, now + life
        self.holder, self.face_check_id, self.face_result_id = "", "", ""
        self.opened_at = self.read_at = self.identified_at = None

    def _require(self, state: CertificationState, step: str) -> None:
        if self.state != state:
            raise CertificationStep(step="done" if self.has_passed(state) else step)


class ApplicationForm(Base):
    """The form of an application with so many signatures; the one with all of them is `sealed`.

    `digest` names the blob, which is closed for the application's id; `sha256` is of the PDF.
    """

    __tablename__ = "application_forms"
    __table_args__ = (UniqueConstraint("application_id", "signatures", "sealed"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    signatures: Mapped[int]
    sealed: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    key_closed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    made_at: Mapped[datetime]

    def seal(self, digest: str, key: bytes, sha256: str) -> None:
        """The platform has signed it: the sealed PDF takes the place of the one before."""
        self.digest, self.key_closed, self.sha256 = digest, key, sha256
        self.sealed = True
