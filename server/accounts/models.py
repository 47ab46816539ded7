"""Tables of people: who they are, what they agreed to, how they come in and from where."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.accounts.errors import CodeExpired, FaceNotPassed
from server.core.db import Base
from server.providers.face import REFERENCE

CODE_LIFE = timedelta(minutes=5)
FACE_LIFE = timedelta(minutes=10)


class Level(StrEnum):
    """How sure we are of who a person is (P-37)."""

    PHONE = "phone"
    DECLARED = "declared"
    PROVEN = "proven"


class DeviceKind(StrEnum):
    """What holds a session. A computer scans and confirms nothing, so that one login obtained by
    deceit does not lead to the next (decision 0015).
    """

    PHONE = "phone"
    COMPUTER = "computer"
    MINI_PROGRAM = "mini_program"


class Means(StrEnum):
    """By what a session was opened."""

    SMS = "sms"
    PASSWORD = "password"  # noqa: S105 - the name of a way in, not a password
    FACE = "face"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    SSO = "sso"
    QR = "qr"
    REGISTRATION = "registration"


class IdentityKind(StrEnum):
    """Whose word a bound identity is."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    SSO = "sso"


class FaceState(StrEnum):
    STARTED = "started"
    PASSED = "passed"
    FAILED = "failed"
    USED = "used"


class Account(Base):
    """A person. Phone and ID number are kept sealed, and found by a keyed digest.

    A `declared` person has named a document that nobody has proved yet; `proven` means that a
    face check passed for that name and number, and only then the number is surely his.
    """

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), default="")
    phone_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_type: Mapped[str] = mapped_column(String(32), default="")
    id_number_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    level: Mapped[str] = mapped_column(String(16), default=Level.PHONE)
    password_digest: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    first_login_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def real_name(self) -> bool:
        """Whether name and document were given; `proven` says whether they were proved."""
        return self.level != Level.PHONE

    @property
    def proven(self) -> bool:
        return self.level == Level.PROVEN


class AccountSession(Base):
    """One login of one browser or mini-program; the token is kept as a digest.

    `enterprise_login_id` is set when a company's own login opened it (Settled 12): it acts for
    that company alone, and `ticked` are the agreements that were ticked to come in: they become the
    person's word with his face. `face_at` is when a face check last passed in it (F-10).
    """

    __tablename__ = "account_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    means: Mapped[str] = mapped_column(String(16))
    enterprise_login_id: Mapped[str | None] = mapped_column(String(32))
    ticked: Mapped[dict[str, str] | None] = mapped_column(JSON)
    acting_enterprise_id: Mapped[str | None] = mapped_column(String(32))
    role_chosen: Mapped[bool] = mapped_column(default=False)
    user_agent: Mapped[str] = mapped_column(String(256))
    address: Mapped[str] = mapped_column(String(64), default="")
    face_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    @property
    def is_unseen(self) -> bool:
        """Whether it may be anybody's who knows a company's password: no face was shown yet."""
        return self.enterprise_login_id is not None and self.face_at is None


class SmsCode(Base):
    """A code sent to one phone for one purpose; only the newest of a purpose counts.

    `subject` binds it to more than the phone where there is more, such as a session's id;
    `address_index` is a keyed digest of the asking address, for the limits.
    """

    __tablename__ = "sms_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    phone_index: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), default="")
    code_digest: Mapped[str] = mapped_column(String(64))
    address_index: Mapped[str] = mapped_column(String(64), default="", index=True)
    sent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]

    def require_fresh(self, now: datetime) -> None:
        """Raise CodeExpired when it is spent or older than five minutes."""
        if self.used_at is not None or now >= self.created_at + CODE_LIFE:
            raise CodeExpired()

    def use(self, now: datetime) -> None:
        """Spend the code; raises CodeExpired."""
        self.require_fresh(now)
        self.used_at = now


class Consent(Base):
    """One person's word on one version of one text; a withdrawn consent keeps its row."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Identity(Base):
    """A person's name at another house; `account_id` is empty until it is bound (F-08).

    `app` is the house's own name of us (WeChat's appid, the issuer of a single sign-on).
    """

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("kind", "app", "subject_index"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    app: Mapped[str] = mapped_column(String(128))
    subject_index: Mapped[str] = mapped_column(String(64))
    subject_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    union_index: Mapped[str | None] = mapped_column(String(64), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    bound_at: Mapped[datetime | None]


class FaceCheck(Base):
    """One face check for one person, one purpose and one session; no picture is ever kept.

    `account_id` is empty where nobody has proved the name that was typed: it never passes; and for
    a person without an account who was named for a certification (F-15).
    """

    __tablename__ = "face_checks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(32))
    holder: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(REFERENCE))
    state: Mapped[str] = mapped_column(String(16), default=FaceState.STARTED)
    result_id: Mapped[str] = mapped_column(String(64), default="")
    score: Mapped[float | None]
    started_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    def settle(self, passed: bool, result_id: str, score: float | None, now: datetime) -> None:
        """Note the service's word; a second word changes nothing."""
        if self.state == FaceState.STARTED:
            self.state = FaceState.PASSED if passed else FaceState.FAILED
            self.result_id, self.score, self.settled_at = result_id, score, now

    def use(self, purpose: str, holder: str, now: datetime) -> None:
        """Spend a passed check, once, for its own purpose and holder; raises FaceNotPassed."""
        fits = self.purpose == purpose and self.holder == holder
        fresh = self.settled_at is not None and now < self.settled_at + FACE_LIFE
        if self.state != FaceState.PASSED or not fits or not fresh:
            raise FaceNotPassed()
        self.state = FaceState.USED


class Subscription(Base):
    """How many messages of one template a person has agreed to take (WeChat subscribe)."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("identity_id", "template"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity_id: Mapped[str] = mapped_column(ForeignKey("identities.id"), index=True)
    template: Mapped[str] = mapped_column(String(64))
    left: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class PushReceipt(Base):
    """A news item of WeChat's that was taken in, so that its repetition changes nothing."""

    __tablename__ = "push_receipts"

    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(index=True)


def mask_name(name: str) -> str:
    """`韦志远` → `韦*远`, `黄淼` → `黄*`: enough to recognise, too little to learn."""
    if not name:
        return "手机用户"
    if len(name) <= 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_phone(phone: str) -> str:
    """`13907710001` → `139****0001`."""
    return phone[:3] + "****" + phone[-4:]
