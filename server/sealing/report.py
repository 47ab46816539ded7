"""What a verification says: of each seal, each signature, each revision, and of the whole file.

Plain data that can be pickled: it is made in the limited child and shown by whoever asked.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.sealing.page_box import Box
from server.sealing.ses import SealPicture

NO_SIGNATURE, NO_SEAL = "no_signature", "no_seal"


class Answer(StrEnum):
    """UNKNOWN is an answer of its own: what would be needed to tell is not at hand (P-20)."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Overall(StrEnum):
    """有效, 签章后有改动, 无效, 无法验证."""

    VALID = "valid"
    CHANGED = "changed_later"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class CheckName(StrEnum):
    """The eight checks in the order of B4.4."""

    SEAL_FORMAT = "seal_format"
    SIGNER_CERTIFICATE = "signer_certificate"
    SEAL_VALIDITY = "seal_validity"
    SIGNING_TIME = "signing_time"
    CERTIFICATE = "certificate"
    TIME_STAMP = "time_stamp"
    SEAL_SIGNATURE = "seal_signature"
    DOCUMENT_DIGEST = "document_digest"


class Standard(StrEnum):
    """The standard whose shape a seal's data has."""

    GMT_0031_2014 = "GM/T 0031-2014"
    GBT_38540_2020 = "GB/T 38540-2020"
    GMT_0031_2025 = "GM/T 0031-2025"


class SignatureKind(StrEnum):
    """What a signature dictionary is: with seals in it, without any, or a time stamp only."""

    SEALED = "sealed"
    SIGNATURE = "signature"
    DOCUMENT_TIMESTAMP = "document_timestamp"


class RevisionBy(StrEnum):
    """What a revision of the file was written for."""

    DOCUMENT = "document"
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    CHANGE = "change"


@dataclass(frozen=True)
class Check:
    """One check's answer; `cause` is a stable code, empty when the check was passed."""

    name: CheckName
    answer: Answer
    cause: str = ""


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says of itself; names as RFC 4514 writes them, `serial` in hex.

    `chain` are the subjects above it up to a trusted root, empty when none was reached.
    """

    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class SealReport:
    """One seal in one signature.

    What cannot be read is empty or None. `maker` and `owner` are names of certificates'
    subjects. `places` are (page from 1, rectangle in user space) of the widgets that count; a
    signature with several seals gives them all its places. `signature` is the id of its
    SignatureReport, 0 when the seal's data came without a document. `changed_later` as there;
    `cause` is why `overall` is not VALID.
    """

    id: str
    name: str
    kind: int | None
    maker: str
    owner: str
    picture: SealPicture | None
    places: tuple[tuple[int, Box], ...]
    signed_at: datetime | None
    stamped_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    certificate: CertificateFacts | None
    standard: Standard | None
    checks: tuple[Check, ...]
    changed_later: bool
    overall: Overall
    cause: str
    signature: int


@dataclass(frozen=True)
class SignatureReport:
    """One signature dictionary, however many fields point to it.

    `id` is its object number, `seals` are indexes into `Report.seals`. `intact`: bytes, digest
    and signature value agree and its whole revision is covered. `changed_later`: what came after
    is more than further signatures and their validation data.
    """

    id: int
    kind: SignatureKind
    field_names: tuple[str, ...]
    signer: str
    certificate: CertificateFacts | None
    claimed_at: datetime | None
    stamped_at: datetime | None
    intact: bool
    trusted: bool
    covers_file: bool
    changed_later: bool
    seals: tuple[int, ...]
    overall: Overall
    cause: str


@dataclass(frozen=True)
class Revision:
    """One revision of the file, counted from 1; `ends_at` is the number of bytes up to its end.

    `changes` are codes, with the page behind a colon where there is one: `page_content:3`.
    """

    number: int
    ends_at: int
    by: RevisionBy
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The whole file. `digest` is its SHA-256 in hex, `size` in bytes.

    `uncounted` are signature fields that show a seal which does not count at that place. `cause`
    is why `overall` is not VALID, or NO_SEAL when valid signatures stand there without a seal.
    """

    digest: str
    size: int
    pages: int
    seals: tuple[SealReport, ...]
    signatures: tuple[SignatureReport, ...]
    revisions: tuple[Revision, ...]
    uncounted: tuple[str, ...]
    overall: Overall
    cause: str
