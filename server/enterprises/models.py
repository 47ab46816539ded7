"""The table of companies."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class EnterpriseStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Enterprise(Base):
    """A company registered in Guangxi, by its unified social credit code (GB 32100-2015)."""

    __tablename__ = "enterprises"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    place: Mapped[str] = mapped_column(String(6))
    representative_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=EnterpriseStatus.ACTIVE)
    created_at: Mapped[datetime]
