"""Builds the CMS SignedData of a PAdES signature from DER pieces, as RFC 5652 5 lays them out.

Only what changes from one signature to the next is encoded; everything is in DER, so that the
bytes are those that any encoder of DER would write.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from asn1crypto import core
from asn1crypto.parser import emit, parse
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

UNIVERSAL, CONTEXT = 0, 2
PRIMITIVE, CONSTRUCTED = 0, 1
OCTET_STRING, SEQUENCE, SET = 4, 16, 17


def _sequence(*parts: bytes) -> bytes:
    written: bytes = emit(UNIVERSAL, CONSTRUCTED, SEQUENCE, b"".join(parts))
    return written


def _set(parts: Iterable[bytes]) -> bytes:
    """A SET OF in DER: its values in the order of their bytes (X.690 11.6)."""
    written: bytes = emit(UNIVERSAL, CONSTRUCTED, SET, b"".join(sorted(parts)))
    return written


def _octets(value: bytes) -> bytes:
    written: bytes = emit(UNIVERSAL, PRIMITIVE, OCTET_STRING, value)
    return written


def _tagged(number: int, content: bytes) -> bytes:
    written: bytes = emit(CONTEXT, CONSTRUCTED, number, content)
    return written


def _identifier(dotted: str) -> bytes:
    written: bytes = core.ObjectIdentifier(dotted).dump()
    return written


def _inside(der: bytes) -> bytes:
    content: bytes = parse(der, strict=True)[4]
    return content


VERSION_1: Final = b"\x02\x01\x01"
NULL: Final = b"\x05\x00"
SIGNED_DATA: Final = _identifier("1.2.840.113549.1.7.2")
DATA: Final = _identifier("1.2.840.113549.1.7.1")
CONTENT_TYPE: Final = _identifier("1.2.840.113549.1.9.3")
MESSAGE_DIGEST: Final = _identifier("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2: Final = _identifier("1.2.840.113549.1.9.16.2.47")
TIME_STAMP_TOKEN: Final = _identifier("1.2.840.113549.1.9.16.2.14")
SHA256: Final = _sequence(_identifier("2.16.840.1.101.3.4.2.1"), NULL)
ECDSA_WITH_SHA256: Final = _sequence(_identifier("1.2.840.10045.4.3.2"))
RSA_WITH_SHA256: Final = _sequence(_identifier("1.2.840.113549.1.1.11"), NULL)
THIS_CONTENT: Final = _sequence(CONTENT_TYPE, _set([DATA]))


class Names(NamedTuple):
    """How a signature names its signer: DER of issuer and serial number, and of the algorithm."""

    signer: bytes
    algorithm: bytes


def names_of(certificate: bytes) -> Names:
    """Read them from a certificate (DER), the issuer byte for byte. Raises ValueError."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        algorithm = ECDSA_WITH_SHA256
    elif isinstance(key, rsa.RSAPublicKey):
        algorithm = RSA_WITH_SHA256
    else:
        raise ValueError("another kind of key")
    # Certificate { tbsCertificate { [0] version, serialNumber, signature, issuer, ... } ... }
    _version, serial, _signature, issuer = _first_four(_inside(_first(_inside(certificate))))
    return Names(_sequence(issuer, serial), algorithm)


def signed_attributes(
    digest: bytes, certificate: bytes, more: Mapping[str, Sequence[bytes]]
) -> bytes:
    """The signed attributes as a SET OF (DER), which is what is signed (RFC 5652 5.4).

    `more` are values (DER) by object identifier. There is no signing-time attribute: PAdES keeps
    the claimed time in /M.
    """
    named = _sequence(_sequence(_sequence(_octets(sha256(certificate).digest()))))
    others = (_sequence(_identifier(kind), _set(values)) for kind, values in more.items())
    return _set(
        [
            THIS_CONTENT,
            _sequence(MESSAGE_DIGEST, _set([_octets(digest)])),
            _sequence(SIGNING_CERTIFICATE_V2, _set([named])),
            *others,
        ]
    )


def signer_info(names: Names, attributes: bytes, signature: bytes, token: bytes | None) -> bytes:
    """The SignerInfo, with the time stamp (DER) over the signature value where there is one."""
    parts = [VERSION_1, names.signer, SHA256, _tagged(0, _inside(attributes)), names.algorithm]
    parts.append(_octets(signature))
    if token is not None:
        parts.append(_tagged(1, _sequence(TIME_STAMP_TOKEN, _set([token]))))
    return _sequence(*parts)


def signed_data(info: bytes, certificates: Sequence[bytes]) -> bytes:
    """The ContentInfo of a detached signature by one signer, with these certificates (DER)."""
    held = _tagged(0, b"".join(sorted(certificates)))
    content = _sequence(VERSION_1, _set([SHA256]), _sequence(DATA), held, _set([info]))
    return _sequence(SIGNED_DATA, _tagged(0, content))


def _first(der: bytes) -> bytes:
    _, _, _, header, content, _ = parse(der)
    return bytes(header + content)


def _first_four(der: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    parts: list[bytes] = []
    for _ in range(4):
        part = _first(der)
        parts.append(part)
        der = der[len(part) :]
    return parts[0], parts[1], parts[2], parts[3]
