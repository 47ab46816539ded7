"""The table of what companies hand in to have a seal cancelled (F-30)."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Cancellation(Base):
    """One company's wish to cancel one seal: its agent, and the holder of its materials.

    Without an agent's name the representative acts himself. `agent_number` and `agent_phone` are
    sealed for `agent_id`. `done_at` is when the seal was cancelled: then it stays as it is.
    """

    __tablename__ = "cancellations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seal_id: Mapped[str] = mapped_column(ForeignKey("seals.id"), unique=True)
    begun_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    agent_id: Mapped[str] = mapped_column(String(32), default="")
    agent_name: Mapped[str] = mapped_column(String(64), default="")
    agent_document_type: Mapped[str] = mapped_column(String(32), default="")
    agent_number_index: Mapped[str] = mapped_column(String(64), default="")
    agent_number: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    agent_phone: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    begun_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
