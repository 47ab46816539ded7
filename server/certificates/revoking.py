"""The end of a key ring: nobody opens it any more, and the authority withdraws what it issued."""

from sqlalchemy import delete

from server.certificates.jobs import revoke
from server.certificates.models import (
    HeldCopy,
    KeyCopy,
    KeyRelease,
    KeyRing,
    MethodCopy,
    WantedCopy,
)
from server.certificates.renewing import certificates_of
from server.core import audit
from server.core.db import UnitOfWork
from server.pki.revocation import RevocationReason


def end_ring(uow: UnitOfWork, ring_id: str, reason: RevocationReason) -> None:
    """Destroy every copy of a ring's data key; its certificates are good no more (R-08)."""
    for table in (KeyCopy, HeldCopy, WantedCopy, MethodCopy, KeyRelease):
        uow.session.execute(delete(table).where(table.ring_id == ring_id))
    ring = uow.session.get_one(KeyRing, ring_id)
    ring.retired_at = ring.retired_at or uow.now
    for certificate in certificates_of(uow, ring_id):
        revoke(uow, certificate, reason)
    audit.record(uow, "ring.ended", actor="system", subject=ring_id, reason=reason.value)
