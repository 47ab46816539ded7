"""What revocation lists and OCSP answers say of one certificate, when their signers may say it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.pki.chain import CertificateUnreadable, load_certificates
from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.revocation import asks_about
from server.sealing.malformed import MALFORMED
from server.sealing.signature_values import CannotVerify, issued_by, verifies

TRUSTED_DIGESTS = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
READ_LATE = (*MALFORMED, CannotVerify, UnsupportedAlgorithm, CertificateUnreadable)


@dataclass(frozen=True)
class Word:
    """What one source says: revoked since a moment, or not revoked (None)."""

    revoked_at: datetime | None


def words(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    sources: tuple[Iterable[bytes], Iterable[bytes]],
    *,
    at: datetime,
    now: datetime,
) -> Iterator[Word]:
    """What each of (revocation lists, OCSP answers), in DER, says of how it stood `at`.

    A source that is signed by another, comes from after `now` or ended before `at` says nothing.
    """
    lists, answers = sources
    for der in lists:
        try:
            yield from _by_list(der, certificate, issuer, (at, now))
        except READ_LATE:
            continue
    for der in answers:
        try:
            yield from _by_answer(der, certificate, issuer, (at, now))
        except READ_LATE:
            continue


def _by_list(
    der: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    when: tuple[datetime, datetime],
) -> Iterator[Word]:
    crl = _read_list(der)
    fresh = _is_fresh(crl.last_update_utc, crl.next_update_utc, when)
    # A critical extension limits the list (to some reasons, to what changed): not the whole word.
    whole = not any(extension.critical for extension in crl.extensions)
    if not fresh or not whole or crl.issuer != issuer.subject or not _may_sign_lists(issuer):
        return
    if _is_signed_by(der, issuer):
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        yield Word(entry.revocation_date_utc if entry else None)


def _by_answer(
    der: bytes,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    when: tuple[datetime, datetime],
) -> Iterator[Word]:
    response = ocsp.load_der_ocsp_response(der)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return
    about = response.serial_number == certificate.serial_number
    fresh = _is_fresh(response.this_update_utc, response.next_update_utc, when)
    if not about or not fresh or not asks_about(response, issuer):
        return
    responders = [issuer, *_delegates(response, issuer)]
    tbs, signature, digest = response.tbs_response_bytes, response.signature, _digest_of(response)
    if not any(_has_signed(one, signature, tbs, digest) for one in responders):
        return
    if response.certificate_status is ocsp.OCSPCertStatus.GOOD:
        yield Word(None)
    elif response.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        yield Word(response.revocation_time_utc)


def _is_fresh(begins: datetime, ends: datetime | None, when: tuple[datetime, datetime]) -> bool:
    at, now = when
    return begins <= now and (ends is None or ends >= at)


@lru_cache(maxsize=64)
def _is_signed_by(der: bytes, issuer: x509.Certificate) -> bool:
    """Remembered, as the lists of the authorities that we know come with every file."""
    crl = _read_list(der)
    return verifies(issuer, crl.signature, crl.tbs_certlist_bytes, _digest_of(crl))


@lru_cache(maxsize=64)
def _read_list(der: bytes) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(der)


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.crl_sign


def _delegates(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> Iterator[x509.Certificate]:
    """Responders whom the issuer himself has named (RFC 6960 4.2.2.2)."""
    for one in response.certificates:
        [certificate] = load_certificates(one.public_bytes(Encoding.DER))
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        alive = begins <= response.this_update_utc <= ends
        if alive and _answers_questions(certificate) and issued_by(certificate, issuer):
            yield certificate


def _answers_questions(certificate: x509.Certificate) -> bool:
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _has_signed(
    one: x509.Certificate, signature: bytes, tbs: bytes, digest: hashes.HashAlgorithm
) -> bool:
    try:
        return verifies(one, signature, tbs, digest)
    except CannotVerify:
        return False


def _digest_of(
    signed: x509.CertificateRevocationList | ocsp.OCSPResponse,
) -> hashes.HashAlgorithm:
    if signed.signature_algorithm_oid.dotted_string == SM2_WITH_SM3:
        return hashes.SM3()
    digest = signed.signature_hash_algorithm
    if not isinstance(digest, TRUSTED_DIGESTS):
        raise CannotVerify
    return digest
