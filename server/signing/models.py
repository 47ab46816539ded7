"""Tables of signing tasks and of the grants that pages hold, and the moves of each row."""

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.signing.errors import (
    GrantOver,
    OpenTokenExpired,
    OpenTokenRefused,
    OtherSigner,
    PageLivesInTab,
    TaskEnded,
    WrongTaskState,
)

TASK_LIFE = timedelta(hours=24)


class TaskStatus(StrEnum):
    """Where a signing task stands; `failed` can be tried again, the last two cannot."""

    AWAITING_SIGNER = "awaiting_signer"
    AUTHORIZED = "authorized"
    SEALING = "sealing"
    SEALED = "sealed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OPEN = (TaskStatus.AWAITING_SIGNER, TaskStatus.AUTHORIZED, TaskStatus.FAILED)


class SigningTask(Base):
    """One file to be sealed, for a partner, or without one for the signer himself (`own`).

    `named_signer` is a digest of `named_signer.py`.

    The page that shows it is known by `page_digest`; what is sealed to `page_point` only that
    page can open. `placements` and `straddles` are a draft until 确认签署; then they, and the
    `slices` into which the straddled seals were cut, are frozen under `placements_digest`.
    """

    __tablename__ = "signing_tasks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    partner_id: Mapped[str | None] = mapped_column(ForeignKey("partners.id"), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"))
    title: Mapped[str] = mapped_column(String(160))
    user_reference: Mapped[str] = mapped_column(String(64))
    return_url: Mapped[str | None] = mapped_column(String(1024))
    named_signer: Mapped[str | None] = mapped_column(String(64))
    every_page: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(24), default=TaskStatus.AWAITING_SIGNER)
    qr_session_id: Mapped[str] = mapped_column(String(32), default="")
    open_digest: Mapped[str] = mapped_column(String(64), default="")
    open_until: Mapped[datetime | None]
    page_digest: Mapped[str] = mapped_column(String(64), default="")
    page_point: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    page_browser: Mapped[str] = mapped_column(String(64), default="")
    page_address: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime | None]
    public_computer: Mapped[bool] = mapped_column(default=False)
    signer_id: Mapped[str | None] = mapped_column(String(32))
    page_grant_id: Mapped[str] = mapped_column(String(32), default="")
    placements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    straddles: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    slices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    placements_digest: Mapped[str] = mapped_column(String(64), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    sealed_document_id: Mapped[str | None] = mapped_column(String(32))
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]

    @property
    def seal_count(self) -> int:
        """How many seals were placed; a straddled seal is one, however many slices it has."""
        return len(self.placements) + len(self.straddles)

    def is_open_token(self, digest: str) -> bool:
        return bool(self.open_digest) and hmac.compare_digest(self.open_digest, digest)

    def take_open_token(self, digest: str, now: datetime) -> None:
        """Spend the open token: once, within its life. OpenTokenRefused, OpenTokenExpired."""
        if not self.is_open_token(digest):
            raise OpenTokenRefused()
        if self.open_until is None or now >= self.open_until:
            raise OpenTokenExpired()
        self.drop_open_token()

    def drop_open_token(self) -> None:
        self.open_digest, self.open_until = "", None

    def status_at(self, now: datetime) -> TaskStatus:
        """The status, with the task's end taken from its stored times."""
        if self.status in OPEN and now >= self.created_at + TASK_LIFE:
            return TaskStatus.EXPIRED
        return TaskStatus(self.status)

    def require_open(self, now: datetime) -> None:
        """Raise TaskEnded or WrongTaskState unless a signer may still act on it."""
        status = self.status_at(now)
        if status in (TaskStatus.CANCELLED, TaskStatus.EXPIRED, TaskStatus.SEALED):
            raise TaskEnded(status=status)
        if status == TaskStatus.SEALING:
            raise WrongTaskState(status=status)

    def require_named(self, names: Collection[str]) -> None:
        """Raise OtherSigner if the partner has named somebody who has none of these names."""
        if self.named_signer is not None and self.named_signer not in names:
            raise OtherSigner()

    def require_cookie(self) -> None:
        """Raise PageLivesInTab unless the page is still the page when its browser comes back."""
        if self.public_computer:
            raise PageLivesInTab()

    def authorize(self, signer_id: str, page_grant_id: str, now: datetime) -> None:
        """A signer has proved himself; again by the same one changes nothing but the grant."""
        self.require_open(now)
        if self.status == TaskStatus.AUTHORIZED and self.signer_id != signer_id:
            raise OtherSigner()
        self.status, self.signer_id = TaskStatus.AUTHORIZED, signer_id
        self.page_grant_id, self.failure = page_grant_id, None

    def begin_again(self, now: datetime) -> None:
        """Back to the QR: the authentication is lost, the placements are kept (Settled 9)."""
        self.require_open(now)
        self.status, self.page_grant_id = TaskStatus.AWAITING_SIGNER, ""
        self.signer_id, self.failure = None, None

    def keep_draft(
        self, placements: Sequence[dict[str, Any]], straddles: Sequence[dict[str, Any]]
    ) -> None:
        """Placements for a reload; what was confirmed is frozen (S-16). WrongTaskState."""
        if self.status not in (TaskStatus.AUTHORIZED, TaskStatus.FAILED):
            raise WrongTaskState(status=self.status)
        self.placements, self.straddles = list(placements), list(straddles)

    def forget_draft(self) -> None:
        self.placements, self.straddles = [], []

    def start_sealing(self, slices: Sequence[dict[str, Any]], digest: str) -> None:
        """Freeze what will be sealed: the draft as it is now, and the slices cut of it."""
        if self.status not in (TaskStatus.AUTHORIZED, TaskStatus.FAILED):
            raise WrongTaskState(status=self.status)
        self.status, self.failure = TaskStatus.SEALING, None
        self.attempts += 1
        self.slices, self.placements_digest = list(slices), digest

    def finish(self, document_id: str, now: datetime) -> None:
        if self.status != TaskStatus.SEALING:
            raise WrongTaskState(status=self.status)
        self.status, self.sealed_document_id, self.sealed_at = TaskStatus.SEALED, document_id, now

    def fail(self, failure: dict[str, Any]) -> None:
        """Nothing was sealed; the page may confirm again or start from the QR."""
        if self.status != TaskStatus.SEALING:
            raise WrongTaskState(status=self.status)
        self.status, self.failure = TaskStatus.FAILED, failure

    def cancel(self, now: datetime) -> None:
        """Final; cancelling twice changes nothing (S-09)."""
        if self.status != TaskStatus.CANCELLED:
            self.require_open(now)
            self.status, self.failure = TaskStatus.CANCELLED, None


