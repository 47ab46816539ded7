"""Tables of seals and of their impressions, and the moves of one seal."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.clock import CHINA
from server.core.db import Base
from server.seals.errors import (
    NamesFormerRepresentative,
    SealCancelled,
    SealExpired,
    SealNotSuspended,
    SealSuspended,
    StoppedByName,
    StoppedByRepresentative,
    StoppedByStrikingOff,
    SuspendedByOwner,
    TooEarlyToRenew,
)

EXPIRING = timedelta(days=30)
# B4.2.2, B5.2.2: to the second, so that it is never more than ten days.
RENEWABLE = timedelta(days=10)


class SealKind(StrEnum):
    """The kinds of seals (F-19, F-25)."""

    COMPANY = "company"
    CONTRACT = "contract"
    FINANCE = "finance"
    INVOICE = "invoice"
    LEGAL_REPRESENTATIVE = "legal_representative"
    SQUARE = "square"
    HANDWRITTEN = "handwritten"


KIND_NAMES = {
    SealKind.COMPANY: "企业法定名称章",
    SealKind.CONTRACT: "合同专用章",
    SealKind.FINANCE: "财务专用章",
    SealKind.INVOICE: "发票专用章",
    SealKind.LEGAL_REPRESENTATIVE: "企业法定代表人章",
    SealKind.SQUARE: "个人方章",
    SealKind.HANDWRITTEN: "个人手绘章",
}


class SealStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a seal is suspended, the weakest first; the registry's news outweigh a person's wish."""

    ADMINISTRATOR = "administrator"
    OWNER = "owner"
    REPRESENTATIVE_CHANGED = "representative_changed"
    NAMES_FORMER_REPRESENTATIVE = "names_former_representative"
    NAME_CHANGED = "name_changed"
    STRUCK_OFF = "struck_off"


BY_HAND = (Reason.ADMINISTRATOR, Reason.OWNER)
_STOPPED: dict[Reason, type[SealSuspended]] = {
    Reason.REPRESENTATIVE_CHANGED: StoppedByRepresentative,
    Reason.NAMES_FORMER_REPRESENTATIVE: NamesFormerRepresentative,
    Reason.NAME_CHANGED: StoppedByName,
    Reason.STRUCK_OFF: StoppedByStrikingOff,
}


