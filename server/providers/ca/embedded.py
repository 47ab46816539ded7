"""A certificate authority in our own process, for development: keys and register in one folder."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPCertStatus, OCSPResponseStatus

from server.core.clock import Clock
from server.pki.authority import Addresses, Period, Subject, serial_hex
from server.pki.key_folder import KeyFolder
from server.pki.revocation import (
    RevocationReason,
    asks_about,
    build_crl,
    build_ocsp_response,
    read_ocsp_request,
    refuse_ocsp,
)
from server.pki.subject_keys import Algorithm, algorithm_for, load_subject_key
from server.providers.ca import (
    CertificateStatus,
    CertificateUnknown,
    CertificateWithdrawn,
    IssuedCertificate,
    PeriodRefused,
    RequestReused,
)
from server.providers.ca.hierarchy import Hierarchy
from server.providers.ca.register import Register, Row

CRL_RENEWAL = timedelta(days=1)


@dataclass(frozen=True)
class _Request:
    """`asked` is the fingerprint of everything that the id stands for."""

    id: str
    asked: bytes
    algorithm: Algorithm
    period: Period


class EmbeddedCa:
    """Safe to open from several processes: each call is one transaction of its own SQLite file."""

    development_only: ClassVar[bool] = True

    def __init__(
        self, folder: Path, addresses: Mapping[Algorithm, Addresses], clock: Clock
    ) -> None:
        self._addresses, self._clock = addresses, clock
        keys = KeyFolder(folder)
        with keys.locked():
            self._kinds = {
                algorithm: Hierarchy.open(keys, algorithm, clock.now()) for algorithm in Algorithm
            }
            self._register = Register.open(folder / "ca.sqlite3")

    def issue(
        self, request_id: str, subject: Subject, public_key: bytes, period: Period
    ) -> IssuedCertificate:
        """See CertificateAuthority.issue."""
        algorithm = algorithm_for(load_subject_key(public_key))
        issuing, addresses = self._kinds[algorithm].issuing, self._addresses[algorithm]
        asked = _fingerprint(subject, public_key, period)
        return self._once(
            _Request(request_id, asked, algorithm, period),
            lambda: issuing.issue(subject, public_key, period, addresses),
        )

    def renew(self, request_id: str, serial: str, period: Period) -> IssuedCertificate:
        """See CertificateAuthority.renew."""
        with self._register.read() as register:
            row = register.find(serial)
        if row.withdrawn_for_good:
            raise CertificateWithdrawn
        issuing, addresses = self._kinds[row.algorithm].issuing, self._addresses[row.algorithm]
        before = x509.load_der_x509_certificate(row.certificate)
        asked = _fingerprint("renew", serial, period)
        return self._once(
            _Request(request_id, asked, row.algorithm, period),
            lambda: issuing.renew(before, period, addresses),
        )

    def suspend(self, serial: str) -> CertificateStatus:
        """See CertificateAuthority.suspend."""
        return self._hold(serial, RevocationReason.CERTIFICATE_HOLD)

    def resume(self, serial: str) -> CertificateStatus:
        """See CertificateAuthority.resume."""
        return self._hold(serial, None)

    def revoke(self, serial: str, reason: RevocationReason) -> CertificateStatus:
        """See CertificateAuthority.revoke."""
        with self._register.changed() as register:
            if not register.find(serial).withdrawn_for_good:
                register.withdraw(serial, reason, self._clock.now())
            return _status(register.find(serial))

    def status(self, serial: str) -> CertificateStatus:
        """See CertificateAuthority.status."""
        with self._register.read() as register:
            return _status(register.find(serial))

    def crl(self, algorithm: Algorithm) -> bytes:
        """See CertificateAuthority.crl. A list is made anew after a change and once a day."""
        now = self._clock.now()
        with self._register.changed() as register:
            number, made_at, der = register.last_list(algorithm)
            if der is not None and now - made_at < CRL_RENEWAL:
                return der
            withdrawn = register.withdrawn(algorithm)
            issuing = self._kinds[algorithm].issuing
            fresh = build_crl(issuing, withdrawn, number=number + 1, now=now)
            register.keep_list(algorithm, number + 1, now, fresh)
        return fresh

    def ocsp(self, request: bytes) -> bytes:
        """See CertificateAuthority.ocsp."""
        asked = read_ocsp_request(request)
        if asked is None:
            return refuse_ocsp(OCSPResponseStatus.MALFORMED_REQUEST)
        found = (k for k in self._kinds.values() if asks_about(asked, k.issuing.certificate))
        kind = next(found, None)
        if kind is None:
            return refuse_ocsp(OCSPResponseStatus.UNAUTHORIZED)
        revocation = None
        try:
            revocation = self.status(f"{asked.serial_number:x}").revocation
        except CertificateUnknown:
            status = OCSPCertStatus.UNKNOWN
        else:
            status = OCSPCertStatus.REVOKED if revocation else OCSPCertStatus.GOOD
        return build_ocsp_response(
            kind.responder, asked, status, revocation=revocation, now=self._clock.now()
        )

    def chain(self, algorithm: Algorithm) -> list[bytes]:
        """See CertificateAuthority.chain."""
        return self._kinds[algorithm].chain()

    def _once(self, request: _Request, make: Callable[[], x509.Certificate]) -> IssuedCertificate:
        """What this request was answered with, or what `make` makes now."""
        if not request.period.within(self._kinds[request.algorithm].issuing.certificate):
            raise PeriodRefused
        with self._register.changed() as register:
            known = register.request(request.id)
            if known is None:
                made = make()
                der = made.public_bytes(Encoding.DER)
                known = Row(request.asked, serial_hex(made), der, request.algorithm)
                register.keep(request.id, known)
            if known.asked != request.asked:
                raise RequestReused
        return IssuedCertificate(known.serial, known.certificate)

    def _hold(self, serial: str, reason: RevocationReason | None) -> CertificateStatus:
        with self._register.changed() as register:
            row = register.find(serial)
            if row.withdrawn_for_good:
                raise CertificateWithdrawn
            if (row.revocation is None) != (reason is None):
                register.withdraw(serial, reason, self._clock.now())
            return _status(register.find(serial))


def _status(row: Row) -> CertificateStatus:
    return CertificateStatus(row.revocation)


def _fingerprint(asked: object, about: object, period: Period) -> bytes:
    """What one request id stands for; moments count, not the zone in which they are written."""
    moments = (period.starts.timestamp(), period.ends.timestamp())
    return hashlib.sha256(repr((asked, about, moments)).encode()).digest()
