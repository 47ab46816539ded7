"""A verification as pages and both interfaces show it, in the caller's language."""

from collections.abc import Iterator

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict

from server.runtime import runtime
from server.sealing.report import (
    Answer,
    CertificateFacts,
    Check,
    CheckName,
    Overall,
    Report,
    Revision,
    RevisionBy,
    SealReport,
    SignatureKind,
    SignatureReport,
)
from server.validation.causes import cause_of
from server.validation.changes import read_change
from server.validation.errors import VerificationNotFound
from server.validation.sentences import ANSWERS, CHECKS, KINDS, MADE_BY, OVERALL
from server.validation.service import LARGEST_SEAL_DATA, Asker, HandedIn, Verified
from server.web.bodies import idempotency_key
from server.web.miniprogram.answers import Moment
from server.web.words import either


class VerificationIn(BaseModel):
    """A multipart body: `file` is a PDF of at most 20 MiB; or `seal` (an OFD container's
    `Seal.esl`), `signature` (its `SignedValue.dat`) or both, at most 1 MiB each."""

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    file: UploadFile | None = None
    seal: UploadFile | None = None
    signature: UploadFile | None = None

    def handed_in(self, largest_pdf: int) -> HandedIn:
        """What came along; of each part one byte more than it may have is read."""
        named = self.file or self.signature or self.seal
        return HandedIn(
            name=(named.filename or "") if named else "",
            pdf=_content(self.file, largest_pdf),
            seal=_content(self.seal, LARGEST_SEAL_DATA),
            signature=_content(self.signature, LARGEST_SEAL_DATA),
        )


class CauseOut(BaseModel):
    """`code` is stable; the sentences are for people."""

    code: str
    message: str
    next_step: str


class CheckOut(BaseModel):
    """One of the eight checks; `title` and `answer_word` are for showing."""

    name: CheckName
    title: str
    answer: Answer
    answer_word: str
    cause: CauseOut | None


class CertificateOut(BaseModel):
    """Names as RFC 4514 writes them; `chain`: the subjects above, up to a trusted root."""

    subject: str
    issuer: str
    serial: str
    valid_from: Moment
    valid_until: Moment
    chain: list[str]


class PlaceOut(BaseModel):
    """`page` from 1; `rectangle` in the page's user space: left, lower, right, upper."""

    page: int
    rectangle: tuple[float, float, float, float]


class SealOut(BaseModel):
    """One seal in one signature; `signature` names it in `signatures`, 0 without a document.

    `number` counts from 1 and names its picture, if `has_picture`.
    """

    number: int
    id: str
    name: str
    kind: int | None
    owner: str
    maker: str
    standard: str | None
    has_picture: bool
    places: list[PlaceOut]
    signed_at: Moment | None
    stamped_at: Moment | None
    valid_from: Moment | None
    valid_until: Moment | None
    certificate: CertificateOut | None
    checks: list[CheckOut]
    changed_later: bool
    overall: Overall
    overall_word: str
    cause: CauseOut | None
    signature: int


class SignatureOut(BaseModel):
    """One signature of the file; `seals` are numbers of `SealOut`."""

    id: int
    kind: SignatureKind
    kind_word: str
    signer: str
    certificate: CertificateOut | None
    claimed_at: Moment | None
    stamped_at: Moment | None
    intact: bool
    trusted: bool
    covers_file: bool
    changed_later: bool
    seals: list[int]
    overall: Overall
    overall_word: str
    cause: CauseOut | None


class ChangeOut(BaseModel):
    """What changed in a revision; `page` from 1, where it is one page's."""

    code: str
    page: int | None
    message: str


class RevisionOut(BaseModel):
    """`ends_at`: bytes of the file up to its end."""

    number: int
    ends_at: int
    by: RevisionBy
    by_word: str
    changes: list[ChangeOut]


class VerificationOut(BaseModel):
    """The report, to be read until `expires_at`; the file itself is not kept."""

    id: str
    name: str
    sha256: str
    size: int
    pages: int
    verified_at: Moment
    expires_at: Moment
    overall: Overall
    overall_word: str
    cause: CauseOut | None
    seals: list[SealOut]
    signatures: list[SignatureOut]
    revisions: list[RevisionOut]
    uncounted: list[str]


