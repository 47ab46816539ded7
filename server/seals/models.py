"""Tables of seals and of their impressions, and the moves of one seal."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.seals.errors import SealCancelled, SealExpired, SealSuspended

EXPIRING = timedelta(days=30)


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

    def require_usable(self, now: datetime) -> None:
        """Raise SealSuspended, SealCancelled or SealExpired unless it may seal now."""
        state = self.state(now)
        if state == SealState.CANCELLED:
            raise SealCancelled(seal=self.name)
        if state == SealState.SUSPENDED:
            raise SealSuspended(seal=self.name)
        if state == SealState.EXPIRED or now < self.valid_from:
            raise SealExpired(seal=self.name)

    def suspend(self, now: datetime) -> None:
        """Stop the seal (F-29); raises what `require_usable` raises."""
        self.require_usable(now)
        self.status, self.suspended_at = SealStatus.SUSPENDED, now


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
