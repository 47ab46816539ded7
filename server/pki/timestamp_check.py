"""Whether a time-stamp token stands: imprint, nonce, signature, key usage, chain (RFC 3161)."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.pki.chain import CertificateUnreadable, ChainBroken, check_chain, load_certificates
from server.pki.timestamp import (
    TimestampForged,
    TimestampRequest,
    TimestampUnreadable,
    TimestampUntrusted,
    TimestampWrongImprint,
    TimestampWrongNonce,
    reading,
)

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@dataclass(frozen=True)
class Timestamp:
    """What a token says: when (aware UTC), by whose certificate (DER), under which number."""

    time: datetime
    serial: int
    policy: str
    certificate: bytes


@reading()
def check_token(
    token: bytes, asked: TimestampRequest, roots: Sequence[x509.Certificate]
) -> Timestamp:
    """What a TimeStampToken (CMS, DER) says, once all of it was found to stand.

    `asked.nonce` is compared only when it is given: a token found in a file answers a request that
    nobody kept. Revocation is not looked at. Raises the children of TimestampInvalid.
    """
    signed = _signed_data(token)
    # Taken before anything looks inside, so that these are the bytes as they came. What was signed
    # is the SET OF itself, without the tag [0] that it carries here (RFC 5652 5.4).
    attributes = b"\x31" + signed["signer_infos"][0]["signed_attrs"].dump()[1:]
    content = signed["encap_content_info"]["content"].contents
    said = tsp.TSTInfo.load(content, strict=True)
    _check_answer(said, asked)
    pool = _certificates(signed)
    signer_info = signed["signer_infos"][0]
    signer = _signer_certificate(signer_info, pool)
    algorithm = _check_attributes(signer_info, content)
    _verify(signer_info, signer.public_key(), algorithm, attributes)
    time = said["gen_time"].native
    _check_trust(signer, pool, roots, time)
    return Timestamp(
        time=time,
        serial=said["serial_number"].native,
        policy=said["policy"].dotted,
        certificate=signer.public_bytes(Encoding.DER),
    )


def _signed_data(token: bytes) -> cms.SignedData:
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise TimestampUnreadable
    signed = content["content"]
    kind = signed["encap_content_info"]["content_type"].native
    if kind != "tst_info" or len(signed["signer_infos"]) != 1:
        raise TimestampUnreadable
    return signed


def _check_answer(said: tsp.TSTInfo, asked: TimestampRequest) -> None:
    imprint = said["message_imprint"]
    stamped = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
    if stamped != (asked.hash_name, asked.imprint):
        raise TimestampWrongImprint
    if asked.nonce is not None and said["nonce"].native != asked.nonce:
        raise TimestampWrongNonce


def _certificates(signed: cms.SignedData) -> list[x509.Certificate]:
    # Attribute certificates and unreadable ones say nothing: if one of them was needed, the
    # signer or his chain will be missing.
    found = []
    for choice in signed["certificates"] or ():
        with suppress(CertificateUnreadable):
            found += load_certificates(choice.chosen.dump())
    return found


def _signer_certificate(
    signer: cms.SignerInfo, pool: Sequence[x509.Certificate]
) -> x509.Certificate:
    """The certificate that the signed attribute names by its hash (RFC 5816)."""
    algorithm, digest = _named_hash(signer)
    for certificate in pool:
        if certificate.fingerprint(algorithm) == digest and _is_named(signer["sid"], certificate):
            return certificate
    raise TimestampForged(rule="signing_certificate")


def _named_hash(signer: cms.SignerInfo) -> tuple[hashes.HashAlgorithm, bytes]:
    if v2 := _attribute(signer, "signing_certificate_v2"):
        first = v2["certs"][0]
        algorithm = _HASHES.get(first["hash_algorithm"]["algorithm"].native)
        if algorithm is not None:
            return algorithm, first["cert_hash"].native
    elif v1 := _attribute(signer, "signing_certificate"):
        # SHA-1 is what RFC 3161 prescribed; the signature itself does not rest on it.
        return hashes.SHA1(), v1["certs"][0]["cert_hash"].native  # noqa: S303
    raise TimestampForged(rule="signing_certificate")


def _is_named(sid: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if sid.name == "issuer_and_serial_number":
        issuer = sid.chosen["issuer"].dump()
        serial = sid.chosen["serial_number"].native
        return (issuer, serial) == (certificate.issuer.public_bytes(), certificate.serial_number)
    extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return bool(sid.chosen.native == extension.value.digest)


def _attribute(signer: cms.SignerInfo, kind: str) -> Any:
    """The one value of a signed attribute, or None."""
    found = [a["values"] for a in signer["signed_attrs"] if a["type"].native == kind]
    if len(found) > 1 or (found and len(found[0]) != 1):
        raise TimestampForged(rule=kind)
    return found[0][0] if found else None


def _check_attributes(signer: cms.SignerInfo, content: bytes) -> hashes.HashAlgorithm:
    """The digest and the kind of the content are signed with it (RFC 5652 5.3)."""
    algorithm = _HASHES.get(signer["digest_algorithm"]["algorithm"].native)
    if algorithm is None:
        raise TimestampForged(rule="digest_algorithm")
    digest = _attribute(signer, "message_digest")
    if digest is None or digest.native != hashlib.new(algorithm.name, content).digest():
        raise TimestampForged(rule="message_digest")
    content_type = _attribute(signer, "content_type")
    if content_type is None or content_type.native != "tst_info":
        raise TimestampForged(rule="content_type")
    return algorithm


def _verify(
    signer: cms.SignerInfo,
    key: CertificatePublicKeyTypes,
    algorithm: hashes.HashAlgorithm,
    attributes: bytes,
) -> None:
    signature = signer["signature"].native
    try:
        kind = signer["signature_algorithm"].signature_algo
        # The hash is the digest's: plain rsaEncryption, which openssl writes, names none.
        if isinstance(key, ec.EllipticCurvePublicKey) and kind == "ecdsa":
            key.verify(signature, attributes, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey) and kind == "rsassa_pkcs1v15":
            key.verify(signature, attributes, padding.PKCS1v15(), algorithm)
        else:
            raise TimestampForged(rule="signature_algorithm")
    except (InvalidSignature, ValueError) as error:
        raise TimestampForged(rule="signature") from error


def _check_trust(
    signer: x509.Certificate,
    pool: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at: datetime,
) -> None:
    """RFC 3161 2.3: time stamping is the only purpose of the key, and marked critical."""
    try:
        purpose = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise TimestampUntrusted(rule="key_usage") from error
    if not purpose.critical or list(purpose.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampUntrusted(rule="key_usage")
    try:
        check_chain(signer, pool, roots, at)
    except ChainBroken as error:
        raise TimestampUntrusted(rule="chain") from error
