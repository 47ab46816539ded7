"""Tables of people, their logins and the codes sent to their phones."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.accounts.errors import CodeExpired
from server.core.db import Base

CODE_LIFE = timedelta(minutes=5)


class LoginMeans(StrEnum):
    """By what a session was opened; it decides on what kind of device the session is good."""

    SMS = "sms"
    QR = "qr"


class Account(Base):
    """A person. Phone and ID number are kept sealed, and found by a keyed digest."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    phone_index: Mapped[str] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    real_name: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    first_login_at: Mapped[datetime | None]

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)


class AccountSession(Base):
    """One login of one browser; the token is kept as a digest.

    Opened by SMS it is a phone. Opened by a QR code it is a computer: it scans and confirms
    nothing, so that one login obtained by deceit does not lead to the next.
    """

    __tablename__ = "account_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    means: Mapped[str] = mapped_column(String(8))
    acting_enterprise_id: Mapped[str | None] = mapped_column(String(32))
    role_chosen: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(String(256))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


class SmsCode(Base):
    """A code sent to one phone for one purpose; only the newest of a purpose counts."""

    __tablename__ = "sms_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    code_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def use(self, now: datetime) -> None:
        """Spend the code; raises CodeExpired when it is spent or older than five minutes."""
        if self.used_at is not None or now >= self.created_at + CODE_LIFE:
            raise CodeExpired()
        self.used_at = now


def mask_name(name: str) -> str:
    """`韦志远` → `韦*远`, `黄淼` → `黄*`: enough to recognise, too little to learn."""
    if len(name) <= 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """`13907710001` → `139****0001`."""
    return phone[:3] + "****" + phone[-4:]
