"""Writes the revision that carries the seals: one signature dictionary, one field for each seal."""

# pyHanko is typed in parts only.
# mypy: allow-untyped-calls

import io
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore

from server.sealing.errors import PageOutside, PdfDamaged
from server.sealing.field_names import FieldNames
from server.sealing.malformed import MALFORMED
from server.sealing.page_box import Box, PageBox
from server.sealing.page_tree import PageEntry, entry, page_entries, page_lists
from server.sealing.placement import POINTS_PER_MM, WHOLE, Placement, rectangle
from server.sealing.stamp import SealingMeta, SealPicture, Stamp, ValidationData

DEFAULT_SLOT_BYTES = 12 * 1024
PRINT_AND_LOCKED = 4 | 128
SIGNATURES_EXIST_APPEND_ONLY = 3
# Turns the drawing against the page's own turn, so that it stands upright for the reader.
UPRIGHT = {90: (0, 1, -1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, -1, 1, 0, 0, 0)}


@dataclass(frozen=True)
class Prepared:
    """A revision that lacks only its signature.

    `revision` is to be appended to the document whose SHA-256 (hex) is `document_digest`;
    `slot` are the offsets in the whole file of "<" of /Contents and of the byte after its ">".
    """

    revision: bytes
    document_digest: str
    slot: tuple[int, int]


def prepare(
    document: bytes,
    stamps: Sequence[Stamp],
    meta: SealingMeta,
    slot_bytes: int = DEFAULT_SLOT_BYTES,
) -> Prepared:
    """Place all stamps in one new revision; to be run in the sandbox, as it opens the file.

    The placements must have passed `placement.check`. `slot_bytes` is the room kept for the CMS.
    Raises PdfDamaged, PageOutside, FieldNameTaken.
    """
    signature = _signature(meta, slot_bytes)
    output = _Tail(len(document))
    try:
        writer = _Revision(io.BytesIO(document))
        _place(writer, list(page_entries(writer.root)), stamps, writer.add_object(signature))
        if meta.lasting is not None:
            _store(writer, meta.lasting)
        writer.write(output)
    except MALFORMED as error:
        raise PdfDamaged from error
    start, end = signature.contents.offsets
    signature.byte_range.fill_offsets(output, start, end, output.tell())
    return Prepared(output.getvalue(), sha256(document).hexdigest(), (start, end))


def rehearse(document: bytes) -> tuple[PageBox, ...]:
    """Place an empty seal on every page, forget it, and return the pages as they were read.

    With this at intake, a file that cannot be sealed is found before anybody is asked to sign.
    Raises PdfDamaged.
    """
    nothing = SealPicture("rehearsal", b"", 0, 0)
    try:
        writer = _Revision(io.BytesIO(document))
        pages = list(page_entries(writer.root))
        stamps = [Stamp(nothing, Placement(nothing.id, i + 1, 0, 0)) for i in range(len(pages))]
        _place(writer, pages, stamps, writer.add_object(DictionaryObject()))
        if "/DSS" in writer.root:
            _store(writer, ValidationData())  # a broken one is found here too
        writer.write(io.BytesIO())
    except MALFORMED as error:
        raise PdfDamaged from error
    return tuple(page.box for page in pages)


class _Revision(IncrementalPdfFileWriter):
    """Appends only what is new, and leaves the document's own title and dates alone."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream, strict=False)
        end = stream.getbuffer()[-1:].tobytes()
        self._separator = b"" if end in (b"\n", b"\r") else b"\n"

    def _write_header(self, stream: io.BytesIO) -> None:
        # %%EOF is a comment: without an end of line it would swallow what follows.
        stream.write(self._separator)

    def _update_meta(self) -> None:
        """Sealing is no editing: /Info and XMP stay as their author wrote them."""


class _Tail(io.BytesIO):
    """The end of a file, which counts offsets from the file's beginning."""

    def __init__(self, base: int) -> None:
        super().__init__()
        self._base = base

    def tell(self) -> int:
        return super().tell() + self._base

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        shift = self._base if whence == io.SEEK_SET else 0
        return super().seek(offset - shift, whence) + self._base


def _signature(meta: SealingMeta, slot_bytes: int) -> SignatureObject:
    return SignatureObject(
        timestamp=meta.signing_time,
        subfilter=SigSeedSubFilter.PADES,
        name=meta.signer_name,
        reason=meta.reason,
        location=meta.location,
        contact_info=meta.contact,
        bytes_reserved=2 * slot_bytes,
    )


def _store(writer: _Revision, lasting: ValidationData) -> None:
    """Add to the document security store, which is made when there is none."""
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1_x509.Certificate.load(der) for der in lasting.certificates],
        ocsps=[asn1_ocsp.OCSPResponse.load(der) for der in lasting.ocsps],
        crls=[asn1_crl.CertificateList.load(der) for der in lasting.crls],
    )


