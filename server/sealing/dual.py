"""The second signature of a sealed file: each seal signs the same bytes by GB/T 38540-2020.

The signatures of the seals stand in the CMS as a signed attribute, so that they cannot be taken
out without breaking the signature that every reader of PDF knows.
"""

from asn1crypto import x509 as asn1_x509

from server.pki.sm2 import Sm2PublicKey
from server.sealing.byte_range import Covered
from server.sealing.cms import CmsInvalid
from server.sealing.ses_signature import build_signature, read_signature, to_sign
from server.sealing.stamp import SealsSigned


def attributes(covered: Covered, seals: SealsSigned) -> dict[str, list[bytes]]:
    """The signed attribute with one SES_Signature (DER) for each seal."""
    digest, about = covered.sm3(), covered.about
    signer = seals.signer
    values = []
    for seal in seals.seals:
        signed = to_sign(seal, seals.signed_at, digest, about)
        values.append(build_signature(signed, signer.certificate, signer.sign(signed)))
    return {seals.attribute: values}


def verify(values: list[bytes], covered: Covered, seals: SealsSigned) -> None:
    """Check that these very seals have signed these bytes; raises CmsInvalid, SealUnreadable.

    Looks at the bytes only: whether the seals can be trusted is the reader's question.
    """
    digest, certificate = covered.sm3(), seals.signer.certificate
    key = Sm2PublicKey.from_spki(asn1_x509.Certificate.load(certificate).public_key.dump())
    read = [read_signature(value) for value in values]
    if sorted(one.seal for one in read) != sorted(seals.seals):
        raise CmsInvalid("other seals")
    for one in read:
        if (one.data_hash, one.certificate) != (digest, certificate):
            raise CmsInvalid("a seal signed something else, or another signed with it")
        if not key.verify(one.signature, one.signed):
            raise CmsInvalid("the signature of a seal does not verify")
