"""Reads the CMS of any PDF signature, ours or foreign, and verifies what it signed (RFC 5652)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from server.pki.chain import CertificateUnreadable, load_certificates
from server.sealing.malformed import MALFORMED
from server.sealing.signature_values import CannotVerify, pss_verifies, verifies

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
MOST_CERTIFICATES = 64
PLAIN = ("rsassa_pkcs1v15", "ecdsa")
CERTIFICATE_NAMED = ("signing_certificate_v2", "signing_certificate")


class CmsUnreadable(Exception):
    """Not a CMS with one signer, whose certificate is in it."""


@dataclass(frozen=True)
class ReadCms:
    """One signer's word. `pool` are all certificates that came along, the signer's own among them.

    `attributes` are the signed attributes: values (DER) by object identifier; `signed` is what the
    signer signed, None when he signed the document without attributes. `content` is what the CMS
    holds itself (a TSTInfo, or a bare digest), `token` the time stamp of the signature.
    """

    kind: str
    content: bytes | None
    certificate: x509.Certificate
    pool: tuple[x509.Certificate, ...]
    digest_name: str
    attributes: Mapping[str, tuple[bytes, ...]]
    signed: bytes | None
    signature: bytes
    token: bytes | None
    claimed_at: datetime | None
    info: cms.SignerInfo


def read_cms(der: bytes) -> ReadCms:
    """Read a CMS strictly. Raises CmsUnreadable."""
    try:
        return _read(der)
    except (*MALFORMED, RecursionError) as error:
        raise CmsUnreadable from error


def fault(read: ReadCms, digest: bytes) -> str:
    """Why this CMS is no signature of that digest; empty when it is one. `digest` is the
    document's, by the CMS's own algorithm. Raises CannotVerify."""
    algorithm = HASHES.get(read.digest_name)
    # Without signed attributes nothing says which certificate is meant: not to be relied on.
    if algorithm is None or read.signed is None or read.content is not None:
        raise CannotVerify
    try:
        said = _one(read, "message_digest").native
        if said != digest:
            return "document_digest_differs"
        if _one(read, "content_type").native != "data" or not _names_its_certificate(read):
            return "signed_attributes_wrong"
        return "" if _verifies(read, algorithm) else "signature_value_wrong"
    except (*MALFORMED, RecursionError):
        return "signed_attributes_wrong"


def _read(der: bytes) -> ReadCms:
    whole = cms.ContentInfo.load(der, strict=True)
    if whole["content_type"].native != "signed_data":
        raise ValueError("no SignedData")
    data = whole["content"]
    (info,) = data["signer_infos"]
    pool = _certificates(data)
    certificate = next((one for one in pool if _is_named(info["sid"], one)), None)
    if certificate is None:
        raise ValueError("the signer's certificate is left out")
    # Taken before anything looks inside, so that these are the bytes as they came. What was
    # signed is the SET OF itself, without the tag [0] that it carries here (RFC 5652 5.4).
    signed = b"\x31" + info["signed_attrs"].dump()[1:] if info["signed_attrs"] else None
    attributes = _values(info["signed_attrs"] or ())
    content = data["encap_content_info"]["content"]
    return ReadCms(
        kind=data["encap_content_info"]["content_type"].native,
        content=None if content.native is None else content.contents,
        certificate=certificate,
        pool=tuple(pool),
        digest_name=info["digest_algorithm"]["algorithm"].native,
        attributes=attributes,
        signed=signed,
        signature=info["signature"].native,
        token=_token(info),
        claimed_at=_claimed(info),
        info=info,
    )


def _certificates(data: cms.SignedData) -> list[x509.Certificate]:
    choices = data["certificates"] or ()
    if len(choices) > MOST_CERTIFICATES:
        raise ValueError("a heap of certificates")
    found: list[x509.Certificate] = []
    for choice in choices:
        with suppress(CertificateUnreadable):
            found += load_certificates(choice.chosen.dump())
    return found


def _is_named(sid: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    if sid.name == "issuer_and_serial_number":
        issuer = sid.chosen["issuer"].dump()
        serial = sid.chosen["serial_number"].native
        return (issuer, serial) == (certificate.issuer.public_bytes(), certificate.serial_number)
    extension = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return bool(sid.chosen.native == extension.value.digest)


def _values(attributes: Any) -> dict[str, tuple[bytes, ...]]:
    found: dict[str, tuple[bytes, ...]] = {}
    for attribute in attributes:
        kind = attribute["type"].dotted
        if kind in found:
            raise ValueError("an attribute that comes twice")
        found[kind] = tuple(value.dump() for value in attribute["values"])
    return found


def _token(info: cms.SignerInfo) -> bytes | None:
    tokens: list[bytes] = []
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            tokens += [value.dump() for value in attribute["values"]]
    return tokens[0] if tokens else None


def _claimed(info: cms.SignerInfo) -> datetime | None:
    for attribute in info["signed_attrs"] or ():
        if attribute["type"].native == "signing_time":
            moment = attribute["values"][0].native
            # A year 0000 is no datetime, and a time without a zone says nothing.
            known = isinstance(moment, datetime) and moment.tzinfo is not None
            return moment if known else None
    return None


def _one(read: ReadCms, kind: str) -> Any:
    for attribute in read.info["signed_attrs"]:
        if attribute["type"].native == kind:
            (value,) = attribute["values"]
            return value
    raise KeyError(kind)


def _names_its_certificate(read: ReadCms) -> bool:
    """Whether the signed attribute that names the signer's certificate, if there is one, does."""
    for kind in CERTIFICATE_NAMED:
        with suppress(KeyError):
            named = _one(read, kind)["certs"][0]
            if kind == "signing_certificate":
                der = read.certificate.public_bytes(Encoding.DER)
                return bool(named["cert_hash"].native == sha1(der, usedforsecurity=False).digest())
            algorithm = HASHES[named["hash_algorithm"]["algorithm"].native]
            return bool(named["cert_hash"].native == read.certificate.fingerprint(algorithm))
    return True


def _verifies(read: ReadCms, digest: hashes.HashAlgorithm) -> bool:
    algorithm, signed = read.info["signature_algorithm"], read.signed or b""
    if algorithm.signature_algo == "rsassa_pss":
        told = algorithm["parameters"]
        mask = told["mask_gen_algorithm"]["parameters"]["algorithm"].native
        if {told["hash_algorithm"]["algorithm"].native, mask} != {read.digest_name}:
            raise CannotVerify
        salt = told["salt_length"].native
        return pss_verifies(read.certificate, read.signature, signed, digest=digest, salt=salt)
    if algorithm.signature_algo not in ("rsassa_pkcs1v15", "ecdsa"):
        raise CannotVerify
    # Plain rsaEncryption and plain ECDSA name no digest; whoever names one means the CMS's own.
    names_none = algorithm["algorithm"].native in PLAIN
    if not names_none and algorithm.hash_algo != read.digest_name:
        raise CannotVerify
    return verifies(read.certificate, read.signature, signed, digest)
