"""The pages of a file with what they inherit, read by pikepdf and by pyHanko."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference

from server.sealing.errors import PdfTooComplex
from server.sealing.page_box import PageBox, page_box

MOST_PAGES = 20_000
DEEPEST_TREE = 200
INHERITED = ("/MediaBox", "/CropBox", "/Rotate")


@dataclass(frozen=True)
class PageEntry:
    """A page of the file: where its dictionary is, and its box."""

    reference: Reference
    box: PageBox


def boxes_by_pikepdf(pdf: pikepdf.Pdf) -> tuple[PageBox, ...]:
    """The boxes of all pages in reading order. Raises PdfTooComplex beyond 20,000 pages."""
    count = len(pdf.pages)  # qpdf pushes inherited entries down to the pages only when saving
    if count > MOST_PAGES:
        raise PdfTooComplex(pages=count)
    return tuple(_box_by_pikepdf(page.obj) for page in pdf.pages)


def page_entries(root: Any) -> Iterator[PageEntry]:
    """Walk the page tree below a document catalogue in one pass.

    Raises PdfTooComplex for a tree too deep or too large, ValueError for one that runs in a
    circle or has a page that is not an object of its own.
    """
    stack: list[tuple[Any, dict[str, Any], int]] = [(root.raw_get("/Pages"), {}, 0)]
    seen: set[int] = set()
    pages = 0
    while stack:
        pointer, inherited, depth = stack.pop()
        if not isinstance(pointer, IndirectObject) or pointer.idnum in seen:
            raise ValueError("a page that is direct or met twice")
        seen.add(pointer.idnum)
        node: Any = pointer.get_object()  # type: ignore[no-untyped-call]
        entries = {key: entry(node, key, inherited.get(key)) for key in INHERITED}
        if "/Kids" in node:
            kids = reversed(range(len(node["/Kids"])))
            stack += [(node["/Kids"].raw_get(kid), entries, depth + 1) for kid in kids]
        else:
            pages += 1
            yield PageEntry(pointer.reference, _box(entries, entry(node, "/UserUnit", 1)))
        if depth > DEEPEST_TREE or pages > MOST_PAGES:
            raise PdfTooComplex


def page_lists(root: Any) -> Iterator[Any]:
    """Each /Kids array of a page tree that `page_entries`, or qpdf, has walked before."""
    stack = [root["/Pages"]]
    while stack:
        node = stack.pop()
        if "/Kids" in node:
            kids = node["/Kids"]
            yield kids
            stack += [kids[index] for index in range(len(kids))]


def entry(item: DictionaryObject, key: str, default: Any) -> Any:
    """What stands under a key, followed to the object itself; null counts as absent.

    pyHanko's own `.get` would return the bare reference.
    """
    try:
        return item[key]
    except KeyError:
        return default


def _box_by_pikepdf(page: pikepdf.Object) -> PageBox:
    entries: dict[str, Any] = {}
    node: Any = page
    for _ in range(DEEPEST_TREE + 2):
        if not isinstance(node, pikepdf.Dictionary):
            break
        for key in INHERITED:
            if key not in entries and key in node:
                entries[key] = node[key]
        node = node.get("/Parent")
    return _box(entries, page.get("/UserUnit", 1))


def _box(entries: dict[str, Any], user_unit: Any) -> PageBox:
    return page_box(
        _numbers(entries.get("/MediaBox")),
        _numbers(entries.get("/CropBox")),
        float(entries.get("/Rotate") or 0),
        float(user_unit),
    )


def _numbers(array: Any) -> list[float] | None:
    return None if array is None else [float(value) for value in array]