class SealState(StrEnum):
    """What a card says of a seal (P-42)."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


STATE_WORDS = {
    SealState.ACTIVE: "正常",
    SealState.EXPIRING: "即将到期",
    SealState.SUSPENDED: "已停用",
    SealState.EXPIRED: "已过期",
    SealState.CANCELLED: "已注销",
}


class Seal(Base):
    """An electronic seal of a company or a person; sizes in mm."""

    __tablename__ = "seals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32), index=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16), default=SealStatus.ACTIVE)
    width_mm: Mapped[float]
    height_mm: Mapped[float]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str | None] = mapped_column(String(32))
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def kind_name(self) -> str:
        return KIND_NAMES[SealKind(self.kind)]

    def state(self, now: datetime) -> SealState:
        """What is true of the seal now, its status and its period taken together."""
        if self.status == SealStatus.CANCELLED:
            return SealState.CANCELLED
        if now >= self.valid_until:
            return SealState.EXPIRED
        if self.status == SealStatus.SUSPENDED:
            return SealState.SUSPENDED
        return SealState.EXPIRING if now >= self.valid_until - EXPIRING else SealState.ACTIVE

    @property
    def reason(self) -> Reason | None:
        """Why it is suspended; what was suspended before reasons were kept, its owner suspended."""
        if self.status != SealStatus.SUSPENDED:
            return None
        return Reason(self.suspended_because or Reason.OWNER)

    @property
    def renewable_from(self) -> datetime:
        """From when on it may be renewed (F-28)."""
        return self.valid_until - RENEWABLE

    def require_usable(self, now: datetime) -> None:
        """Raise SealSuspended, SealCancelled or SealExpired unless it may seal now."""
        self.require_living(now)
        suspended = self.why_suspended()
        if suspended is not None:
            raise suspended
        if now < self.valid_from:
            raise SealExpired(seal=self.name)

    def require_living(self, now: datetime) -> None:
        """Raise SealCancelled or SealExpired for a seal that can only be applied for anew."""
        state = self.state(now)
        if state == SealState.CANCELLED:
            raise SealCancelled(seal=self.name)
        if state == SealState.EXPIRED:
            raise SealExpired(seal=self.name)

    def suspend(self, now: datetime, reason: Reason = Reason.OWNER) -> None:
        """Stop the seal by hand (F-29); raises what `require_usable` raises."""
        self.require_usable(now)
        self._stop(now, reason)

    def stop(self, now: datetime, reason: Reason) -> bool:
        """Stop a seal that fits the registry no more (P-39); whether that is news.

        Whatever stopped it before, the stronger reason is kept.
        """
        order = list(Reason)
        weaker = self.reason is None or order.index(self.reason) < order.index(reason)
        if self.status == SealStatus.CANCELLED or not weaker:
            return False
        self._stop(now, reason)
        return True

    def enable(self, now: datetime, *, by: Reason) -> None:
        """Let it seal again (F-29). `by`: OWNER, or ADMINISTRATOR for one who manages.

        Raises SealNotSuspended, SealCancelled, SealExpired, what stopped it while that stands, and
        SuspendedByOwner for an administrator who would undo what the representative has done.
        """
        self.require_living(now)
        suspended = self.why_suspended()
        if suspended is None:
            raise SealNotSuspended(seal=self.name)
        if self.reason not in BY_HAND:
            raise suspended
        if self.reason == Reason.OWNER and by != Reason.OWNER:
            raise SuspendedByOwner(seal=self.name)
        self.status = SealStatus.ACTIVE
        self.suspended_at = self.suspended_because = None

    def fit_again(self) -> None:
        """The new representative has taken over: what is left is his to enable (P-39)."""
        if self.reason == Reason.REPRESENTATIVE_CHANGED:
            self.suspended_because = Reason.OWNER

    def require_renewable(self, now: datetime) -> None:
        """Raise TooEarlyToRenew, or what `require_usable` raises (F-28)."""
        self.require_usable(now)
        if now < self.renewable_from:
            begins = self.renewable_from.astimezone(CHINA).isoformat()
            raise TooEarlyToRenew(seal=self.name, renewable_from=begins)

    def require_not_cancelled(self) -> None:
        """Raise SealCancelled for one that has ended for good."""
        if self.status == SealStatus.CANCELLED:
            raise SealCancelled(seal=self.name)

    def cancel(self, now: datetime) -> None:
        """End it for good, whatever stopped it before (F-30); raises SealCancelled."""
        self.require_not_cancelled()
        self.status, self.cancelled_at = SealStatus.CANCELLED, now

    def _stop(self, now: datetime, reason: Reason) -> None:
        self.status, self.suspended_because = SealStatus.SUSPENDED, reason
        self.suspended_at = self.suspended_at or now

    def why_suspended(self) -> SealSuspended | None:
        """What is told of its suspension; None when it is not suspended."""
        reason = self.reason
        if reason is None:
            return None
        return _STOPPED.get(reason, SealSuspended)(seal=self.name, reason=reason)


class SealImpression(Base):
    """The picture of a seal, drawn once; older versions are kept.

    `made` is the electronic seal (SES_Seal, DER) that the maker signed; `operators` are PDF
    operators (deflated, points), `preview` is a watermarked PNG for every place outside signing
    (P-49).
    """

    __tablename__ = "seal_impressions"
    __table_args__ = (UniqueConstraint("seal_id", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seal_id: Mapped[str] = mapped_column(ForeignKey("seals.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    operators: Mapped[bytes] = mapped_column(LargeBinary)
    svg: Mapped[str] = mapped_column(Text)
    preview: Mapped[bytes] = mapped_column(LargeBinary)
    made: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class ChangeKind(StrEnum):
    """What is done to a seal with the help of its maker: F-28, F-27."""

    RENEWAL = "renewal"
    IMPRESSION = "impression"


class ChangeState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class SealChange(Base):
    """A renewal or another impression: asked for by a person, carried out by the worker.

    `wish` is what was asked for: `{"valid_until": ...}` of a renewal, `{"font": ...}` or
    `{"strokes": ...}` of an impression. `failure` is a spoken problem.
    """

    __tablename__ = "seal_changes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seal_id: Mapped[str] = mapped_column(ForeignKey("seals.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=ChangeState.PENDING)
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
