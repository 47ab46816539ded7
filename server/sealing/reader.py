"""Reads a sealed PDF: which seals count, and what the signatures are worth."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from server.sealing.errors import PdfDamaged
from server.sealing.malformed import MALFORMED
from server.sealing.page_box import Box
from server.sealing.sealed_revision import SealedRevision, Widget, signature_widgets


@dataclass(frozen=True)
class FoundSeal:
    """A seal that counts: it was there when its signature was made, and has not changed since.

    `page` counts from 1, `rectangle` is in the page's user space, `signature` is the number of
    the signature dictionary, by which it is found in `FoundSignature.id`.
    """

    field_name: str
    page: int
    rectangle: Box
    signature: int


@dataclass(frozen=True)
class FoundSignature:
    """One signature dictionary, however many fields point to it.

    `valid` is pyHanko's bottom line and the only one to act on; the others explain it: `intact`
    (bytes and signature value agree), `trusted` (chain to a given root), `changed_later` (changes
    after it that are more than further signatures), `covers_file` (nothing comes after it).
    """

    id: int
    field_names: tuple[str, ...]
    valid: bool
    intact: bool
    trusted: bool
    changed_later: bool
    covers_file: bool
    certificate: bytes
    claimed_at: datetime | None
    stamped_at: datetime | None


@dataclass(frozen=True)
class Reading:
    """What was found in a file; `uncounted` names signature fields that are no seals of it."""

    seals: tuple[FoundSeal, ...]
    uncounted: tuple[str, ...]
    signatures: tuple[FoundSignature, ...]


def read_seals(data: bytes) -> list[FoundSeal]:
    """The seals that count, in page order; says nothing of the signatures themselves.

    To be run in the sandbox. Raises PdfDamaged.
    """
    return _split_widgets(_open(data))[0]


def read(data: bytes, trust_roots: Sequence[bytes], at: datetime) -> Reading:
    """Seals and signatures, judged against these roots (DER) at this moment, without any network.

    To be run in the sandbox. Raises PdfDamaged.
    """
    reader = _open(data)
    seals, uncounted = _split_widgets(reader)
    try:
        signatures = tuple(_judge(group, trust_roots, at) for group in _signatures(reader))
    except MALFORMED as error:
        raise PdfDamaged from error
    return Reading(tuple(seals), tuple(uncounted), signatures)


def _open(data: bytes) -> PdfFileReader:
    try:
        return PdfFileReader(io.BytesIO(data), strict=False)
    except MALFORMED as error:
        raise PdfDamaged from error


def _split_widgets(reader: PdfFileReader) -> tuple[list[FoundSeal], list[str]]:
    """The seals that count, and the names of the signature fields that do not."""
    counted: list[FoundSeal] = []
    uncounted: list[str] = []
    revisions: dict[int, SealedRevision | None] = {}
    try:
        for widget in signature_widgets(reader):
            if widget.signature not in revisions:
                revisions[widget.signature] = SealedRevision.of(reader, widget)
            revision = revisions[widget.signature]
            if revision is not None and revision.holds(widget):
                counted.append(_found(widget))
            else:
                uncounted.append(widget.name)
    except MALFORMED as error:
        raise PdfDamaged from error
    return counted, uncounted


def _found(widget: Widget) -> FoundSeal:
    return FoundSeal(widget.name, widget.page, widget.rectangle, widget.signature)


def _signatures(reader: PdfFileReader) -> Iterator[tuple[int, list[EmbeddedPdfSignature]]]:
    """Fields grouped by the signature dictionary that they point to."""
    groups: dict[int, list[EmbeddedPdfSignature]] = {}
    for embedded in reader.embedded_signatures:
        number = embedded.sig_field.raw_get("/V").idnum
        groups.setdefault(number, []).append(embedded)
    yield from groups.items()


def _judge(
    group: tuple[int, list[EmbeddedPdfSignature]], trust_roots: Sequence[bytes], at: datetime
) -> FoundSignature:
    number, fields = group
    status = _status(fields[0], trust_roots, at)
    changed = isinstance(fields[0].diff_result, SuspiciousModification)
    stamp = status.timestamp_validity
    return FoundSignature(
        id=number,
        # Plain text: pyHanko's own holds on to the whole reader, which cannot be pickled.
        field_names=tuple(str(field.field_name) for field in fields),
        valid=bool(status.bottom_line),
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        changed_later=changed or not status.docmdp_ok,
        covers_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        certificate=fields[0].signer_cert.dump(),
        claimed_at=fields[0].self_reported_timestamp,
        stamped_at=stamp.timestamp if stamp else None,
    )


def _status(
    embedded: EmbeddedPdfSignature, trust_roots: Sequence[bytes], at: datetime
) -> PdfSignatureStatus:
    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(root) for root in trust_roots],
            moment=at,
            allow_fetching=False,  # never to an address that the file names
        )

    return validate_pdf_signature(embedded, context(), context())
