"""What an authority signs with: ECDSA on P-256, or SM2 with SM3.

`cryptography` knows no SM2. A structure for SM2 is built by it around a throw-away key, so that the
profile is written once; the real key, algorithm and signature are then put in their places.
"""

from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from server.pki.sm2 import NotAnSm2Key, Sm2PrivateKey, Sm2PublicKey
from server.pki.subject_keys import SubjectKey, UnsupportedKey, spki_of

IssuerKey = ec.EllipticCurvePrivateKey | Sm2PrivateKey
SM2_WITH_SM3 = "1.2.156.10197.1.501"
_THROW_AWAY = ec.derive_private_key(1, ec.SECP256R1())


def start_certificate(subject: SubjectKey) -> x509.CertificateBuilder:
    """A builder with the subject's key, or the place where an SM2 key will stand."""
    standing = _THROW_AWAY.public_key() if isinstance(subject, Sm2PublicKey) else subject
    return x509.CertificateBuilder().public_key(standing)


def sign_certificate(
    builder: x509.CertificateBuilder, subject: SubjectKey, key: IssuerKey
) -> x509.Certificate:
    """The certificate. SM2 signs for SM2 keys and P-256 for the rest; else UnsupportedKey."""
    if isinstance(key, Sm2PrivateKey) != isinstance(subject, Sm2PublicKey):
        raise UnsupportedKey
    if not isinstance(key, Sm2PrivateKey):
        return builder.sign(key, hashes.SHA256())
    made = asn1_x509.Certificate.load(_built(builder.sign(_THROW_AWAY, hashes.SHA256())))
    tbs = made["tbs_certificate"]
    tbs["subject_public_key_info"] = PublicKeyInfo.load(spki_of(subject))
    tbs["signature"] = algorithm_of(key)
    return x509.load_der_x509_certificate(_signed(made, tbs, "signature_value", key))


def sign_crl(builder: x509.CertificateRevocationListBuilder, key: IssuerKey) -> bytes:
    """The revocation list in DER."""
    if not isinstance(key, Sm2PrivateKey):
        return _built(builder.sign(key, hashes.SHA256()))
    made = asn1_crl.CertificateList.load(_built(builder.sign(_THROW_AWAY, hashes.SHA256())))
    tbs = made["tbs_cert_list"]
    tbs["signature"] = algorithm_of(key)
    return _signed(made, tbs, "signature", key)


def sign_bytes(key: IssuerKey, data: bytes) -> bytes:
    """A signature (DER) over `data`: ECDSA with SHA-256, or SM2 with SM3."""
    if isinstance(key, Sm2PrivateKey):
        return key.sign(data)
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def algorithm_of(key: IssuerKey) -> SignedDigestAlgorithm:
    """What `sign_bytes` is called in a certificate; without parameters in both cases."""
    name = SM2_WITH_SM3 if isinstance(key, Sm2PrivateKey) else "sha256_ecdsa"
    return SignedDigestAlgorithm({"algorithm": name})


def to_pem(key: IssuerKey) -> bytes:
    """PKCS#8 in PEM, not encrypted."""
    if isinstance(key, Sm2PrivateKey):
        return bytes(pem.armor("PRIVATE KEY", key.pkcs8()))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def from_pem(written: bytes) -> IssuerKey:
    """What `to_pem` wrote; raises NotAnSm2Key when it is of no kind that we use."""
    der = pem.unarmor(written)[2]
    try:
        key = load_der_private_key(der, password=None)
    except UnsupportedAlgorithm:
        return Sm2PrivateKey.from_pkcs8(der)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise NotAnSm2Key
    return key


def _built(made: x509.Certificate | x509.CertificateRevocationList) -> bytes:
    return made.public_bytes(Encoding.DER)


def _signed(made: Any, tbs: Any, place: str, key: Sm2PrivateKey) -> bytes:
    made["signature_algorithm"] = algorithm_of(key)
    made[place] = key.sign(tbs.dump(force=True))
    return bytes(made.dump(force=True))
