"""The table of files, and how a file passes its inspection."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.documents.errors import DocumentNotReady, DocumentRejected


class DocumentStatus(StrEnum):
    CHECKING = "checking"
    READY = "ready"
    REJECTED = "rejected"


class Document(Base):
    """A PDF taken in from a partner, or one that we sealed.

    `digest` (SHA-256, hex) names the stored bytes that are shown and sealed; `original_digest`
    those that were uploaded. `pages` holds one `{crop, rotate, user_unit}` for each page.
    """

    __tablename__ = "documents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    partner_id: Mapped[str] = mapped_column(String(32), index=True)
    holder_id: Mapped[str | None] = mapped_column(String(32), index=True)
    enterprise_id: Mapped[str | None] = mapped_column(String(32), index=True)
    sealed_from_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default=DocumentStatus.CHECKING)
    original_digest: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True, default="")
    sm3: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int]
    pages: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]

    def require_ready(self) -> None:
        """Raise DocumentNotReady or DocumentRejected unless the file may be sealed."""
        if self.status == DocumentStatus.CHECKING:
            raise DocumentNotReady(document=self.id)
        if self.status == DocumentStatus.REJECTED:
            raise DocumentRejected(problem=(self.problem or {}).get("code"))
