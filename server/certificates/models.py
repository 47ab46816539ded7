"""Tables of certificates, of the keys behind them, and of who holds a copy of which key.

A company's or person's *key ring* holds its private keys, encrypted under one random data key.
The data key itself is kept only in copies: one sealed to each entitled person's wrapping key, and
for the minutes of one signing one sealed to the page, then one for the reservation.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class OwnerKind(StrEnum):
    """Whose a seal, a key ring or a certificate is."""

    ENTERPRISE = "enterprise"
    ACCOUNT = "account"


class CertificateStatus(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"


class Certificate(Base):
    """An issued certificate (DER) with its issuers, leaf first; `serial` is lower-case hex."""

    __tablename__ = "certificates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32), index=True)
    algorithm: Mapped[str] = mapped_column(String(8))
    serial: Mapped[str] = mapped_column(String(64), unique=True)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    issuing_der: Mapped[bytes] = mapped_column(LargeBinary)
    root_der: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default=CertificateStatus.ACTIVE)

    def is_good(self, now: datetime) -> bool:
        within = self.not_before <= now < self.not_after
        return self.status == CertificateStatus.ACTIVE and within


class PersonalKey(Base):
    """A person's wrapping key (X25519), closed under his PIN and the service's master key."""

    __tablename__ = "personal_keys"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    public_point: Mapped[bytes] = mapped_column(LargeBinary)
    closed: Mapped[bytes] = mapped_column(LargeBinary)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    created_at: Mapped[datetime]

    @property
    def about(self) -> str:
        return f"wrapping key of {self.account_id} version {self.version}"


class KeyRequest(Base):
    """A question to the authority: whose keys shall be certified, and for which period (R-08).

    Its id stands for the same certificates however often they are asked for. It is closed in the
    transaction that keeps the certificates, and its private keys are gone from then on.
    """

    __tablename__ = "key_requests"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32), index=True)
    subject_name: Mapped[str] = mapped_column(String(128))
    subject_number: Mapped[str] = mapped_column(String(64))
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    # The text message's code that a person asked by: the same code sent again is the same question.
    asked_by: Mapped[str] = mapped_column(String(32), default="")
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RequestedKey(Base):
    """One pair of a request: `public` is a SubjectPublicKeyInfo (DER); `sealed` the private key
    under the service's key, until the request is closed."""

    __tablename__ = "requested_keys"

    request_id: Mapped[str] = mapped_column(ForeignKey("key_requests.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class KeyRing(Base):
    """The signing keys of one owner; a new version is made when its keys are replaced.

    `retired_at` is when another ring took its place.
    """

    __tablename__ = "key_rings"
    __table_args__ = (UniqueConstraint("owner_kind", "owner_id", "version"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class SigningKey(Base):
    """One private key of a ring, P-256 or SM2, closed under the data key.

    A renewed certificate has another serial; `closed_under` is the one that the key was closed
    with, empty while that is still its certificate's.
    """

    __tablename__ = "signing_keys"
    __table_args__ = (UniqueConstraint("ring_id", "algorithm"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    algorithm: Mapped[str] = mapped_column(String(8))
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"))
    closed: Mapped[bytes] = mapped_column(LargeBinary)
    closed_under: Mapped[str] = mapped_column(String(64), default="")


class CertificateRenewal(Base):
    """That a certificate is to be renewed, once, for this period: what the authority is asked."""

    __tablename__ = "certificate_renewals"

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"), index=True)
    starts: Mapped[datetime]
    ends: Mapped[datetime]

    @property
    def request_id(self) -> str:
        """The same for every try, so that the authority issues one certificate (R-08)."""
        return f"renew-{self.certificate_id}"


class KeyCopy(Base):
    """The data key of a ring, sealed to one entitled person; withdrawn by deleting the row.

    `grant_id` is empty for the owner or legal representative.
    """

    __tablename__ = "key_copies"
    __table_args__ = (UniqueConstraint("ring_id", "account_id", "grant_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    grant_id: Mapped[str] = mapped_column(String(32), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class HeldCopy(Base):
    """A copy that waits under the service's key for a person who has no certificate yet.

    It is sealed to him when he downloads one, and withdrawn like a copy: by deleting the row.
    """

    __tablename__ = "held_copies"
    __table_args__ = (UniqueConstraint("ring_id", "account_id", "grant_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    grant_id: Mapped[str] = mapped_column(String(32), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def about(self) -> bytes:
        return f"{self.id} for {self.account_id} by {self.grant_id}".encode()


class MethodCopy(Base):
    """A copy under the service's key, opened for who proves himself by another method than the PIN.

    It is kept while the owner's method is such a one (decision 0029), and withdrawn like a copy.
    """

    __tablename__ = "method_copies"
    __table_args__ = (UniqueConstraint("ring_id", "account_id", "grant_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    grant_id: Mapped[str] = mapped_column(String(32), default="")
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def about(self) -> bytes:
        return f"{self.id} for {self.account_id} by {self.grant_id} by method".encode()


class WantedCopy(Base):
    """A copy that could not be opened any more, as its holder has a new wrapping key.

    Who holds the ring's key by his own right supplies it the next time that he gives his PIN.
    """

    __tablename__ = "wanted_copies"
    __table_args__ = (UniqueConstraint("ring_id", "account_id", "grant_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    grant_id: Mapped[str] = mapped_column(String(32))


class Rekeying(Base):
    """A ring whose holder can open it no more is replaced by a new one, for `holder_id`.

    Its id is that of the request for the new certificates. `done_at`: seals and copies have moved.
    """

    __tablename__ = "rekeyings"

    id: Mapped[str] = mapped_column(ForeignKey("key_requests.id"), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"), index=True)
    holder_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class KeyRelease(Base):
    """The data key on its way to one sealing: sealed to the page, then to the reservation.

    It is wiped when the sealing is done, has failed or its time is over.
    """

    __tablename__ = "key_releases"

    holder_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ring_id: Mapped[str] = mapped_column(ForeignKey("key_rings.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime]
