"""The end of a key ring: nobody opens it any more, and the authority withdraws what it issued."""

from sqlalchemy import delete

from server.certificates.models import (
    Certificate,
    CertificateStatus,
    HeldCopy,
    KeyCopy,
    KeyRelease,
    KeyRing,
    WantedCopy,
)
from server.certificates.renewing import certificates_of
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.pki.revocation import RevocationReason
from server.providers.ca import CertificateAuthority


def end_ring(uow: UnitOfWork, ring_id: str) -> None:
    """Destroy every copy of a ring's data key; its certificates are good no more."""
    for table in (KeyCopy, HeldCopy, WantedCopy, KeyRelease):
        uow.session.execute(delete(table).where(table.ring_id == ring_id))
    ring = uow.session.get_one(KeyRing, ring_id)
    ring.retired_at = ring.retired_at or uow.now
    for certificate in certificates_of(uow, ring_id):
        certificate.status = CertificateStatus.REVOKED
    audit.record(uow, "ring.ended", actor="system", subject=ring_id)


def revoke(db: Database, ca: CertificateAuthority, ring_id: str) -> None:
    """Have the authority withdraw them too, in no transaction; again changes nothing (R-08).

    Raises CaUnavailable.
    """
    with db.read() as uow:
        serials = [one.serial for one in certificates_of(uow, ring_id) if _runs(uow, one)]
    for serial in serials:
        ca.revoke(serial, RevocationReason.CESSATION_OF_OPERATION)


def _runs(uow: UnitOfWork, certificate: Certificate) -> bool:
    return uow.now < certificate.not_after
