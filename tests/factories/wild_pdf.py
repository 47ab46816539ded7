"""PDFs as they are found outside: odd, and mostly opened by every reader."""

import io
import re
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from tests.factories import pdf
from tests.factories.pdf import ODD_PAGES, Page, make_pdf

TWO = [Page(), Page()]


def edited(change: Callable[[Pdf], None], **options: object) -> bytes:
    """Two clean pages after a change; `options` go to the writer."""
    file = pikepdf.open(io.BytesIO(make_pdf(TWO)))
    change(file)
    output = io.BytesIO()
    file.save(output, **{"deterministic_id": True, "compress_streams": False} | options)
    return output.getvalue()


def replaced(old: bytes, new: bytes, data: bytes | None = None) -> bytes:
    """The clean file with some of its bytes written otherwise; its offsets may lie then."""
    data = make_pdf(TWO) if data is None else data
    assert old in data
    return data.replace(old, new)


def on_page(key: str, value: object) -> bytes:
    return edited(lambda file: file.pages[0].obj.__setitem__(key, value))


def on_root(key: str, value: object) -> bytes:
    return edited(lambda file: file.Root.__setitem__(key, value))


def tree(change: Callable[[Pdf, Object], None]) -> bytes:
    return edited(lambda file: change(file, file.Root.Pages))


def hybrid() -> bytes:
    """A classic table with /XRefStm beside it, as Word wrote them."""
    data = make_pdf(TWO)
    at = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    return data.replace(b"trailer << ", b"trailer << /XRefStm %d " % at)


def _nested(file: Pdf, pages: Object) -> None:
    for place, kid in enumerate(list(pages.Kids)):
        middle = file.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([kid]), Count=1))
        middle.Parent, kid.Parent = pages, middle
        pages.Kids[place] = middle


def _in_a_circle(file: Pdf, pages: Object) -> None:
    pages.Kids.append(pages)


def _twice(file: Pdf, pages: Object) -> None:
    pages.Kids = Array([pages.Kids[0], pages.Kids[0]])


def _untyped(file: Pdf, pages: Object) -> None:
    del pages["/Type"]
    del pages.Kids[0]["/Type"]


def _directly(file: Pdf, pages: Object) -> None:
    pages.Kids = Array([Dictionary(pages.Kids[0]), pages.Kids[1]])


def _miscounted(file: Pdf, pages: Object) -> None:
    pages.Count = 77


def _with_a_number(file: Pdf, pages: Object) -> None:
    pages.Kids.append(7)


def _in_parts(file: Pdf) -> None:
    parts = [file.make_indirect(Stream(file, text)) for text in (b"q 1 0 0 1 0 0 cm", b" Q")]
    file.pages[0].obj.Contents = Array(parts)


def _labelled(file: Pdf) -> None:
    """A signature field that waits, as a form's maker leaves one."""
    field = Dictionary(FT=Name.Sig, T="Here", Type=Name.Annot, Subtype=Name.Widget, F=4)
    field.Rect = Array([0, 0, 0, 0])
    held = file.make_indirect(field)
    file.Root.AcroForm = Dictionary(Fields=Array([held]))
    file.pages[0].obj.Annots = Array([held])


MODES = pikepdf.ObjectStreamMode
FILES: dict[str, Callable[[], bytes]] = {
    "hybrid table": hybrid,
    "a thousand pages": lambda: make_pdf([Page(media=(0, 0, 300, 300))] * 1000),
    "turned, cut and in other units": lambda: make_pdf(ODD_PAGES),
    "linearized": lambda: edited(lambda _: None, linearize=True),
    "objects in streams": lambda: edited(lambda _: None, object_stream_mode=MODES.generate),
    "PDF 2.0": lambda: edited(lambda _: None, min_version="2.0"),
    "no size": lambda: replaced(b"/Size", b"/Sizw"),
    "size too small": lambda: re.sub(rb"/Size \d+", b"/Size 2", make_pdf(TWO)),
    "wrong offsets": pdf.pdf_with_broken_xref,
    "no table": lambda: make_pdf(TWO).partition(b"xref\n")[0],
    "no end mark": lambda: make_pdf(TWO).replace(b"%%EOF", b""),
    "no root": lambda: replaced(b"/Root", b"/Rood"),
    "carriage returns": lambda: make_pdf(TWO).replace(b"\n", b"\r"),
    "blanks behind the end": lambda: make_pdf(TWO) + b"\r\n \0\0",
    "a newline in front": lambda: b"\n" + make_pdf(TWO),
    "fields in the form itself": lambda: pdf.pdf_with_form(direct=True),
    "a field that waits for a signature": lambda: edited(_labelled),
    "nested tree": lambda: tree(_nested),
    "tree in a circle": lambda: tree(_in_a_circle),
    "a page twice": lambda: tree(_twice),
    "no types": lambda: tree(_untyped),
    "a page in the tree itself": lambda: tree(_directly),
    "a wrong count": lambda: tree(_miscounted),
    "a page that is a number": lambda: tree(_with_a_number),
    "no box": lambda: edited(lambda file: file.pages[0].obj.__delitem__("/MediaBox")),
    "a box turned round": lambda: on_page("/MediaBox", Array([595, 842, 0, 0])),
    "an empty box": lambda: on_page("/MediaBox", Array([0, 0, 0, 0])),
    "a box of words": lambda: on_page("/MediaBox", Array([Name.A] * 4)),
    "a box without end": lambda: on_page("/MediaBox", Array([0, 0, 10**9, 10**9])),
    "an odd turn": lambda: on_page("/Rotate", 45),
    "a turn backwards": lambda: on_page("/Rotate", -90),
    "a turn of words": lambda: on_page("/Rotate", Name.A),
    "a unit of nothing": lambda: on_page("/UserUnit", 0),
    "no annotations but a name": lambda: on_page("/Annots", Name.A),
    "annotations that are one": lambda: on_page("/Annots", Dictionary(Subtype=Name.Link)),
    "annotations written in place": lambda: on_page(
        "/Annots", Array([Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]))])
    ),
    "content in parts": lambda: edited(_in_parts),
    "content that is a number": lambda: on_page("/Contents", 7),
    "no content": lambda: edited(lambda file: file.pages[0].obj.__delitem__("/Contents")),
    "a form that is a name": lambda: on_root("/AcroForm", Name.A),
    "a form without fields": lambda: on_root("/AcroForm", Dictionary()),
    "fields that are a name": lambda: on_root("/AcroForm", Dictionary(Fields=Name.A)),
    "a field that is a number": lambda: on_root("/AcroForm", Dictionary(Fields=Array([7]))),
    "a wrong length": lambda: re.sub(rb"/Length \d+", b"/Length 5", make_pdf(TWO)),
    "no end of an object": lambda: make_pdf(TWO).replace(b"endobj\n", b"", 2),
    "layers that are a name": lambda: on_root("/OCProperties", Name.A),
}  # fmt: skip
