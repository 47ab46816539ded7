"""Tables of partners (approval systems) and their API keys."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Partner(Base):
    """An approval system as registered with us; only these words are ever shown of it."""

    __tablename__ = "partners"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(128))
    domain: Mapped[str] = mapped_column(String(128))
    support_phone: Mapped[str] = mapped_column(String(32))
    return_origins: Mapped[list[str]] = mapped_column(JSON)
    every_page: Mapped[bool] = mapped_column(default=True)
    # It knows its users, so each of its tasks has to say who is expected to sign.
    requires_named_signer: Mapped[bool] = mapped_column(default=False)
    # Where logins come back to, letter by letter; a partner without any has no logins.
    login_return_urls: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Whether a login also tells it the companies that the person may act for.
    login_shows_companies: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class ApiKey(Base):
    """A partner's key, kept as a digest; several may be open while keys are rotated."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    partner_id: Mapped[str] = mapped_column(ForeignKey("partners.id"), index=True)
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
