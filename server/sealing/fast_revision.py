"""Writes the revision that carries the seals by hand, below a file whose skeleton is known.

It says what `pdf_revision` has pyHanko say, which is the reference; only the bytes differ.
"""

import zlib
from collections.abc import Sequence
from datetime import UTC
from typing import Final

from server.sealing.appended import Appended
from server.sealing.errors import PageOutside
from server.sealing.field_names import FieldNames
from server.sealing.page_box import Box
from server.sealing.pdf_revision import (
    PRINT_AND_LOCKED,
    SIGNATURES_EXIST_APPEND_ONLY,
    UPRIGHT,
    Prepared,
)
from server.sealing.pdf_syntax import numbers, stream, text
from server.sealing.placement import POINTS_PER_MM, WHOLE, rectangle
from server.sealing.skeleton import FormSkeleton, PageSkeleton, Ref, Skeleton
from server.sealing.stamp import SealingMeta, SealPicture, Stamp, ValidationData

EMPTY_FORM: Final = FormSkeleton(None, b"", b"", None, frozenset())
BLEND: Final = b"<< /ExtGState << /Blend << /Type /ExtGState /BM /Multiply >> >> >>"
BYTE_RANGE: Final = b" /ByteRange "
BYTE_RANGE_ROOM: Final = 60


def write_revision(
    skeleton: Skeleton,
    document_digest: str,
    stamps: Sequence[Stamp],
    meta: SealingMeta,
    slot_bytes: int,
) -> Prepared:
    """Place all stamps in one new revision of the document with this SHA-256 (hex).

    The placements must have passed `placement.check`. `slot_bytes` is the room kept for the CMS.
    Raises PageOutside, FieldNameTaken.
    """
    appended = Appended(skeleton)
    signature = appended.add(b"")
    form = _place(appended, stamps, signature)
    _write_root(appended, form, meta.lasting)
    head, room = _signature(meta), b"<%b>" % (b"0" * 2 * slot_bytes)
    rest = BYTE_RANGE + b" " * BYTE_RANGE_ROOM + b" >>"
    appended.objects[signature] = head + room + rest
    written, offset = appended.written(signature)
    start = offset + len(head)
    end = start + len(room)
    whole = (skeleton.length + start, skeleton.length + end)
    covered = b"[0 %d %d %d]" % (*whole, len(written) - end)
    at = end + len(BYTE_RANGE)
    written[at : at + BYTE_RANGE_ROOM] = covered.ljust(BYTE_RANGE_ROOM)
    return Prepared(bytes(written), document_digest, whole)


def _signature(meta: SealingMeta) -> bytes:
    """The signature dictionary up to its /Contents."""
    words = {
        b"Name": meta.signer_name,
        b"Location": meta.location,
        b"Reason": meta.reason,
        b"ContactInfo": meta.contact,
    }
    said = b"".join(b" /%b %b" % (key, text(value)) for key, value in words.items() if value)
    moment = meta.signing_time.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")
    kind = b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
    return b"<< %b%b /M %b /Contents " % (kind, said, text(moment))


def _place(appended: Appended, stamps: Sequence[Stamp], signature: Ref) -> bytes:
    """Place the stamps; what the catalogue has to say of the form."""
    pages, form = appended.skeleton.pages, appended.skeleton.form or EMPTY_FORM
    names, appearances = FieldNames(form.names), _Appearances(appended)
    fields: list[bytes] = []
    on_page: dict[int, list[bytes]] = {}
    for stamp in stamps:
        number = stamp.placement.page
        if not 1 <= number <= len(pages):
            raise PageOutside(page=number, pages=len(pages))
        page = pages[number - 1]
        own = _widget(stamp, page, names.take(stamp.field_name)) + b" /AP << /N %d %d R >>" % (
            appearances.of(stamp, page.box.rotate)
        )
        fields.append(b"%d %d R" % appended.add(b"<< %b /V %d %d R >>" % (own, *signature)))
        on_page.setdefault(number, []).append(fields[-1])
    for number, widgets in on_page.items():
        _list_on_page(appended, pages[number - 1], widgets)
    return _list_in_form(appended, form, fields)


def _widget(stamp: Stamp, page: PageSkeleton, name: str) -> bytes:
    size = (stamp.seal.width_mm, stamp.seal.height_mm)
    place = numbers(rectangle(stamp.placement, size, page.box))
    return b"/Type /Annot /Subtype /Widget /FT /Sig /T %b /F %d /Rect %b /P %d %d R" % (
        *(text(name), PRINT_AND_LOCKED, place),
        *page.at,
    )


