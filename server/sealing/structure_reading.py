"""Reads how a signed PDF is built with pyHanko, whose view of old revisions is its witness."""

# pyHanko is typed in parts only.
# mypy: allow-untyped-calls

import io
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import IndirectObject, parse_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from server.sealing.errors import PdfDamaged, PdfEncrypted
from server.sealing.malformed import MALFORMED
from server.sealing.page_tree import entry, page_entries
from server.sealing.plain_structure import read_plain
from server.sealing.revisions import Later, later_revisions, revisions
from server.sealing.sealed_revision import SealedRevision, signature_widgets
from server.sealing.structure import Place, SignedPart, Structure

TIMESTAMP_FILTER = "/ETSI.RFC3161"
MOST_SIGNATURES = 200
NOWHERE = (0, 0)


def read_structure(data: bytes) -> Structure:
    """The structure of a file. Raises PdfDamaged, PdfEncrypted, PdfTooComplex."""
    return read_plain(data) or read_by_pyhanko(data)


def read_by_pyhanko(data: bytes) -> Structure:
    """The structure of any file, with its old revisions. Raises as `read_structure`."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            raise PdfEncrypted
        return _read(reader, data)
    except MALFORMED as error:
        raise PdfDamaged from error


def _read(reader: PdfFileReader, data: bytes) -> Structure:
    pages = sum(1 for _ in page_entries(reader.root))
    groups = _groups(reader)
    whole = {number: _whole(fields, data) for number, fields in groups.items()}
    signed = {
        fields[0][1].signed_revision: _is_timestamp(fields[0][1].sig_object)
        for number, fields in groups.items()
        if whole[number] and fields[0][1] is not None
    }
    covered = max((_covered(fields) for n, fields in groups.items() if whole[n]), default=0)
    later = later_revisions(reader, data, signed, covered)
    parts = [_part(number, fields, data, later) for number, fields in groups.items()]
    store = _store(reader)
    return Structure(
        pages=pages,
        places=tuple(_places(reader)),
        parts=tuple(sorted(parts, key=lambda part: part.ends_at)),
        revisions=revisions(reader, data, signed, later),
        certificates=store[0],
        crls=store[1],
        ocsps=store[2],
    )


_Field = tuple[str, EmbeddedPdfSignature | None]


def _groups(reader: PdfFileReader) -> dict[int, list[_Field]]:
    """Filled signature fields by the signature dictionary that they point to.

    A dictionary that cannot be read as a signature stands there with None; so does one that is
    no object of its own, under a negative number.
    """
    groups: dict[int, list[_Field]] = {}
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        pointer = field.get_object().raw_get("/V")
        known = isinstance(pointer, IndirectObject)
        number = pointer.idnum if known else -1 - len(groups)
        try:
            # One look at a dictionary is enough, however many fields share it.
            first = groups[number][0][1] if number in groups else None
            embedded = first or EmbeddedPdfSignature(reader, field, name)
        except MALFORMED:
            embedded = None
        # Plain text: pyHanko's own strings hold on to the whole reader.
        groups.setdefault(number, []).append((str(name), embedded))
        if len(groups) > MOST_SIGNATURES:
            raise PdfDamaged
    return groups


def _whole(fields: list[_Field], data: bytes) -> bool:
    """Whether the ByteRange leaves out the signature alone and covers its whole revision."""
    embedded = fields[0][1]
    if embedded is None or _slot(embedded, data) == NOWHERE:
        return False
    try:
        coverage = embedded.evaluate_signature_coverage()
    except MALFORMED:
        return False
    return bool(coverage >= SignatureCoverageLevel.ENTIRE_REVISION)


def _slot(embedded: EmbeddedPdfSignature, data: bytes) -> tuple[int, int]:
    """Where the signature itself stands, NOWHERE when the ByteRange leaves out anything else."""
    numbers = [int(number) for number in embedded.byte_range]
    if len(numbers) != 4 or numbers[0] != 0:
        return NOWHERE
    _, start, resume, rest = numbers
    if not 0 < start < resume <= resume + rest <= len(data):
        return NOWHERE
    gap = data[start:resume]
    try:
        inside = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return NOWHERE
    framed = gap[:1] == b"<" and gap[-1:] == b">"
    return (start, resume) if framed and inside == embedded.pkcs7_content else NOWHERE


def _part(number: int, fields: list[_Field], data: bytes, later: Later) -> SignedPart:
    embedded = fields[0][1]
    names = tuple(dict.fromkeys(name for name, _ in fields))
    if embedded is None:
        return SignedPart(number, names, False, "", b"", None, NOWHERE, 0, False, False)
    item, whole = embedded.sig_object, _whole(fields, data)
    slot = _slot(embedded, data)
    return SignedPart(
        id=number,
        field_names=names,
        is_timestamp=_is_timestamp(item),
        sub_filter=str(entry(item, "/SubFilter", ""))[1:],
        contents=embedded.pkcs7_content,
        claimed_at=_date(item),
        slot=slot,
        ends_at=_covered(fields) if slot != NOWHERE else 0,
        whole=whole,
        changed_later=not whole or later.changed_after(embedded),
    )


def _covered(fields: list[_Field]) -> int:
    """The number of bytes up to which the ByteRange reaches."""
    embedded = fields[0][1]
    return sum([int(one) for one in embedded.byte_range][2:]) if embedded is not None else 0


def _is_timestamp(item: Any) -> bool:
    told = (str(entry(item, "/Type", "")), str(entry(item, "/SubFilter", "")))
    return told[0] == "/DocTimeStamp" or told[1] == TIMESTAMP_FILTER


def _date(item: Any) -> Any:
    written = entry(item, "/M", None)
    try:
        moment = parse_pdf_date(str(written), strict=False) if written is not None else None
    except MALFORMED:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _places(reader: PdfFileReader) -> Iterator[Place]:
    held: dict[int, SealedRevision | None] = {}
    for widget in signature_widgets(reader):
        if widget.signature not in held:
            held[widget.signature] = _held(reader, widget)
        revision = held[widget.signature]
        counts = revision is not None and revision.holds(widget)
        yield Place(widget.name, widget.page, widget.rectangle, widget.signature, counts)


def _held(reader: PdfFileReader, widget: Any) -> SealedRevision | None:
    try:
        return SealedRevision.of(reader, widget)
    except MALFORMED:
        return None


def _store(reader: PdfFileReader) -> tuple[tuple[bytes, ...], ...]:
    """Certificates, revocation lists and OCSP answers of the document security store."""
    store = entry(reader.root, "/DSS", {})
    kinds = ("/Certs", "/CRLs", "/OCSPs")
    try:
        found = [[item.get_object().data for item in entry(store, kind, ())] for kind in kinds]
    except MALFORMED:
        return (), (), ()
    return tuple(tuple(items) for items in found)
