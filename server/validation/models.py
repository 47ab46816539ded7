"""Tables of verification: whom it trusts beside our own, and the reports that are still read."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base

REPORT_LIFE: Final = timedelta(minutes=30)


class TrustPurpose(StrEnum):
    """What a row of the trust list stands for.

    ISSUERS are trusted for nothing by themselves: they stand between a root and a certificate, as
    a seal's data carries only its maker's and its signer's own. REVOCATION_LISTS (CRL, RFC 5280)
    are believed by their own signature, and one of an issuer takes the place of the one before.
    """

    DOCUMENTS = "documents"
    SEAL_MAKERS = "seal-makers"
    TIME_STAMPS = "time-stamps"
    ISSUERS = "issuers"
    REVOCATION_LISTS = "revocation-lists"


class TrustedCertificate(Base):
    """One row of the trust list; `fingerprint` is SHA-256 of the DER, hexadecimal.

    Of a revocation list `subject` is its issuer, and `not_after` when the next one is due.
    """

    __tablename__ = "trusted_certificates"
    __table_args__ = (UniqueConstraint("purpose", "fingerprint"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(512))
    not_after: Mapped[datetime]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime]


class Verification(Base):
    """The report on one file; the file itself is not kept.

    `id` cannot be guessed and is all that a reader needs, but a partner's report (`partner_id`)
    only that partner reads. `report` is JSON, deflated. Gone at `ends_at`.
    """

    __tablename__ = "verifications"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    partner_id: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(160))
    report: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
