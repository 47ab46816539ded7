"""PDFs by kind: those that are plain enough to be continued by hand, and those that are odd."""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name

from server.sealing.inspection import inspect
from server.sealing.pdf_syntax import stream
from tests.factories import pdf


def changed(change: Callable[[pikepdf.Pdf], None], document: bytes | None = None) -> bytes:
    """A made PDF after something was done to it, written by qpdf."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(document or pdf.make_pdf([pdf.Page()] * 2))) as file:
        change(file)
        file.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return output.getvalue()


def with_direct_form(file: pikepdf.Pdf) -> None:
    field = file.make_indirect(Dictionary(FT=Name.Tx, T="(a) 名", V="x", Kids=Array()))
    file.Root.AcroForm = Dictionary(Fields=Array([field]), DA="/F 9 Tf", SigFlags=1)


def with_form_in_objects(file: pikepdf.Pdf) -> None:
    with_direct_form(file)
    file.Root.AcroForm.Fields = file.make_indirect(file.Root.AcroForm.Fields)
    file.Root.AcroForm = file.make_indirect(file.Root.AcroForm)


def with_entries_of_its_own(file: pikepdf.Pdf) -> None:
    file.docinfo["/Title"] = "标题 (1)"
    file.pages[0].obj.Own = Array([pikepdf.String(b"\0(\\\xff"), 1.50, True, None, Name("/a b")])
    file.Root.Lang = "zh-CN"


def of_version_1_7(document: bytes) -> bytes:
    """The same file under the version that is appended, so that nothing is raised."""
    assert document.startswith(b"%PDF-1.3")
    return document.replace(b"%PDF-1.3", b"%PDF-1.7", 1)


PLAIN = {
    "one page": pdf.make_pdf(),
    "odd pages": pdf.make_pdf(pdf.ODD_PAGES),
    "odd pages, stream": pdf.make_pdf(pdf.ODD_PAGES, xref_stream=True),
    "no line's end": pdf.make_pdf().rstrip(b"\n"),
    "a newer version": of_version_1_7(pdf.make_pdf()),
    "newer, with a form": of_version_1_7(changed(with_form_in_objects)),
    "form fields": pdf.pdf_with_form(),
    "direct form": changed(with_direct_form),
    "form in objects": changed(with_form_in_objects),
    "annotations in an object": pdf.pdf_with_annotations_in_an_object(),
    "entries of its own": changed(with_entries_of_its_own),
    "repaired": inspect(pdf.pdf_with_broken_xref()).document,
    "attachment": pdf.pdf_with_attachment(),
}


def with_xfa(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = Dictionary(Fields=Array(), XFA=pikepdf.Stream(file, b"<xdp/>"))


def with_certification(file: pikepdf.Pdf) -> None:
    file.Root.Perms = Dictionary(DocMDP=Dictionary(Type=Name.Sig))


def with_lock(file: pikepdf.Pdf) -> None:
    lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All)
    field = file.make_indirect(Dictionary(FT=Name.Sig, T="a", Lock=lock))
    file.Root.AcroForm = Dictionary(Fields=Array([field]))


def with_locking_signature(file: pikepdf.Pdf) -> None:
    value = file.make_indirect(Dictionary(Type=Name.Sig, Reference=Array()))
    field = file.make_indirect(Dictionary(FT=Name.Sig, T="a", V=value))
    file.Root.AcroForm = Dictionary(Fields=Array([field]))


def with_inherited_annotations(file: pikepdf.Pdf) -> None:
    file.Root.Pages.Annots = Array()


def with_shared_annotations(file: pikepdf.Pdf) -> None:
    both = file.make_indirect(Array())
    for page in file.pages:
        page.obj.Annots = both


def with_annotations_that_are_the_fields(file: pikepdf.Pdf) -> None:
    with_form_in_objects(file)
    file.pages[0].obj.Annots = file.Root.AcroForm.Fields


def with_annotations_that_are_the_pages(file: pikepdf.Pdf) -> None:
    file.Root.Pages.Kids = file.make_indirect(file.Root.Pages.Kids)
    file.pages[0].obj.Annots = file.Root.Pages.Kids


def with_a_form_that_is_a_page(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.Fields = Array()
    file.Root.AcroForm = file.pages[0].obj


def with_a_form_that_is_the_catalogue(file: pikepdf.Pdf) -> None:
    file.Root.Fields = Array()
    file.Root.AcroForm = file.Root


def with_direct_field(file: pikepdf.Pdf) -> None:
    file.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T="a")]))


def with_annotations_that_are_none(file: pikepdf.Pdf) -> None:
    file.pages[0].obj.Annots = Dictionary()


def a_page_twice() -> bytes:
    return (
        changed(lambda file: None)
        .replace(b"/Count 2", b"/Count 3")
        .replace(b"/Kids [ 3 0 R 4 0 R ]", b"/Kids [ 3 0 R 3 0 R ]")
    )


def with_a_hybrid_section() -> bytes:
    """A revision that changes nothing, with a cross-reference stream beside its table."""
    document = pdf.make_pdf()
    before, size = int(document.split()[-2]), int(document.partition(b"/Size ")[2].split()[0])
    root = document.partition(b"/Root ")[2].split(b" R")[0]
    row = b"\1" + len(document).to_bytes(4) + b"\0"
    entries = b"/Type /XRef /Size %d /W [1 4 1] /Index [%d 1] /Root %b R" % (size + 1, size, root)
    beside = b"%d 0 obj\n%b\nendobj\n" % (size, stream(entries, row))
    trailer = b"<< /Size %d /Root %b R /Prev %d /XRefStm %d >>"
    table = b"xref\n0 0\ntrailer\n" + trailer % (size + 1, root, before, len(document))
    return document + beside + table + b"\nstartxref\n%d\n%%%%EOF\n" % len(document + beside)


ODD = {
    "encrypted": pdf.encrypted_pdf(user=""),
    "damaged": pdf.pdf_with_broken_xref(),
    "not a PDF": pdf.damaged_pdf(),
    "XFA": changed(with_xfa),
    "certified": changed(with_certification),
    "a lock": changed(with_lock),
    "a signature that may lock": changed(with_locking_signature),
    "hybrid": with_a_hybrid_section(),
    "inherited annotations": changed(with_inherited_annotations),
    "shared annotations": changed(with_shared_annotations),
    "fields are a page's annotations": changed(with_annotations_that_are_the_fields),
    "pages are a page's annotations": changed(with_annotations_that_are_the_pages),
    "form is a page": changed(with_a_form_that_is_a_page),
    "form is the catalogue": changed(with_a_form_that_is_the_catalogue),
    "odd annotations": changed(with_annotations_that_are_none),
    "direct field": changed(with_direct_field),
    "a page twice": a_page_twice(),
    "something before": b"\n" + pdf.make_pdf(),
    "something after": pdf.make_pdf() + b"more",
}
