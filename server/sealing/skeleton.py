"""What a revision needs to know of the file below it, read by pikepdf; None for an odd file."""

import io
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

import pikepdf

from server.sealing.malformed import MALFORMED
from server.sealing.page_box import PageBox
from server.sealing.page_tree import boxes_by_pikepdf, page_lists

END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
HEADER = re.compile(rb"%PDF-(\d\.\d)")
END_WITHIN, HEADER_LENGTH, LONGEST_OBJECT_HEAD = 1024, 8, 32
DEEPEST_TREE = 200
# What belongs to one cross-reference section and not to the file.
OF_ONE_SECTION: Final = (
    *("/Size", "/Prev", "/Root", "/ID", "/Type", "/W", "/Index", "/Length", "/Filter"),
    *("/DecodeParms", "/F", "/FFilter", "/FDecodeParms", "/DL"),
)
WRITTEN_VERSION = "1.7"


class Ref(NamedTuple):
    """Number and generation of an object."""

    number: int
    generation: int


@dataclass(frozen=True)
class PageSkeleton:
    """A page: `entries` is its dictionary without /Annots, `annotations` what stands in these, both
    as PDF syntax without brackets; `listed_at` is the array where that is an object of its own.
    """

    at: Ref
    box: PageBox
    entries: bytes
    annotations: bytes
    listed_at: Ref | None


@dataclass(frozen=True)
class FormSkeleton:
    """The form without /Fields and /SigFlags, its fields, and their names.

    `at` and `fields_at` are None where the form or its array is written directly in its parent.
    """

    at: Ref | None
    entries: bytes
    fields: bytes
    fields_at: Ref | None
    names: frozenset[str]


@dataclass(frozen=True)
class Skeleton:
    """A file that is plain enough to be continued without pyHanko.

    `size` is the next free object number, `previous` where the last cross-reference section
    begins, a stream if `by_stream`; `root_entries` is the catalogue without /AcroForm, its
    /Version `raised` where the file calls itself older than what is appended; `trailer` is the
    trailer without what belongs to one section; `id` is the first half of /ID.
    """

    length: int
    separator: bytes
    size: int
    previous: int
    by_stream: bool
    root: Ref
    root_entries: bytes
    raised: bool
    has_validation_data: bool
    trailer: bytes
    id: bytes
    pages: tuple[PageSkeleton, ...]
    form: FormSkeleton | None

    @property
    def weight(self) -> int:
        """How many bytes of the file are kept in it, about."""
        form = len(self.form.entries + self.form.fields) if self.form else 0
        pages = sum(len(page.entries) + len(page.annotations) for page in self.pages)
        return pages + form + len(self.root_entries)


class _Odd(Exception):
    """Something that is left to pyHanko."""


def read_skeleton(document: bytes) -> Skeleton | None:
    """Read a file; to be run in the sandbox.

    None, which means that pyHanko does it, for a file that qpdf has to repair, one that is
    encrypted, has a hybrid cross-reference section, an XFA form, a certification or a locked
    field, or that lists annotations in an unusual way.
    """
    try:
        with pikepdf.open(io.BytesIO(document), suppress_warnings=True) as pdf:
            skeleton = _read(document, pdf)
            return None if pdf.get_warnings() else skeleton
    except _Odd:
        return None
    except MALFORMED:
        return None  # pyHanko says what is wrong with it


def _read(document: bytes, pdf: pikepdf.Pdf) -> Skeleton:
    previous, by_stream = _last_section(document)
    trailer, root = pdf.trailer, pdf.Root
    _require(not pdf.is_encrypted and "/XRefStm" not in trailer and "/Perms" not in root)
    size, pages, form = int(trailer["/Size"]), _pages(pdf), _form(root.get("/AcroForm"))
    _require_nothing_written_twice(pdf, pages, form)
    raised = _raise_version(document, root)
    return Skeleton(
        length=len(document),
        separator=b"" if document[-1:] in (b"\n", b"\r") else b"\n",
        size=size,
        previous=previous,
        by_stream=by_stream,
        root=_at(root),
        root_entries=_without(root, "/AcroForm"),
        raised=raised,
        has_validation_data="/DSS" in root,
        id=_id(trailer),
        trailer=_without(trailer, *OF_ONE_SECTION),
        pages=pages,
        form=form,
    )


def _last_section(document: bytes) -> tuple[int, bool]:
    """Where the last cross-reference section begins, and whether it is a stream."""
    end = END.search(document[-END_WITHIN:])
    if end is None:
        raise _Odd
    previous = int(end[1])
    there = document[previous : previous + LONGEST_OBJECT_HEAD]
    if there.startswith(b"xref"):
        return previous, False
    _require(OBJECT.match(there) is not None)
    return previous, True


