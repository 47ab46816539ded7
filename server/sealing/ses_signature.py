"""Signatures of electronic seals (SES_Signature) as GB/T 38540-2020 7.2 writes them.

What is signed is always taken from the bytes as they came; nothing is encoded again to be checked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, core

from server.pki.issuer_keys import SM2_WITH_SM3
from server.sealing import ses_syntax as syntax
from server.sealing.errors import SealUnreadable
from server.sealing.ses import MOST_BYTES, VERSION


@dataclass(frozen=True)
class SealSignature:
    """A signature as it was read: `signed` is what the signer signed with the key of `certificate`.

    `seal` is the SES_Seal (DER), `data_hash` the SM3 of the protected bytes, `about` the words of
    its maker on what they are; `signed_at` is aware. `token` is a time stamp (DER) of the
    signature value, in version 1 of something that the standard does not name.
    """

    seal: bytes
    signed_at: datetime
    data_hash: bytes
    about: str
    certificate: bytes
    algorithm: str
    signed: bytes
    signature: bytes
    version: int = VERSION
    token: bytes | None = None


def to_sign(seal: bytes, signed_at: datetime, data_hash: bytes, about: str) -> bytes:
    """The TBS_Sign (DER) for an SES_Seal (DER) and the SM3 of what it seals; `about` is ASCII."""
    whole = syntax.ToSign(
        {
            "version": VERSION,
            "eseal": syntax.Seal.load(seal, strict=True),
            "timeInfo": core.GeneralizedTime(signed_at.astimezone(UTC).replace(microsecond=0)),
            "dataHash": data_hash,
            "propertyInfo": about,
        }
    )
    return bytes(whole.dump())


def build_signature(signed: bytes, certificate: bytes, signature: bytes) -> bytes:
    """The SES_Signature (DER): what was signed, the signer's certificate (DER), his SM2 value."""
    whole = syntax.Signature(
        {
            "toSign": syntax.ToSign.load(signed, strict=True),
            "cert": certificate,
            "signatureAlgID": SM2_WITH_SM3,
            "signature": signature,
        }
    )
    return bytes(whole.dump())


def read_signature(der: bytes) -> SealSignature:
    """Read an SES_Signature of version 1, 4 or 5. Raises SealUnreadable."""
    if len(der) > MOST_BYTES:
        raise SealUnreadable
    try:
        version = int(core.Sequence.load(der, strict=True)[0][0].native)
        if version not in (1, VERSION, 5):
            raise ValueError("a version that nobody has published")
        return _first_version(der) if version < VERSION else _later_version(der)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise SealUnreadable from error


def _later_version(der: bytes) -> SealSignature:
    whole = syntax.Signature.load(der, strict=True)
    signed = whole["toSign"]
    return SealSignature(
        seal=signed["eseal"].dump(),
        signed_at=syntax.moment_of(signed["timeInfo"]),
        data_hash=signed["dataHash"].native,
        about=signed["propertyInfo"].native,
        certificate=whole["cert"].native,
        algorithm=whole["signatureAlgID"].native,
        signed=signed.dump(),
        signature=whole["signature"].native,
        version=int(signed["version"].native),
        token=whole["timeStamp"].native,
    )


def _first_version(der: bytes) -> SealSignature:
    whole = syntax.SignatureV1.load(der, strict=True)
    signed = whole["toSign"]
    time = signed["timeInfo"].native
    is_token = time[:1] == b"\x30"
    said = syntax.Moment.load(time, strict=True) if not is_token else _token_time(time)
    return SealSignature(
        seal=signed["eseal"].dump(),
        signed_at=syntax.moment_of(said),
        data_hash=signed["dataHash"].native,
        about=signed["propertyInfo"].native,
        certificate=signed["cert"].native,
        algorithm=signed["signatureAlgorithm"].native,
        signed=signed.dump(),
        signature=whole["signature"].native,
        version=1,
        token=time if is_token else None,
    )


def _token_time(token: bytes) -> Any:
    content = cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]["content"]
    return content.parsed["gen_time"]
