"""Signatures of electronic seals (SES_Signature) as GB/T 38540-2020 7.2 writes them.

What is signed is always taken from the bytes as they came; nothing is encoded again to be checked.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core

from server.pki.issuer_keys import SM2_WITH_SM3
from server.sealing import ses_syntax as syntax
from server.sealing.errors import SealUnreadable
from server.sealing.ses import MOST_BYTES, VERSION


@dataclass(frozen=True)
class SealSignature:
    """A signature as it was read: `signed` is what the signer signed with the key of `certificate`.

    `seal` is the SES_Seal (DER), `data_hash` the SM3 of the protected bytes, `about` the words of
    its maker on what they are; `signed_at` is aware.
    """

    seal: bytes
    signed_at: datetime
    data_hash: bytes
    about: str
    certificate: bytes
    algorithm: str
    signed: bytes
    signature: bytes


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
    """Read an SES_Signature of version 4 or 5. Raises SealUnreadable."""
    if len(der) > MOST_BYTES:
        raise SealUnreadable
    try:
        whole = syntax.Signature.load(der, strict=True)
        signed = whole["toSign"]
        if int(signed["version"].native) not in (VERSION, 5):
            raise ValueError("a version of another shape")
        return SealSignature(
            seal=signed["eseal"].dump(),
            signed_at=signed["timeInfo"].native,
            data_hash=signed["dataHash"].native,
            about=signed["propertyInfo"].native,
            certificate=whole["cert"].native,
            algorithm=whole["signatureAlgID"].native,
            signed=signed.dump(),
            signature=whole["signature"].native,
        )
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise SealUnreadable from error