class PageGrant(Base):
    """What a confirmed QR session gives to the page: these seals, this file, half an hour."""

    __tablename__ = "page_grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("signing_tasks.id"), index=True)
    account_id: Mapped[str] = mapped_column(String(32))
    enterprise_id: Mapped[str] = mapped_column(String(32))
    # The seal grant under which the person acts; empty for the legal representative.
    seal_grant_id: Mapped[str] = mapped_column(String(32), default="")
    seal_ids: Mapped[list[str]] = mapped_column(JSON)
    document_digest: Mapped[str] = mapped_column(String(64))
    most_seals: Mapped[int]
    ends_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    last_active_at: Mapped[datetime]
    take_by: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def idle_until(self) -> datetime:
        return self.last_active_at + timedelta(seconds=self.idle_seconds)

    def is_live(self, now: datetime) -> bool:
        return self.ended_at is None and now < min(self.ends_at, self.idle_until)

    def take(self, now: datetime) -> None:
        """The page has fetched it; from here on its own idle time runs."""
        if self.taken_at is None and now >= self.take_by:
            self.end(now)
        self.require_live(now)
        self.taken_at = self.taken_at or now
        self.touch(now)

    def touch(self, now: datetime) -> None:
        self.last_active_at = now

    def require_live(self, now: datetime) -> None:
        """Raise GrantOver when the half hour, the ten idle minutes or the page is over."""
        if not self.is_live(now):
            raise GrantOver()

    def end(self, now: datetime) -> None:
        self.ended_at = self.ended_at or now
