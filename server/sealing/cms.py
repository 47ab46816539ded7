"""The CMS SignedData of a PAdES signature: made from a digest, and verified against one."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from server.sealing.cms_templates import names_of, signed_attributes, signed_data, signer_info
from server.sealing.stamp import SealsSigned, Signer, Timestamper

TOKEN_ROOM = 6 * 1024  # a token with its authority's certificates takes 2 to 5 KB
FIXED_ROOM = 1024
# Beside the seal and its signer's certificate: time, digest, signature value, the words about it.
SES_ROOM = 512


class CmsInvalid(Exception):
    """The CMS does not say what it should; the text names the reason and no secret."""


def room_for(
    signer: Signer, timestamper: Timestamper | None, seals: SealsSigned | None = None
) -> int:
    """How many bytes of DER to keep for a signature of this signer, with these seals in it."""
    certificates = sum(len(der) for der in (signer.certificate, *signer.chain))
    room = certificates + FIXED_ROOM + (TOKEN_ROOM if timestamper else 0)
    if seals is not None:
        own = len(seals.signer.certificate) + SES_ROOM
        room += sum(len(seal) + own for seal in seals.seals)
    return room


def make(
    digest: bytes,
    signer: Signer,
    timestamper: Timestamper | None,
    more: Mapping[str, Sequence[bytes]] = MappingProxyType({}),
) -> bytes:
    """Sign a SHA-256 digest of the ByteRange: DER of a detached CMS (ETSI EN 319 142-1, B-B, B-T).

    `more` are further signed attributes: values (DER) by object identifier. There is no
    signing-time attribute: PAdES keeps the claimed time in /M.
    """
    attributes = signed_attributes(digest, signer.certificate, more)
    signature = signer.sign(attributes)
    token = timestamper(sha256(signature).digest()) if timestamper else None
    info = signer_info(names_of(signer.certificate), attributes, signature, token)
    return signed_data(info, [signer.certificate, *signer.chain])


def verify(der: bytes, digest: bytes, certificate: bytes) -> dict[str, list[bytes]]:
    """Check that this certificate's key signed this digest; all that it signed, values (DER) by
    object identifier. Raises CmsInvalid.

    Looks at the bytes only: whether the certificate can be trusted is the reader's question.
    """
    signed_data = cms.ContentInfo.load(der, strict=True)["content"]
    (info,) = signed_data["signer_infos"]
    attributes = {attribute["type"].native: attribute for attribute in info["signed_attrs"]}
    if attributes["message_digest"]["values"][0].native != digest:
        raise CmsInvalid("another digest")
    named = attributes["signing_certificate_v2"]["values"][0]["certs"][0]["cert_hash"].native
    if named != sha256(certificate).digest():
        raise CmsInvalid("another certificate")
    signature = info["signature"].native
    _verify_signature(certificate, signature, info["signed_attrs"].untag().dump())
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            _verify_imprint(attribute["values"][0], signature)
    return {
        attribute["type"].dotted: [value.dump() for value in attribute["values"]]
        for attribute in info["signed_attrs"]
    }


def _verify_signature(certificate: bytes, signature: bytes, signed: bytes) -> None:
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            raise CmsInvalid("another kind of key")
    except InvalidSignature as error:
        raise CmsInvalid("the signature value does not verify") from error


def _verify_imprint(token: cms.ContentInfo, signature: bytes) -> None:
    stamped = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    if stamped["hashed_message"].native != sha256(signature).digest():
        raise CmsInvalid("the time stamp is of something else")
