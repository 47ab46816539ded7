"""Tells the seals that were in a file when it was signed from those that were added later."""

# pyHanko is typed in parts only.
# mypy: allow-untyped-calls

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    Reference,
    StreamObject,
)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from server.sealing.page_box import Box, PageBox
from server.sealing.page_tree import entry, page_entries

HIDDEN_OR_NOT_SHOWN = 2 | 32
DEEPEST_FIELD = 32
BOX_LENGTH = 4


@dataclass(frozen=True)
class Widget:
    """A filled signature field on a page of the file as it is now.

    `chain` are the widget and the fields above it, `page` counts from 1, `signature` is the
    object number of /V.
    """

    name: str
    page: int
    page_reference: Reference
    box: PageBox
    chain: tuple[Reference, ...]
    signature: int
    rectangle: Box


def signature_widgets(reader: PdfFileReader) -> Iterator[Widget]:
    """Every widget of a filled signature field that some page shows, in page order."""
    for number, page in enumerate(page_entries(reader.root), 1):
        annotations = entry(_dictionary(page.reference), "/Annots", ())
        for index in range(len(annotations)):
            pointer = annotations.raw_get(index)
            chain = _chain(pointer)
            value = _inherited(chain, "/V")
            kind = _inherited(chain, "/FT")
            if kind == "/Sig" and isinstance(value, IndirectObject):
                yield Widget(
                    name=_full_name(chain),
                    page=number,
                    page_reference=page.reference,
                    box=page.box,
                    chain=tuple(link.reference for link in chain),
                    signature=value.idnum,
                    rectangle=_rectangle(_dictionary(pointer)),
                )


@dataclass(frozen=True)
class SealedRevision:
    """The file as it was when one signature was made."""

    reader: PdfFileReader
    number: int
    fields: frozenset[int]
    pages: dict[int, tuple[int, PageBox, frozenset[int]]]

    @classmethod
    def of(cls, reader: PdfFileReader, widget: Widget) -> "SealedRevision | None":
        """The revision signed by the signature of this widget, if that covers it wholly."""
        field = next(item for item in map(_dictionary, widget.chain) if "/V" in item)
        if "/ByteRange" not in entry(field, "/V", DictionaryObject()):
            return None
        embedded = EmbeddedPdfSignature(reader, field, widget.name)
        if embedded.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
            return None
        number = embedded.signed_revision
        then = reader.get_historical_resolver(number)
        pages = {
            page.reference.idnum: (position, page.box, _annotations(_dictionary(page.reference)))
            for position, page in enumerate(page_entries(then.root), 1)
        }
        return cls(reader, number, frozenset(_field_numbers(then.root)), pages)

    def holds(self, widget: Widget) -> bool:
        """True when this revision has the widget on the same page, and nothing of it is newer."""
        here = widget.chain[0]
        page = self.pages.get(widget.page_reference.idnum)
        return (
            page is not None
            and page[:2] == (widget.page, widget.box)
            and here.idnum in page[2]
            and widget.chain[-1].idnum in self.fields
            and _is_visible(_dictionary(here), widget.rectangle)
            and all(self._is_old(link) for link in widget.chain)
            and self._was_signed_then(widget)
            and self._is_old_below(_dictionary(here).raw_get("/AP"))
        )

    def _was_signed_then(self, widget: Widget) -> bool:
        """True when /V was written together with the signature, not in the hope of one."""
        field = next(link for link in widget.chain if "/V" in _dictionary(link))
        return bool(self.reader.xrefs.get_last_change(field) == self.number)

    def _is_old(self, reference: Reference) -> bool:
        return bool(self.reader.xrefs.get_last_change(reference) <= self.number)

    def _is_old_below(self, item: Any) -> bool:
        """True when no object that the appearance is made of was written later."""
        pending, seen = [item], set()
        while pending:
            item = pending.pop()
            if isinstance(item, IndirectObject):
                if item.idnum in seen:
                    continue
                seen.add(item.idnum)
                if not self._is_old(item.reference):
                    return False
                item = item.get_object()
            if isinstance(item, DictionaryObject | StreamObject):
                pending += [item.raw_get(key) for key in item]
            elif isinstance(item, ArrayObject):
                pending += [item.raw_get(index) for index in range(len(item))]
        return True


def _dictionary(pointer: Reference | IndirectObject) -> DictionaryObject:
    """The dictionary that is pointed to; an empty one where something else stands."""
    item = pointer.get_object()
    return item if isinstance(item, DictionaryObject) else DictionaryObject()


def _chain(pointer: Any) -> list[IndirectObject]:
    """The widget and the fields above it; empty for an annotation that is no object of its own."""
    chain: list[IndirectObject] = []
    while isinstance(pointer, IndirectObject) and len(chain) < DEEPEST_FIELD:
        chain.append(pointer)
        item = _dictionary(pointer)
        if "/Parent" not in item:
            break
        pointer = item.raw_get("/Parent")
    return chain


def _inherited(chain: list[IndirectObject], key: str) -> Any:
    for link in chain:
        item = _dictionary(link)
        if key in item:
            return item.raw_get(key)
    return None


def _full_name(chain: list[IndirectObject]) -> str:
    names = [str(item["/T"]) for item in map(_dictionary, chain) if "/T" in item]
    return ".".join(reversed(names))


def _rectangle(widget: DictionaryObject) -> Box:
    x0, y0, x1, y1 = (float(value) for value in widget["/Rect"])
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise ValueError("a place that is nowhere")
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _is_visible(widget: DictionaryObject, rectangle: Box) -> bool:
    x0, y0, x1, y1 = rectangle
    flags = int(entry(widget, "/F", 0))
    return "/AP" in widget and x0 < x1 and y0 < y1 and not flags & HIDDEN_OR_NOT_SHOWN


def _annotations(page: DictionaryObject) -> frozenset[int]:
    annotations = entry(page, "/Annots", ArrayObject())
    pointers = (annotations.raw_get(index) for index in range(len(annotations)))
    return frozenset(item.idnum for item in pointers if isinstance(item, IndirectObject))


def _field_numbers(root: DictionaryObject) -> Iterator[int]:
    """The object numbers of the fields at the top of the form."""
    fields = entry(entry(root, "/AcroForm", DictionaryObject()), "/Fields", ArrayObject())
    for index in range(len(fields)):
        pointer = fields.raw_get(index)
        if isinstance(pointer, IndirectObject):
            yield pointer.idnum
