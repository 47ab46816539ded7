"""An owner's keys while they are open for one sealing: P-256 for the document, SM2 for seals."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from server.certificates import service as certificates
from server.certificates.signers import SoftwareSigner
from server.core.db import UnitOfWork
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm
from server.sealing import ses
from server.sealing.stamp import SealsSigned
from server.seals.queries import impression_of
from server.signing.errors import SealCertificateInvalid


@dataclass(frozen=True)
class SoftwareSealSigner:
    """Signs with an SM2 key that is open for as long."""

    certificate: bytes
    private: Sm2PrivateKey = field(repr=False)

    def sign(self, tbs: bytes) -> bytes:
        """SM2 with SM3 over `tbs`, DER."""
        return self.private.sign(tbs)


def document_signer(uow: UnitOfWork, ring_id: str, data_key: bytes) -> SoftwareSigner:
    """Who signs the document for every reader."""
    private, certificate = certificates.private_key(uow, ring_id, data_key)
    chain = (certificate.issuing_der, certificate.root_der)
    return SoftwareSigner.of(private, certificate.der, chain)


@dataclass(frozen=True)
class SealsPlaced:
    """The seals of one sealing, when they sign, and the CMS attribute that takes what they sign."""

    seal_ids: Collection[str]
    at: datetime
    attribute: str


def seals_signed(
    uow: UnitOfWork, ring_id: str, data_key: bytes, placed: SealsPlaced
) -> SealsSigned | None:
    """How the seals sign by GB/T 38540; None where none was ever vouched for by a maker.

    Raises SealCertificateInvalid for a seal that names another signer than the ring's own.
    """
    made = [impression_of(uow, seal_id).made for seal_id in sorted(placed.seal_ids)]
    electronic = tuple(seal for seal in made if seal is not None)
    if not electronic:
        return None
    private, certificate = certificates.private_key(uow, ring_id, data_key, Algorithm.SM2)
    if any(certificate.der not in ses.read_seal(one).facts.certificates for one in electronic):
        raise SealCertificateInvalid()
    signer = SoftwareSealSigner(certificate.der, Sm2PrivateKey.from_pkcs8(private))
    return SealsSigned(signer, electronic, placed.at, placed.attribute)
