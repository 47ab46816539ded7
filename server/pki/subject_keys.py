"""The keys that certificates speak for: P-256 and SM2 to sign, X25519 to wrap keys."""

import hashlib
from enum import StrEnum
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from server.core.errors import Invalid
from server.pki.sm2 import NotAnSm2Key, Sm2PublicKey

SubjectKey = ec.EllipticCurvePublicKey | x25519.X25519PublicKey | Sm2PublicKey
SM2_CURVE = "1.2.156.10197.1.301"


class Algorithm(StrEnum):
    """What a certificate is signed with; keys that wrap (X25519) stand under P-256."""

    P256 = "p256"
    SM2 = "sm2"


class UnsupportedKey(Invalid):
    """Certificates are issued for P-256 and SM2 (signing) and X25519 (wrapping) keys."""

    code = "unsupported_key"
    message = ("不支持该类型的密钥。", "This kind of key is not supported.")
    next_step = (
        "请使用 SM2、P-256 或 X25519 密钥。",
        "Please use an SM2, P-256 or X25519 key.",
    )


def load_subject_key(public_key: bytes) -> SubjectKey:
    """Read a SubjectPublicKeyInfo (DER); raises UnsupportedKey for all other kinds."""
    try:
        if is_sm2(public_key):
            return Sm2PublicKey.from_spki(public_key)
        key = load_der_public_key(public_key)
    except (ValueError, TypeError, NotAnSm2Key) as error:
        raise UnsupportedKey from error
    if isinstance(key, x25519.X25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise UnsupportedKey


def algorithm_for(key: SubjectKey) -> Algorithm:
    """Which authorities certify this key."""
    return Algorithm.SM2 if isinstance(key, Sm2PublicKey) else Algorithm.P256


@lru_cache(maxsize=256)
def is_sm2(public_key: bytes) -> bool:
    """Whether a SubjectPublicKeyInfo (DER) names SM2's curve; ValueError when it is none."""
    algorithm = PublicKeyInfo.load(public_key, strict=True)["algorithm"]
    if algorithm["algorithm"].native != "ec" or algorithm["parameters"].name != "named":
        return False
    return bool(algorithm["parameters"].chosen.dotted == SM2_CURVE)


def spki_of(key: SubjectKey) -> bytes:
    """The SubjectPublicKeyInfo in DER."""
    if isinstance(key, Sm2PublicKey):
        return key.spki()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def public_key_of(certificate: x509.Certificate) -> bytes:
    """The SubjectPublicKeyInfo (DER) of a certificate, whatever its kind."""
    read = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return bytes(read["tbs_certificate"]["subject_public_key_info"].dump())


def identifier(key: SubjectKey) -> x509.SubjectKeyIdentifier:
    """The SHA-1 of the key's bits (RFC 5280 4.2.1.2, the first way)."""
    bits = PublicKeyInfo.load(spki_of(key))["public_key"].contents[1:]
    return x509.SubjectKeyIdentifier(hashlib.sha1(bits, usedforsecurity=False).digest())