def _place(
    writer: _Revision,
    pages: Sequence[PageEntry],
    stamps: Sequence[Stamp],
    signature: IndirectObject,
) -> None:
    fields = _form_fields(writer)
    _require_own_annotations(pages, [fields, *page_lists(writer.root)])
    names = FieldNames({str(entry(fields[index], "/T", "")) for index in range(len(fields))})
    appearances = _Appearances(writer)
    for stamp in stamps:
        if not 1 <= stamp.placement.page <= len(pages):
            raise PageOutside(page=stamp.placement.page, pages=len(pages))
        page = pages[stamp.placement.page - 1]
        here = IndirectObject(page.reference.idnum, page.reference.generation, writer)
        widget = _widget(stamp, page, names.take(stamp.field_name))
        widget[NameObject("/P")] = here
        widget[NameObject("/AP")] = DictionaryObject(
            {NameObject("/N"): appearances.of(stamp, page.box.rotate)}
        )
        widget[NameObject("/V")] = signature
        reference = writer.add_object(widget)
        fields.append(reference)
        writer.register_annotation(here, reference)


def _require_own_annotations(pages: Sequence[PageEntry], others: Sequence[Any]) -> None:
    """Raise ValueError where what is listed on one page would be listed elsewhere as well."""
    lists = {id(other) for other in others}
    for page in pages:
        dictionary: Any = page.reference.get_object()
        annotations = entry(dictionary, "/Annots", None)
        if id(annotations) in lists:
            raise ValueError("one array lists the annotations of a page and something else")
        if annotations is not None:
            lists.add(id(annotations))


def _form_fields(writer: _Revision) -> ArrayObject:
    """The /Fields of the form, which is made when there is none; both will be written anew."""
    if "/AcroForm" in writer.root:
        form = writer.root["/AcroForm"]
        writer.update_container(form)
    else:
        form = DictionaryObject()
        writer.root[NameObject("/AcroForm")] = writer.add_object(form)
        writer.update_root()
    if "/Fields" in form:
        writer.update_container(form["/Fields"])
    else:
        form[NameObject("/Fields")] = ArrayObject()
    form[NameObject("/SigFlags")] = NumberObject(SIGNATURES_EXIST_APPEND_ONLY)
    fields: ArrayObject = form["/Fields"]
    return fields


def _widget(stamp: Stamp, page: PageEntry, name: str) -> DictionaryObject:
    size = (stamp.seal.width_mm, stamp.seal.height_mm)
    return _dictionary(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Widget"),
        FT=NameObject("/Sig"),
        T=pdf_string(name),
        F=NumberObject(PRINT_AND_LOCKED),
        Rect=_numbers(rectangle(stamp.placement, size, page.box)),
    )


class _Appearances:
    """Stores each seal's drawing once, and a small form for each turn and slice that it needs."""

    def __init__(self, writer: _Revision) -> None:
        self._writer = writer
        self._stored: dict[tuple[SealPicture, int, Box | None], IndirectObject] = {}

    def of(self, stamp: Stamp, rotate: int) -> IndirectObject:
        """The appearance stream for a page of that /Rotate."""
        return self._stored_once(stamp.seal, rotate, stamp.placement.clip)

    def _stored_once(self, seal: SealPicture, rotate: int, clip: Box | None) -> IndirectObject:
        key = (seal, rotate, clip)
        if key not in self._stored:
            whole = not rotate and clip is None
            form = self._drawing(seal) if whole else self._part(seal, rotate, clip or WHOLE)
            self._stored[key] = self._writer.add_object(form)
        return self._stored[key]

    def _drawing(self, seal: SealPicture) -> StreamObject:
        # Multiply keeps the text under a seal readable. No transparency group: the seal must
        # blend with the page, not with an empty group.
        state = _dictionary(Type=NameObject("/ExtGState"), BM=NameObject("/Multiply"))
        form = _form(
            seal,
            b"q /Blend gs\n" + seal.operators + b"\nQ",
            _dictionary(ExtGState=_dictionary(Blend=state)),
        )
        form.compress()
        return form

    def _part(self, seal: SealPicture, rotate: int, clip: Box) -> StreamObject:
        """What readers cut to its /BBox, turn by its /Matrix, and lay onto the widget's /Rect."""
        resources = _dictionary(XObject=_dictionary(Seal=self._stored_once(seal, 0, None)))
        form = _form(seal, b"/Seal Do", resources, clip)
        if rotate:
            form[NameObject("/Matrix")] = _numbers(UPRIGHT[rotate])
        return form


def _form(
    seal: SealPicture, content: bytes, resources: DictionaryObject, clip: Box = WHOLE
) -> StreamObject:
    width, height = seal.width_mm * POINTS_PER_MM, seal.height_mm * POINTS_PER_MM
    x0, y0, x1, y1 = clip
    entries = _dictionary(
        Type=NameObject("/XObject"),
        Subtype=NameObject("/Form"),
        BBox=_numbers((x0 * width, y0 * height, x1 * width, y1 * height)),
        Resources=resources,
    )
    return StreamObject(entries, stream_data=content)


def _dictionary(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def _numbers(values: Sequence[float]) -> ArrayObject:
    return ArrayObject(FloatObject(f"{value:.4f}") for value in values)
