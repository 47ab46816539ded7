"""Tables of grants and of uses of seals, and the moves of each row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.grants.errors import GrantEnded, GrantExhausted, LostReservation


class GrantRole(StrEnum):
    """管理员 may use and manage; 经办人 (被授权人) may only use (F-31)."""

    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


class GrantStatus(StrEnum):
    """States and labels of Settled 2; expired and exhausted follow from the row's numbers."""

    PENDING_CERTIFICATE = "pending_certificate"
    PENDING_ACCEPTANCE = "pending_acceptance"
    ACTIVE = "active"
    REVOKED = "revoked"


class Grant(Base):
    """A company's permission for one person to use some of its seals."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(ForeignKey("enterprises.id"), index=True)
    grantee_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    granted_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(24))
    # None means all seals of the company, also later ones.
    seal_ids: Mapped[list[str] | None] = mapped_column(JSON)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    most_uses: Mapped[int | None]
    # Counts reservations too, so that ten at once cannot pass a limit of three.
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    def covers(self, seal_id: str) -> bool:
        return self.seal_ids is None or seal_id in self.seal_ids

    def is_usable(self, now: datetime) -> bool:
        begun = self.status == GrantStatus.ACTIVE and self.starts_at <= now
        return begun and (self.ends_at is None or now < self.ends_at)

    def take_use(self, now: datetime) -> None:
        """Count one use before it happens; raises GrantEnded or GrantExhausted."""
        if not self.is_usable(now):
            raise GrantEnded()
        if self.most_uses is not None and self.uses >= self.most_uses:
            raise GrantExhausted(most_uses=self.most_uses)
        self.uses += 1

    def give_back_use(self) -> None:
        self.uses -= 1


class UseState(StrEnum):
    RESERVED = "reserved"
    DONE = "done"
    RELEASED = "released"


class SealUse(Base):
    """One use: one sealed document, reserved before the work and settled after it.

    `fence` grows each time a worker takes the reservation up; only the newest may settle it.
    `grant_id` is empty when the owner or legal representative seals by his own right.
    """

    __tablename__ = "seal_uses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # One reservation for each task and attempt: a second confirmation cannot start a second one.
    reservation_key: Mapped[str] = mapped_column(String(96), unique=True)
    task_id: Mapped[str] = mapped_column(String(32), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    enterprise_id: Mapped[str | None] = mapped_column(String(32), index=True)
    grant_id: Mapped[str] = mapped_column(String(32), default="")
    state: Mapped[str] = mapped_column(String(16), default=UseState.RESERVED)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime]
    document_digest: Mapped[str] = mapped_column(String(64))
    placements_digest: Mapped[str] = mapped_column(String(64))
    seals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    partner_id: Mapped[str] = mapped_column(String(32))
    document_name: Mapped[str] = mapped_column(String(255))
    reserved_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def take_up(self, lease_until: datetime) -> int:
        """A worker begins; the fencing number it must show when it settles."""
        self._require_reserved()
        self.fence += 1
        self.lease_until = lease_until
        return self.fence

    def complete(self, fence: int, now: datetime) -> None:
        """The document exists; raises LostReservation when another worker has taken over."""
        self._require_reserved(fence)
        self.state, self.settled_at = UseState.DONE, now

    def release(self, now: datetime) -> None:
        """Nothing was sealed; the use is given back."""
        self._require_reserved()
        self.state, self.settled_at = UseState.RELEASED, now

    def _require_reserved(self, fence: int | None = None) -> None:
        if self.state != UseState.RESERVED or fence not in (None, self.fence):
            raise LostReservation()
