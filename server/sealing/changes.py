"""What one revision of a PDF changed against the one before, in stable codes with page numbers."""

# pyHanko is typed in parts only.
# mypy: allow-untyped-calls

import io
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

from server.sealing.page_box import PageBox
from server.sealing.page_tree import entry, page_entries

VALIDATION_DATA, METADATA = "validation_data", "metadata"
CATALOG_CODES = {"/DSS": VALIDATION_DATA, "/Metadata": METADATA, "/Extensions": VALIDATION_DATA}
OWN_CODES = ("/Pages", "/AcroForm")
SHOWN = ("/Contents", "/Resources")
DEEPEST_FIELD = 32


def changes_between(before: Any, after: Any, *, deep: bool) -> tuple[str, ...]:
    """The codes of what changed, in the order of the pages; both are pyHanko's historical views.

    page_added, page_removed, page_moved, page_box, page_content, annotation_added,
    annotation_changed, annotation_removed, signature_field_added and form_field_changed carry a
    page number; metadata, validation_data, document_settings and form_changed do not. Unless
    `deep`, only what the pages themselves say is compared, not what hangs below them.
    """
    written = {ref.idnum for ref in after.explicit_refs_in_revision()}
    in_pages = _in_pages(before, after, written if deep else set())
    found = [*in_pages, *_in_catalog(before, after, written)]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Page:
    number: int
    item: Any
    box: PageBox


def _pages(view: Any) -> dict[int, _Page]:
    return {
        page.reference.idnum: _Page(number, _item(view, page.reference), page.box)
        for number, page in enumerate(page_entries(view.root), 1)
    }


def _in_pages(before: Any, after: Any, written: set[int]) -> Iterator[str]:
    old, new = _pages(before), _pages(after)
    kept = [number for number in old if number in new]
    if kept != [number for number in new if number in old]:
        yield from (f"page_moved:{new[one].number}" for one in kept)
    yield from (f"page_removed:{old[one].number}" for one in old if one not in new)
    for one, page in new.items():
        if one not in old:
            yield f"page_added:{page.number}"
            continue
        if page.box != old[one].box:
            yield f"page_box:{page.number}"
        if _shows_else(old[one].item, page.item, after, written):
            yield f"page_content:{page.number}"
        for code in _in_annotations(old[one].item, page.item, after, written):
            yield f"{code}:{page.number}"


def _shows_else(old: Any, new: Any, view: Any, written: set[int]) -> bool:
    for key in SHOWN:
        one, other = (item.raw_get(key) if key in item else None for item in (old, new))
        if _text(one) != _text(other) or _reaches(other, view, written):
            return True
    return False


def _in_annotations(old: Any, new: Any, view: Any, written: set[int]) -> Iterator[str]:
    was, loose_before = _annotations(old)
    now, loose = _annotations(new)
    if loose != loose_before:
        yield "annotation_changed"
    yield from ("annotation_removed" for one in was if one not in now)
    for number, pointer in now.items():
        item = _item(view, pointer.reference)
        kind = _field_kind(view, item)
        if number not in was:
            yield "signature_field_added" if kind == "/Sig" else "annotation_added"
        elif number in written or _reaches(entry(item, "/AP", None), view, written):
            yield "form_field_changed" if kind and kind != "/Sig" else "annotation_changed"


def _annotations(page: Any) -> tuple[dict[int, IndirectObject], list[bytes]]:
    """The annotations of a page by object number, and those that are written into it."""
    items = entry(page, "/Annots", ArrayObject())
    raw = [items.raw_get(index) for index in range(len(items))]
    pointers = {item.idnum: item for item in raw if isinstance(item, IndirectObject)}
    return pointers, [_text(item) for item in raw if not isinstance(item, IndirectObject)]


def _field_kind(view: Any, item: Any) -> str:
    """The field type of a widget, its own or inherited; empty for other annotations."""
    for _ in range(DEEPEST_FIELD):
        if not isinstance(item, DictionaryObject):
            break
        if "/FT" in item:
            return str(item["/FT"])
        parent = item.raw_get("/Parent") if "/Parent" in item else None
        item = _item(view, parent.reference) if isinstance(parent, IndirectObject) else parent
    return ""


def _in_catalog(before: Any, after: Any, written: set[int]) -> Iterator[str]:
    old, new = before.root, after.root
    for key in dict.fromkeys([*old, *new]):
        one, other = (item.raw_get(key) if key in item else None for item in (old, new))
        # What hangs below the pages and below other entries is reached from too many sides to
        # be named; such an object shows as another code, or as "other".
        deep = key in CATALOG_CODES and _reaches(other, after, written)
        if key not in OWN_CODES and (_text(one) != _text(other) or deep):
            yield CATALOG_CODES.get(key, "document_settings")
    forms = [entry(root, "/AcroForm", DictionaryObject()) for root in (old, new)]
    keys = (set(forms[0]) | set(forms[1])) - {"/Fields", "/SigFlags"}
    texts = [[_text(form.raw_get(key)) if key in form else b"" for key in keys] for form in forms]
    if texts[0] != texts[1]:
        yield "form_changed"
    infos = [entry(view.trailer_view, "/Info", None) for view in (before, after)]
    if _text(infos[0]) != _text(infos[1]):
        yield METADATA


def _reaches(item: Any, view: Any, written: set[int]) -> bool:
    """Whether an object that was written in this revision hangs below, pages left out."""
    pending, seen = [item] if written else [], set[int]()
    while pending:
        item = pending.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in written:
                return True
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = _item(view, item.reference)
        if isinstance(item, DictionaryObject | StreamObject):
            if entry(item, "/Type", "") not in ("/Page", "/Pages"):
                pending += [item.raw_get(key) for key in item if key not in ("/Parent", "/P")]
        elif isinstance(item, ArrayObject):
            pending += [item.raw_get(index) for index in range(len(item))]
    return False


def _item(view: Any, reference: Reference) -> Any:
    return view(reference)


def _text(item: Any) -> bytes:
    if item is None:
        return b""
    output = io.BytesIO()
    item.write_to_stream(output, None)
    return output.getvalue()