def verified_now(upload: VerificationIn, partner_id: str = "") -> Verified:
    """Have the upload verified. Raises what `VerificationDesk.verify` raises."""
    desk = runtime().verification_desk
    return desk.verify(upload.handed_in(desk.largest_pdf), Asker(partner_id, idempotency_key()))


def shown(verified: Verified) -> dict[str, object]:
    """The fields of `VerificationOut`."""
    row, report = verified.row, verified.report
    return {
        "id": row.id,
        "name": row.name,
        "sha256": report.digest,
        "size": report.size,
        "pages": report.pages,
        "verified_at": row.made_at,
        "expires_at": row.ends_at,
        "overall": report.overall,
        "overall_word": either(OVERALL[report.overall]),
        "cause": _cause(report.cause),
        "seals": list(_seals(report)),
        "signatures": [_signature(one) for one in report.signatures],
        "revisions": [_revision(one) for one in report.revisions],
        "uncounted": list(report.uncounted),
    }


def picture_of(verified: Verified, number: int) -> bytes:
    """The small marked PNG of a seal, by its number from 1. Raises VerificationNotFound."""
    seals = verified.report.seals
    picture = seals[number - 1].picture if 1 <= number <= len(seals) else None
    if picture is None:
        raise VerificationNotFound()
    return picture.data


def _content(part: UploadFile | None, limit: int) -> bytes | None:
    return part.stream.read(limit + 1) if part is not None else None


def _cause(code: str) -> CauseOut | None:
    cause = cause_of(code)
    if cause is None:
        return None
    return CauseOut(code=code, message=either(cause[0]), next_step=either(cause[1]))


def _seals(report: Report) -> Iterator[SealOut]:
    for number, one in enumerate(report.seals, 1):
        yield _seal(number, one)


def _seal(number: int, one: SealReport) -> SealOut:
    return SealOut(
        number=number,
        id=one.id,
        name=one.name,
        kind=one.kind,
        owner=one.owner,
        maker=one.maker,
        standard=one.standard,
        has_picture=one.picture is not None,
        places=[PlaceOut(page=page, rectangle=place) for page, place in one.places],
        signed_at=one.signed_at,
        stamped_at=one.stamped_at,
        valid_from=one.valid_from,
        valid_until=one.valid_until,
        certificate=_certificate(one.certificate),
        checks=[_check(check) for check in one.checks],
        changed_later=one.changed_later,
        overall=one.overall,
        overall_word=either(OVERALL[one.overall]),
        cause=_cause(one.cause),
        signature=one.signature,
    )


def _signature(one: SignatureReport) -> SignatureOut:
    return SignatureOut(
        id=one.id,
        kind=one.kind,
        kind_word=either(KINDS[one.kind]),
        signer=one.signer,
        certificate=_certificate(one.certificate),
        claimed_at=one.claimed_at,
        stamped_at=one.stamped_at,
        intact=one.intact,
        trusted=one.trusted,
        covers_file=one.covers_file,
        changed_later=one.changed_later,
        seals=[number + 1 for number in one.seals],
        overall=one.overall,
        overall_word=either(OVERALL[one.overall]),
        cause=_cause(one.cause),
    )


def _check(one: Check) -> CheckOut:
    return CheckOut(
        name=one.name,
        title=either(CHECKS[one.name]),
        answer=one.answer,
        answer_word=either(ANSWERS[one.answer]),
        cause=_cause(one.cause),
    )


def _certificate(facts: CertificateFacts | None) -> CertificateOut | None:
    if facts is None:
        return None
    return CertificateOut(**{**vars(facts), "chain": list(facts.chain)})


def _revision(one: Revision) -> RevisionOut:
    return RevisionOut(
        number=one.number,
        ends_at=one.ends_at,
        by=one.by,
        by_word=either(MADE_BY[one.by]),
        changes=[_change(text) for text in one.changes],
    )


def _change(text: str) -> ChangeOut:
    change = read_change(text)
    return ChangeOut(code=change.code, page=change.page, message=either(change.words))