def _raise_version(document: bytes, root: pikepdf.Object) -> bool:
    """Let an older file call itself what is appended to it; the catalogue may only raise what the
    header says (ISO 32000-1 7.5.2).
    """
    header = HEADER.match(document[:HEADER_LENGTH])
    if header is None:
        raise _Odd
    raised = max(header[1].decode("ascii"), str(root.get("/Version", "/"))[1:]) < WRITTEN_VERSION
    if raised:
        root["/Version"] = pikepdf.Name(f"/{WRITTEN_VERSION}")
    return raised


def _pages(pdf: pikepdf.Pdf) -> tuple[PageSkeleton, ...]:
    boxes = boxes_by_pikepdf(pdf)
    plain: set[Ref] = set()
    pages = []
    for page, box in zip(pdf.pages, boxes, strict=True):
        _require_no_annotations_above(page.obj, plain)
        pages.append(_page(page.obj, box))
    return tuple(pages)


def _require_nothing_written_twice(
    pdf: pikepdf.Pdf, pages: tuple[PageSkeleton, ...], form: FormSkeleton | None
) -> None:
    """No two pages list their annotations together, no form is a page, and the like."""
    written = [_at(pdf.Root), *(page.listed_at or page.at for page in pages)]
    written += [at for at in (form.at, form.fields_at) if at] if form else []
    if any(page.listed_at for page in pages):
        written += {_at(kids) for kids in page_lists(pdf.Root) if kids.is_indirect}
    _require(len(set(written)) == len(written))


def _page(page: pikepdf.Object, box: PageBox) -> PageSkeleton:
    at, array = _at(page), page.get("/Annots")
    listed_at = _at(array) if array is not None and array.is_indirect else None
    return PageSkeleton(at, box, *_split(page, "/Annots"), listed_at)


def _require_no_annotations_above(page: pikepdf.Object, plain: set[Ref]) -> None:
    """Only a page may list annotations; some programs read such a list also above it."""
    node = page.get("/Parent")
    for _ in range(DEEPEST_TREE):
        if not isinstance(node, pikepdf.Dictionary):
            return
        here = _at(node)
        if here in plain:
            return
        _require("/Annots" not in node)
        plain.add(here)
        node = node.get("/Parent")
    raise _Odd


def _form(form: pikepdf.Object | None) -> FormSkeleton | None:
    if form is None:
        return None
    _require(isinstance(form, pikepdf.Dictionary) and "/XFA" not in form)
    at, fields = _at(form) if form.is_indirect else None, form.get("/Fields")
    names = frozenset(_name_of(field) for field in fields) if fields is not None else frozenset()
    fields_at = _at(fields) if fields is not None and fields.is_indirect else None
    if "/SigFlags" in form:
        del form["/SigFlags"]
    return FormSkeleton(at, *_split(form, "/Fields"), fields_at, names)


def _name_of(field: pikepdf.Object) -> str:
    """The field's own name; fields that lock others, or are locked, are left to pyHanko."""
    _require(isinstance(field, pikepdf.Dictionary) and field.is_indirect)
    value = field.get("/V")
    locks = isinstance(value, pikepdf.Dictionary) and "/Reference" in value
    _require(not locks and "/Lock" not in field)
    return str(field.get("/T", ""))


def _split(item: pikepdf.Object, key: str) -> tuple[bytes, bytes]:
    """A dictionary's entries without this one, and what stands in the array under it."""
    array = item.get(key)
    _require(array is None or isinstance(array, pikepdf.Array))
    inside = b"" if array is None else _inside(array, 1)
    return _without(item, key), inside


def _without(item: pikepdf.Object, *keys: str) -> bytes:
    """The entries of a dictionary but these; the file in memory, which is never saved, loses them.

    qpdf writes references as references and everything else as it stands in the file.
    """
    for key in keys:
        if key in item:
            del item[key]
    return _inside(item, 2)


def _inside(item: pikepdf.Object, bracket: int) -> bytes:
    return item.unparse(resolved=True)[bracket:-bracket].strip()


def _id(trailer: pikepdf.Object) -> bytes:
    both = trailer.get("/ID")
    if both is None:
        return b""
    _require(isinstance(both, pikepdf.Array) and isinstance(both[0], pikepdf.String))
    return bytes(both[0])


def _at(item: pikepdf.Object) -> Ref:
    _require(item.is_indirect)
    return Ref(*item.objgen)


def _require(plain: bool) -> None:
    if not plain:
        raise _Odd
