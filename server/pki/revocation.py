"""Revocation data: the list (CRL, RFC 5280) and the answer to one question (OCSP, RFC 6960)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from server.pki.authority import Authority
from server.pki.issuer_keys import algorithm_of, sign_bytes, sign_crl
from server.pki.subject_keys import identifier

CRL_LIFE = timedelta(days=7)
OCSP_LIFE = timedelta(hours=1)


class RevocationReason(StrEnum):
    """Why a certificate is withdrawn (RFC 5280 5.3.1), as far as the product has such reasons.

    CERTIFICATE_HOLD is for a time; the others are for good.
    """

    KEY_COMPROMISE = "key_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessation_of_operation"
    CERTIFICATE_HOLD = "certificate_hold"

    @property
    def flag(self) -> x509.ReasonFlags:
        return _FLAGS[self]


_FLAGS = {
    RevocationReason.KEY_COMPROMISE: x509.ReasonFlags.key_compromise,
    RevocationReason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: x509.ReasonFlags.superseded,
    RevocationReason.CESSATION_OF_OPERATION: x509.ReasonFlags.cessation_of_operation,
    RevocationReason.CERTIFICATE_HOLD: x509.ReasonFlags.certificate_hold,
}


@dataclass(frozen=True)
class Revocation:
    """A certificate is withdrawn since `at`."""

    at: datetime
    reason: RevocationReason


def build_crl(
    authority: Authority, revoked: Iterable[tuple[int, Revocation]], *, number: int, now: datetime
) -> bytes:
    """The DER of a CRL over (serial, revocation) pairs, which lives for CRL_LIFE.

    `number` must grow from list to list (RFC 5280 5.2.3).
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now)
        .next_update(now + CRL_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(authority.key_identifier(), critical=False)
    )
    for serial, revocation in revoked:
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(serial)
            .revocation_date(revocation.at)
            .add_extension(x509.CRLReason(revocation.reason.flag), critical=False)
        )
        builder = builder.add_revoked_certificate(entry.build())
    return sign_crl(builder, authority.key)


def read_ocsp_request(request: bytes) -> ocsp.OCSPRequest | None:
    """The request, or None when it is not one question about one certificate."""
    try:
        asked = ocsp.load_der_ocsp_request(request)
        asked.hash_algorithm.digest_size  # noqa: B018  (an unknown hash is noticed only when read)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):
        return None
    return asked


def refuse_ocsp(status: ocsp.OCSPResponseStatus) -> bytes:
    """An unsigned refusal, for instance MALFORMED_REQUEST."""
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def asks_about(asked: ocsp.OCSPRequest | ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Whether the request (or answer) names this issuer, by the hashes of its name and key."""
    key_bits = asn1_x509.Certificate.load(issuer.public_bytes(Encoding.DER)).public_key
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (
        _digest(asked.hash_algorithm, issuer.subject.public_bytes()),
        _digest(asked.hash_algorithm, key_bits["public_key"].contents[1:]),
    )


def build_ocsp_response(
    responder: Authority,
    asked: ocsp.OCSPRequest,
    status: ocsp.OCSPCertStatus,
    *,
    revocation: Revocation | None,
    now: datetime,
) -> bytes:
    """The signed answer (DER) to `asked`; it lives for OCSP_LIFE and repeats the nonce."""
    now = now.replace(microsecond=0)  # strict readers take no fractions (RFC 5280 4.1.2.5.2)
    data = asn1_ocsp.ResponseData(
        {
            "responder_id": asn1_ocsp.ResponderId(
                "by_key", identifier(responder.key.public_key()).digest
            ),
            "produced_at": now,
            "responses": [
                {
                    "cert_id": _about(asked),
                    "cert_status": _status(status, revocation),
                    "this_update": now,
                    "next_update": now + OCSP_LIFE,
                }
            ],
        }
    )
    for extension in asked.extensions:
        if isinstance(extension.value, x509.OCSPNonce):
            nonce = core.OctetString(extension.value.nonce)
            data["response_extensions"] = [{"extn_id": "nonce", "extn_value": nonce}]
    return _signed_answer(responder, data)


def _signed_answer(responder: Authority, data: asn1_ocsp.ResponseData) -> bytes:
    certificate = responder.certificate.public_bytes(Encoding.DER)
    basic = asn1_ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": algorithm_of(responder.key),
            "signature": sign_bytes(responder.key, data.dump()),
            "certs": [asn1_x509.Certificate.load(certificate)],
        }
    )
    whole = {"response_type": "basic_ocsp_response", "response": basic}
    answer = asn1_ocsp.OCSPResponse({"response_status": "successful", "response_bytes": whole})
    return bytes(answer.dump())


def _about(asked: ocsp.OCSPRequest) -> dict[str, object]:
    return {
        "hash_algorithm": {"algorithm": asked.hash_algorithm.name},
        "issuer_name_hash": asked.issuer_name_hash,
        "issuer_key_hash": asked.issuer_key_hash,
        "serial_number": asked.serial_number,
    }


def _status(status: ocsp.OCSPCertStatus, revocation: Revocation | None) -> asn1_ocsp.CertStatus:
    if revocation is None:
        return asn1_ocsp.CertStatus(status.name.lower(), core.Null())
    reason = asn1_crl.CRLReason(revocation.reason)
    said = {"revocation_time": revocation.at.replace(microsecond=0), "revocation_reason": reason}
    return asn1_ocsp.CertStatus("revoked", asn1_ocsp.RevokedInfo(said))


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()
