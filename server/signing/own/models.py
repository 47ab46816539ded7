"""Tables of the signings that people begin by themselves, and of the files in each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.signing.own.errors import OwnSigningOver


class OwnSigning(Base):
    """Files that a person seals in one act, for himself or (`enterprise_id`) for a company."""

    __tablename__ = "own_signings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    enterprise_id: Mapped[str | None] = mapped_column(ForeignKey("enterprises.id"))
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    def require_draft(self) -> None:
        """Raise OwnSigningOver unless files may still come and go."""
        if self.submitted_at is not None or self.cancelled_at is not None:
            raise OwnSigningOver()

    def require_not_cancelled(self) -> None:
        """Raise OwnSigningOver for one that was given up."""
        if self.cancelled_at is not None:
            raise OwnSigningOver()


class OwnFile(Base):
    """One file of a signing, and where its seals lie; what was submitted stands in its task.

    `task_id` is given with the file; the task itself is made when it is submitted. `placements`
    and `straddles` are as the person placed them (`Placement`, `Straddle`).
    """

    __tablename__ = "own_files"

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    signing_id: Mapped[str] = mapped_column(ForeignKey("own_signings.id"), index=True)
    task_id: Mapped[str] = mapped_column(String(32), unique=True)
    placements: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    straddles: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    added_at: Mapped[datetime]