def _list_on_page(appended: Appended, page: PageSkeleton, widgets: Sequence[bytes]) -> None:
    array = b"[ %b ]" % b" ".join([page.annotations, *widgets])
    if page.listed_at:
        appended.objects[page.listed_at] = array
    else:
        appended.objects[page.at] = b"<< %b /Annots %b >>" % (page.entries, array)


def _list_in_form(appended: Appended, form: FormSkeleton, fields: Sequence[bytes]) -> bytes:
    """The form is written anew with all its fields; where there is none, it gets an object."""
    skeleton, array = appended.skeleton, b"[ %b ]" % b" ".join([form.fields, *fields])
    if form.fields_at:
        appended.objects[form.fields_at] = array
        array = b"%d %d R" % form.fields_at
    flags = SIGNATURES_EXIST_APPEND_ONLY
    whole = b"<< %b /Fields %b /SigFlags %d >>" % (form.entries, array, flags)
    at = form.at
    if at:
        appended.objects[at] = whole
    elif skeleton.form is None:
        at = appended.add(whole)
    return b"%d %d R" % at if at else whole


def _write_root(appended: Appended, form: bytes, lasting: ValidationData | None) -> None:
    """The catalogue is written anew where something in it changes."""
    skeleton = appended.skeleton
    at = skeleton.form.at if skeleton.form else None
    if at and not skeleton.raised and lasting is None:
        return
    more = b"" if lasting is None else b" /DSS %d %d R" % _store(appended, lasting)
    whole = b"<< %b /AcroForm %b%b >>" % (skeleton.root_entries, form, more)
    appended.objects[skeleton.root] = whole


def _store(appended: Appended, lasting: ValidationData) -> Ref:
    """The document security store (ETSI EN 319 142-1 5.4.2)."""
    kinds = {b"Certs": lasting.certificates, b"OCSPs": lasting.ocsps, b"CRLs": lasting.crls}
    arrays = b""
    for kind, values in kinds.items():
        places = [appended.add(stream(b"", value)) for value in dict.fromkeys(values)]
        if places:
            arrays += b" /%b [ %b ]" % (kind, b" ".join(b"%d %d R" % at for at in places))
    return appended.add(b"<< /Type /DSS%b >>" % arrays)


class _Appearances:
    """Stores each seal's drawing once, and a small form for each turn and each slice of it."""

    def __init__(self, appended: Appended) -> None:
        self._appended = appended
        self._stored: dict[tuple[SealPicture, int, Box], Ref] = {}

    def of(self, stamp: Stamp, rotate: int) -> Ref:
        """The appearance stream of a seal, or of a slice of it, on a page of that /Rotate."""
        key = (stamp.seal, rotate, stamp.placement.clip or WHOLE)
        if key not in self._stored:
            plain = (stamp.seal, 0, WHOLE)
            form = _drawing(stamp.seal) if key == plain else self._view(*key)
            self._stored[key] = self._appended.add(form)
        return self._stored[key]

    def _view(self, seal: SealPicture, rotate: int, clip: Box) -> bytes:
        drawing = self._stored.get((seal, 0, WHOLE)) or self._appended.add(_drawing(seal))
        self._stored[seal, 0, WHOLE] = drawing
        more = b"/Resources << /XObject << /Seal %d %d R >> >>" % drawing
        if rotate:
            more += b" /Matrix " + numbers(UPRIGHT[rotate])
        return _form(seal, more, b"/Seal Do", clip)


def _drawing(seal: SealPicture) -> bytes:
    # Multiply keeps the text under a seal readable. No transparency group: the seal must blend
    # with the page, not with an empty group.
    content = zlib.compress(b"q /Blend gs\n" + seal.operators + b"\nQ")
    return _form(seal, b"/Resources %b /Filter /FlateDecode" % BLEND, content)


def _form(seal: SealPicture, more: bytes, content: bytes, clip: Box = WHOLE) -> bytes:
    x0, y0, x1, y1 = clip
    width, height = seal.width_mm * POINTS_PER_MM, seal.height_mm * POINTS_PER_MM
    box = numbers((x0 * width, y0 * height, x1 * width, y1 * height))
    return stream(b"/Type /XObject /Subtype /Form /BBox %b %b" % (box, more), content)
