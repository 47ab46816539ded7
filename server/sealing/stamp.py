"""What is to be sealed, and with what: the words that the sealing modules share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from server.sealing.placement import Placement, SealId

# Takes the SHA-256 of a signature value, returns an RFC 3161 TimeStampToken (DER).
Timestamper = Callable[[bytes], bytes]


@dataclass(frozen=True)
class SealPicture:
    """How a seal looks: PDF operators in points with the origin at the lower left, size in mm."""

    id: SealId
    operators: bytes
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Stamp:
    """One seal at one place; without a `field_name` the next free one is taken."""

    seal: SealPicture
    placement: Placement
    field_name: str | None = None


@dataclass(frozen=True)
class ValidationData:
    """What a reader needs to judge certificates when their authority is long silent, all in DER:
    the certificates themselves, OCSP answers and revocation lists (ETSI EN 319 142-1 5.4).
    """

    certificates: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class SealingMeta:
    """What the signature dictionary says of itself; `signing_time` is aware.

    With `lasting` data, which stands beside it in the same revision, the signature is B-LT.
    """

    signer_name: str
    reason: str
    location: str
    signing_time: datetime
    contact: str | None = None
    lasting: ValidationData | None = None


class Signer(Protocol):
    """A key that signs, wherever it is kept; the parent process holds it, never the child."""

    @property
    def certificate(self) -> bytes:
        """The signer's certificate, DER."""

    @property
    def chain(self) -> Sequence[bytes]:
        """The certificates above it, DER, issuing authority first; the root may be left out."""

    def sign(self, tbs: bytes) -> bytes:
        """Sign with SHA-256: ECDSA (DER of r and s) or RSA PKCS #1 v1.5, as the key is."""


class SealSigner(Protocol):
    """The owner's SM2 key, which signs with his seals."""

    @property
    def certificate(self) -> bytes:
        """The owner's SM2 certificate, DER; each of his seals names it."""

    def sign(self, tbs: bytes) -> bytes:
        """Sign with SM2 and SM3: DER of r and s (GB/T 35276-2017 7.3)."""


@dataclass(frozen=True)
class SealsSigned:
    """The electronic seals (SES_Seal, DER) that sign beside the document's own signature.

    `attribute` is the object identifier of the CMS attribute that holds their signatures.
    """

    signer: SealSigner
    seals: tuple[bytes, ...]
    signed_at: datetime
    attribute: str
