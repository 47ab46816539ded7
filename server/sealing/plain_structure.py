"""Reads the plain kind of signed file with pikepdf: one signature, and nothing after it.

That is nearly every file that is verified, and pikepdf reads it many times faster. It has no view
of old revisions, so whatever is not exactly of this kind is left to pyHanko; a test holds that
both see the same.
"""

import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import parse_pdf_date

from server.sealing.malformed import MALFORMED
from server.sealing.page_box import Box
from server.sealing.page_tree import MOST_PAGES
from server.sealing.report import Revision, RevisionBy
from server.sealing.sealed_revision import HIDDEN_OR_NOT_SHOWN
from server.sealing.structure import Place, SignedPart, Structure
from server.sealing.xref_tail import Tail, last_section

OUR_FILTER = "/ETSI.CAdES.detached"
END = b"%%EOF"


def read_plain(data: bytes) -> Structure | None:
    """The structure of such a file; None for every other, and for what cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False) as pdf:
            return None if pdf.is_encrypted else _read(pdf, data)
    except (*MALFORMED, pikepdf.PasswordError, RecursionError):
        return None


@dataclass(frozen=True)
class _Fields:
    """The form's filled signature fields: object numbers, names, and the one that they point to."""

    names: dict[int, str]
    signed: Any


def _read(pdf: pikepdf.Pdf, data: bytes) -> Structure | None:
    tail, fields = last_section(pdf, data), _fields(pdf)
    if tail is None or fields is None or len(pdf.pages) > MOST_PAGES:
        return None
    part = _part(fields, data)
    written = {*fields.names, part.id} if part else set()
    if part is None or not written <= tail.objects:
        return None
    places = tuple(_places(pdf, fields, part.id))
    if len({place.field_name for place in places}) < len(places) or pdf.get_warnings():
        return None
    store: Any = pdf.Root.get("/DSS", {})
    return Structure(
        pages=len(pdf.pages),
        places=places,
        parts=(part,),
        revisions=_revisions(data, tail),
        certificates=_streams(store, "/Certs"),
        crls=_streams(store, "/CRLs"),
        ocsps=_streams(store, "/OCSPs"),
    )


def _fields(pdf: pikepdf.Pdf) -> _Fields | None:
    """None unless all fields are flat objects and the signed ones share one dictionary."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return None
    names: dict[int, str] = {}
    signed: Any = None
    for item in form.get("/Fields", ()):
        flat = item.is_indirect and "/Kids" not in item and "/Parent" not in item
        if not flat:
            return None
        if item.get("/FT") != "/Sig" or "/V" not in item:
            continue
        value = item["/V"]
        same = signed is None or value.objgen == signed.objgen
        if not value.is_indirect or not same or "/Lock" in item or item.objgen[0] in names:
            return None
        signed = value
        names[item.objgen[0]] = str(item.get("/T", ""))
    return _Fields(names, signed) if names else None


def _part(fields: _Fields, data: bytes) -> SignedPart | None:
    """The signature, when its ByteRange leaves out nothing of the file but itself."""
    item = fields.signed
    plain = item.get("/SubFilter") == OUR_FILTER and item.get("/Type", "/Sig") == "/Sig"
    numbers = [int(number) for number in item.get("/ByteRange", ())]
    if not plain or "/Reference" in item or len(numbers) != 4:
        return None
    begins, start, resume, rest = numbers
    if begins != 0 or not 0 < start < resume <= resume + rest == len(data):
        return None
    gap, contents = data[start:resume], bytes(item["/Contents"])
    framed = gap[:1] == b"<" and gap[-1:] == b">"
    if not framed or bytes.fromhex(gap[1:-1].decode("ascii")) != contents:
        return None
    return SignedPart(
        id=item.objgen[0],
        field_names=tuple(fields.names.values()),
        is_timestamp=False,
        sub_filter=OUR_FILTER[1:],
        contents=contents,
        claimed_at=_claimed(item),
        slot=(start, resume),
        ends_at=len(data),
        whole=True,
        changed_later=False,
    )


def _claimed(item: Any) -> datetime | None:
    moment = parse_pdf_date(str(item["/M"]), strict=False)
    return moment if moment.tzinfo is not None else None


def _places(pdf: pikepdf.Pdf, fields: _Fields, signed: int) -> Iterator[Place]:
    for number, page in enumerate(pdf.pages, 1):
        for item in page.obj.get("/Annots", ()):
            if item.is_indirect and _inherits(item):
                raise ValueError("pyHanko alone follows what a field has from above")
            if not item.is_indirect or item.get("/FT") != "/Sig" or "/V" not in item:
                continue
            known = item.objgen[0] in fields.names
            box = _rectangle(item)
            counts = known and _is_visible(item, box)
            yield Place(str(item.get("/T", "")), number, box, item["/V"].objgen[0], counts)


def _inherits(item: Any) -> bool:
    """Whether something above may make it the widget of a signature; a note's popup has none."""
    if "/Parent" not in item:
        return False
    of_a_note = not any(key in item["/Parent"] for key in ("/FT", "/V", "/Parent"))
    return not (item.get("/Subtype") == "/Popup" and of_a_note)


def _rectangle(widget: Any) -> Box:
    x0, y0, x1, y1 = (float(value) for value in widget["/Rect"])
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise ValueError("a place that is nowhere")
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _is_visible(widget: Any, box: Box) -> bool:
    x0, y0, x1, y1 = box
    flags = int(widget.get("/F", 0))
    return "/AP" in widget and x0 < x1 and y0 < y1 and not flags & HIDDEN_OR_NOT_SHOWN


def _revisions(data: bytes, tail: Tail) -> tuple[Revision, ...]:
    mark = data.rfind(END, 0, tail.begins)
    if mark < 0:
        return (Revision(1, len(data), RevisionBy.SIGNATURE),)
    end = mark + len(END)
    line = re.compile(rb"\r\n|\n|\r").match(data, end)
    return (
        Revision(1, line.end() if line else end, RevisionBy.DOCUMENT),
        Revision(2, len(data), RevisionBy.SIGNATURE),
    )


def _streams(store: Any, kind: str) -> tuple[bytes, ...]:
    return tuple(item.read_bytes() for item in store.get(kind, ()))
