"""Whom a verification trusts: plain data, given by the caller, never asked from an address."""

from dataclasses import dataclass

# Ours stands under the arc that RFC 5612 keeps for examples; the setting may name another.
SEAL_ATTRIBUTE = "1.3.6.1.4.1.32473.38540.1"


@dataclass(frozen=True)
class TrustList:
    """Certificates and revocation data, all in DER.

    `document_roots` stand for those who sign (PAdES, and the SM2 certificates that seals name),
    `seal_maker_roots` for makers of seals, `time_stamp_roots` for time-stamp authorities beside
    `document_roots`. `others` are authorities below the roots: a seal carries its maker's and
    its signer's certificate only. `crls` and `ocsps` are believed when their signer leads to a
    root. `seal_attributes` are the object identifiers of signed attributes that hold seals.
    """

    document_roots: tuple[bytes, ...] = ()
    seal_maker_roots: tuple[bytes, ...] = ()
    time_stamp_roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    seal_attributes: tuple[str, ...] = (SEAL_ATTRIBUTE,)
