"""Whether a signature value was made by a certificate's key: RSA, ECDSA and SM2."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from server.pki.issuer_keys import SM2_WITH_SM3
from server.pki.sm2 import NotAnSm2Key, known_key
from server.pki.subject_keys import is_sm2, public_key_of

RAW_SM2_BYTES = 64
SMALLEST_RSA_BITS = 2048


class CannotVerify(Exception):
    """The kind of key or of signature is not one that we can, or will, rely on."""


def sm2_verifies(certificate: x509.Certificate, signature: bytes, signed: bytes) -> bool:
    """SM2 with SM3 over `signed`; some makers write r and s as 64 bytes instead of DER.

    Raises CannotVerify when the certificate's key is no SM2 key.
    """
    try:
        key = known_key(public_key_of(certificate))
    except (NotAnSm2Key, ValueError) as error:
        raise CannotVerify from error
    return key.verify(_as_der(signature), signed)


def verifies(
    certificate: x509.Certificate, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm
) -> bool:
    """ECDSA, RSA PKCS #1 v1.5 or SM2, as the key is; SM2 has a digest of its own.

    Raises CannotVerify.
    """
    if is_sm2(public_key_of(certificate)):
        return sm2_verifies(certificate, signature, signed)
    key = _public_key(certificate)
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        else:
            key.verify(signature, signed, padding.PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True


def pss_verifies(
    certificate: x509.Certificate,
    signature: bytes,
    signed: bytes,
    *,
    digest: hashes.HashAlgorithm,
    salt: int,
) -> bool:
    """RSASSA-PSS whose mask uses the same digest (RFC 4056). Raises CannotVerify."""
    key = _public_key(certificate)
    if not isinstance(key, rsa.RSAPublicKey):
        raise CannotVerify
    try:
        key.verify(signature, signed, padding.PSS(padding.MGF1(digest), salt), digest)
    except InvalidSignature:
        return False
    return True


def issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` is the name and the key that signed the certificate."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        if certificate.signature_algorithm_oid.dotted_string == SM2_WITH_SM3:
            signed = certificate.tbs_certificate_bytes
            return sm2_verifies(issuer, certificate.signature, signed)
        certificate.verify_directly_issued_by(issuer)
    except (CannotVerify, InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _public_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CannotVerify from error
    strong = isinstance(key, rsa.RSAPublicKey) and key.key_size >= SMALLEST_RSA_BITS
    if isinstance(key, ec.EllipticCurvePublicKey) or strong:
        return key  # type: ignore[return-value]  # narrowed above, by its size too
    raise CannotVerify


def _as_der(signature: bytes) -> bytes:
    if len(signature) != RAW_SM2_BYTES:
        return signature
    half = RAW_SM2_BYTES // 2
    r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)
