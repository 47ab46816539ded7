"""Withdrawing certificates: decided here at once, told to the authority as soon as it hears."""

from dataclasses import dataclass

from server.certificates.models import Certificate, CertificateStatus
from server.core import jobs
from server.core.db import UnitOfWork
from server.core.jobs import Claim
from server.pki.revocation import RevocationReason
from server.providers.ca import CertificateAuthority

REVOKE = "certificates.revoke"
# Each pause is ten minutes at most: a day, for an authority that is away.
TRIES = 150


def revoke(uow: UnitOfWork, certificate: Certificate, reason: RevocationReason) -> None:
    """From now on the certificate is worth nothing here; the authority is told by a job.

    Not of one that has ended by itself: no list names it any more.
    """
    if certificate.status != CertificateStatus.REVOKED:
        certificate.status = CertificateStatus.REVOKED
        if uow.now < certificate.not_after:
            withdraw(uow, certificate.serial, reason)


def withdraw(uow: UnitOfWork, serial: str, reason: RevocationReason) -> None:
    """The same for a certificate that was never kept here."""
    jobs.enqueue(uow, REVOKE, max_attempts=TRIES, serial=serial, reason=reason.value)


@dataclass(frozen=True)
class Revoker:
    """Runs `certificates.revoke`; the authority keeps its first word, however often it is told."""

    ca: CertificateAuthority

    def __call__(self, job: Claim) -> None:
        self.ca.revoke(job.payload["serial"], RevocationReason(job.payload["reason"]))
