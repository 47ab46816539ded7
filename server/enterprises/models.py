"""Tables of companies, and of the logins that companies have of their own."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class EnterpriseStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    STRUCK_OFF = "struck_off"


class Enterprise(Base):
    """A company as the registry knows it, by its unified social credit code (GB 32100-2015).

    `representative_index` is the keyed digest of the representative's ID number by the registry's
    word; `representative_id` is his account, once a person has proved that he is the one.
    """

    __tablename__ = "enterprises"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(128))
    place: Mapped[str] = mapped_column(String(6))
    representative_name: Mapped[str] = mapped_column(String(64), default="")
    representative_index: Mapped[str] = mapped_column(String(64), default="", index=True)
    representative_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    status: Mapped[str] = mapped_column(String(16), default=EnterpriseStatus.ACTIVE)
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class EnterpriseLogin(Base):
    """A company's own way in: its code and a password (F-01, F-04); it acts through its
    representative (Settled 12). The phone takes the codes for a forgotten password.

    `account_id` is the person of `representative_index`, whose face opens it. Until that has
    happened (`opened_at`), whoever knows the public facts may have made it: it opens nothing, and
    gives way to a later registration.
    """

    __tablename__ = "enterprise_logins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[str] = mapped_column(ForeignKey("enterprises.id"), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    representative_index: Mapped[str] = mapped_column(String(64))
    legal_form: Mapped[str] = mapped_column(String(32))
    password_digest: Mapped[str] = mapped_column(String(200))
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
