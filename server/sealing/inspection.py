"""Intake of a foreign PDF: what it is, what speaks against it, and a repaired copy if needed."""

import io
import re
import warnings
from dataclasses import dataclass
from hashlib import sha256

import pikepdf

from server.sealing.cautions import Caution, cautions_of
from server.sealing.contents import Findings, look_through
from server.sealing.errors import (
    NotAPdf,
    PdfActiveContent,
    PdfDamaged,
    PdfEncrypted,
    PdfLocked,
    PdfNoPages,
    PdfTooComplex,
    PdfUnsupportedEncryption,
    PdfXfa,
)
from server.sealing.malformed import MALFORMED
from server.sealing.numbers_to_come import may_name_numbers_to_come, names_numbers_to_come
from server.sealing.page_box import PageBox
from server.sealing.page_tree import boxes_by_pikepdf
from server.sealing.pdf_revision import rehearse

HEADER_WITHIN = 1024


@dataclass(frozen=True)
class Inspection:
    """What the intake found; `document` is what will be shown, confirmed and sealed.

    `original_digest` is the SHA-256 (hex) of the upload, `document_digest` of `document`; they
    differ when the file was `repaired`. `signed` says that it carries an earlier signature.
    """

    document: bytes
    original_digest: str
    document_digest: str
    pages: tuple[PageBox, ...]
    warnings: tuple[Caution, ...]
    signed: bool
    repaired: bool


def inspect(data: bytes) -> Inspection:
    """Judge an uploaded file by its content; to be run in the sandbox.

    Raises NotAPdf, PdfEncrypted, PdfUnsupportedEncryption, PdfDamaged, PdfNoPages, PdfLocked,
    PdfXfa, PdfActiveContent, PdfTooComplex. A file without an earlier signature is repaired where
    it needs it; a signed one is taken as it is or refused, as any repair would break it.
    """
    if b"%PDF-" not in data[:HEADER_WITHIN]:
        raise NotAPdf
    try:
        with _open(data) as pdf:
            return _inspect(data, pdf)
    except RecursionError as error:
        raise PdfTooComplex from error
    except MALFORMED as error:
        raise PdfDamaged from error


def _open(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise PdfEncrypted from error
    except pikepdf.PdfError as error:
        if "encryption" in str(error).lower():
            raise PdfUnsupportedEncryption from error
        raise


def _inspect(data: bytes, pdf: pikepdf.Pdf) -> Inspection:
    if pdf.is_encrypted:
        raise PdfEncrypted
    pages = boxes_by_pikepdf(pdf)
    if not pages:
        raise PdfNoPages
    findings = look_through(pdf)
    _refuse(findings)
    document = _sealable(data, pdf, pages, findings)
    repaired = document is not data
    return Inspection(
        document=document,
        original_digest=sha256(data).hexdigest(),
        document_digest=sha256(document).hexdigest(),
        pages=pages,
        warnings=cautions_of(findings, repaired=repaired),
        signed=findings.signed,
        repaired=repaired,
    )


def _refuse(findings: Findings) -> None:
    if findings.xfa:
        raise PdfXfa
    if findings.actions:
        raise PdfActiveContent(kinds=sorted(findings.actions))
    if findings.locked:
        raise PdfLocked


def _sealable(
    data: bytes, pdf: pikepdf.Pdf, pages: tuple[PageBox, ...], findings: Findings
) -> bytes:
    """The file itself when it is clean and both parsers read it alike, else a repaired copy."""
    if findings.signed:
        if names_numbers_to_come(data, pdf) or not _read_alike(data, pages):
            raise PdfDamaged
        return data
    clean = not pdf.get_warnings() and _plain(data) and not findings.faulty_form
    if clean and not may_name_numbers_to_come(data, pdf) and _read_alike(data, pages):
        return data
    repaired = _saved_again(pdf)
    if not _read_alike(repaired, pages):
        raise PdfDamaged
    return repaired


def _plain(data: bytes) -> bool:
    """True when nothing stands before the header, after the end, or in an earlier revision.

    What stands there is shown by nobody and can be brought back by others: a ZIP glued on, or
    an older text kept for a later exchange.
    """
    end = data.rstrip(b"\r\n \t\0")
    return (
        data.startswith(b"%PDF-")
        and end.endswith(b"%%EOF")
        and len(re.findall(rb"\bstartxref\b", data)) == 1
        and b"/XRefStm" not in data
    )


def _read_alike(data: bytes, pages: tuple[PageBox, ...]) -> bool:
    """True when the parser that will seal it sees these pages and can place a seal on each."""
    try:
        return rehearse(data) == pages
    except PdfDamaged:
        return False


def _saved_again(pdf: pikepdf.Pdf) -> bytes:
    _make_fields_indirect(pdf)
    _give_each_page_its_annotations(pdf)
    if "/DSS" in pdf.Root:  # proves nothing where nothing is signed, and may be broken
        del pdf.Root["/DSS"]
    pdf.trailer["/Size"] = 0  # qpdf writes the right number, but only where the entry is there
    output = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # on forms that are oddly put together
        pdf.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=False,
        )
    return output.getvalue()


def _make_fields_indirect(pdf: pikepdf.Pdf) -> None:
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(fields, pikepdf.Array):
        return
    for index in range(len(fields)):
        if not fields[index].is_indirect:
            fields[index] = pdf.make_indirect(fields[index])


def _give_each_page_its_annotations(pdf: pikepdf.Pdf) -> None:
    """What is appended to one page's list must not stand in another list as well."""
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, pikepdf.Array) and annotations.is_indirect:
            page.obj.Annots = pikepdf.Array(list(annotations))
