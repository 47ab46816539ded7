"""Shadow attacks: the document was prepared before it was sealed, and shows its other face later.

Each is a document to be sealed, and what is done to it afterwards.
"""

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.attacks.revision import Revision, last_table, stream, table, written
from tests.factories.pdf import Page, make_pdf, pdf_with_form

COVER = {"Type": Name.XObject, "Subtype": Name.Form}
HIDDEN = b"1 0 0 rg 0 0 600 900 re f"


def with_a_cover() -> bytes:
    """An opaque annotation hides what is written on page 1."""
    pdf = pikepdf.open(io.BytesIO(make_pdf([Page()] * 3)))
    drawing = Stream(pdf, b"1 g 0 0 400 400 re f", **COVER, BBox=Array([0, 0, 400, 400]))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([0, 0, 400, 400]), F=4)
    note.AP = Dictionary(N=pdf.make_indirect(drawing))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])
    return _saved(pdf)


def take_the_cover_off(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    page = revision.page()
    annotations = [item for item in page.Annots if item.Subtype != Name.Square]
    page.Annots = Array(annotations)
    revision.rewrite(page)
    return revision.finish()


def make_the_cover_invisible(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    (note,) = (item for item in revision.page().Annots if item.Subtype == Name.Square)
    revision.put(note.AP.N.objgen[0], stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 1 1]"))
    return revision.finish()


def free_the_cover(sealed: bytes) -> bytes:
    """The table calls the annotation free; no object is written."""
    revision = Revision(sealed)
    (note,) = (item for item in revision.page().Annots if item.Subtype == Name.Square)
    return _table_alone(revision, b"%d 1\n0000000000 00001 f \n" % note.objgen[0])


def with_a_form_drawn() -> bytes:
    """Page 1 draws a form, a font and a layer that can be exchanged."""
    pdf = pikepdf.open(io.BytesIO(make_pdf([Page()] * 3)))
    page = pdf.pages[0].obj
    form = Stream(pdf, b"0 g 0 0 9 9 re f", **COVER, BBox=Array([0, 0, 400, 400]))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 1, 1]))
    font.FontMatrix, font.FirstChar, font.LastChar = Array([1, 0, 0, 1, 0, 0]), 65, 65
    font.Widths = Array([1])
    font.CharProcs = Dictionary(A=pdf.make_indirect(Stream(pdf, b"1 0 d0 0 0 1 1 re f")))
    font.Encoding = Dictionary(Differences=Array([65, Name("/A")]))
    page.Resources = Dictionary(
        XObject=Dictionary(Sum=pdf.make_indirect(form)),
        Font=Dictionary(F=pdf.make_indirect(font)),
    )
    page.Contents = Stream(pdf, b"/Sum Do BT /F 20 Tf 100 100 Td (A) Tj ET")
    return _saved(pdf)


def exchange_the_form(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    form = revision.page().Resources.XObject.Sum
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 400 400]"
    revision.put(form.objgen[0], stream(HIDDEN, entries))
    return revision.finish()


def exchange_a_glyph(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    glyph = revision.page().Resources.Font.F.CharProcs.A
    revision.put(glyph.objgen[0], stream(b"1 0 d0 0 0 1 .1 re f"))
    return revision.finish()


def exchange_the_font(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    font = revision.page().Resources.Font.F
    font.FontMatrix = Array([2, 0, 0, 2, 0, 0])
    revision.rewrite(font)
    return revision.finish()


def with_a_form_to_fill() -> bytes:
    """Three pages, and a text field on the first."""
    pdf = pikepdf.open(io.BytesIO(pdf_with_form()))
    for page in pikepdf.open(io.BytesIO(make_pdf([Page()] * 2))).pages:
        pdf.pages.append(page)
    return _saved(pdf)


def fill_the_form(sealed: bytes) -> bytes:
    """The text field's value and its drawing are others."""
    revision = Revision(sealed)
    (field,) = (one for one in revision.pdf.Root.AcroForm.Fields if Name.Tx == one.FT)
    drawing = revision.add(stream(HIDDEN, b"/Type /XObject /Subtype /Form /BBox [0 0 90 20]"))
    field.V = pikepdf.String("another sum")
    body = written(field)[:-2] + b" /AP << /N %b >> >>" % drawing
    revision.put(field.objgen[0], body)
    return revision.finish()


def with_a_page_inside() -> bytes:
    """A stream that nobody shows holds, as plain text, another content for page 1."""
    number = 9
    for _ in range(2):  # the number that the content has is known once the file is written
        pdf = pikepdf.open(io.BytesIO(make_pdf([Page()] * 3)))
        inside = b"\n%d 0 obj\n%b\nendobj\n" % (number, stream(HIDDEN))
        pdf.Root.Padding = pdf.make_indirect(Stream(pdf, b"%" * 40 + inside + b"%" * 40))
        document = _saved(pdf)
        with pikepdf.open(io.BytesIO(document)) as written_file:
            number = written_file.pages[0].obj.Contents.objgen[0]
    return document


def bring_it_out(sealed: bytes) -> bytes:
    """Only a table, which says that the content stands elsewhere in what was sealed."""
    revision = Revision(sealed)
    number = revision.page().Contents.objgen[0]
    at = sealed.index(b"%" * 40) + 41
    assert sealed[at:].startswith(b"%d 0 obj" % number)
    return _table_alone(revision, b"%d 1\n%010d 00000 n \n" % (number, at))


def with_a_spare_page() -> bytes:
    """A whole page object that no tree names."""
    pdf = pikepdf.open(io.BytesIO(make_pdf([Page()] * 3)))
    spare = Dictionary(pdf.pages[0].obj)
    spare.Contents = pdf.make_indirect(Stream(pdf, HIDDEN))
    pdf.Root.Spare = pdf.make_indirect(spare)
    return _saved(pdf)


def show_the_spare_page(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    tree, spare = revision.pdf.Root.Pages, revision.pdf.Root.Spare
    tree.Kids[2] = spare
    revision.rewrite(tree)
    return revision.finish()


def with_a_layer() -> bytes:
    pdf = pikepdf.open(io.BytesIO(make_pdf([Page()] * 3)))
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="sum"))
    states = pdf.make_indirect(Dictionary(ON=Array([layer])))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=states)
    page = pdf.pages[0].obj
    page.Resources = Dictionary(Properties=Dictionary(L=layer))
    page.Contents = Stream(pdf, b"/OC /L BDC 0 0 90 90 re f EMC")
    return _saved(pdf)


def switch_the_layer(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    states = revision.pdf.Root.OCProperties.D
    states.OFF, states.ON = states.ON, Array()
    revision.rewrite(states)
    return revision.finish()


def _table_alone(revision: Revision, rows: bytes) -> bytes:
    file = revision.before
    size, root = int(revision.pdf.trailer.Size), revision.pdf.Root.objgen[0]
    end = table({}, size, last_table(file), b"/Root %d 0 R" % root)
    end = end.replace(b"xref\n", b"xref\n" + rows, 1)
    return file + end + b"startxref\n%d\n%%%%EOF\n" % len(file)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    output = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.disable
    pdf.save(output, object_stream_mode=mode, compress_streams=False, deterministic_id=True)
    pdf.close()
    return output.getvalue()


Deed = Callable[[bytes], bytes]
ATTACKS: tuple[tuple[Callable[[], bytes], Deed], ...] = (
    (with_a_cover, take_the_cover_off),
    (with_a_cover, make_the_cover_invisible),
    (with_a_cover, free_the_cover),
    (with_a_form_drawn, exchange_the_form),
    (with_a_form_drawn, exchange_a_glyph),
    (with_a_form_drawn, exchange_the_font),
    (with_a_form_to_fill, fill_the_form),
    (with_a_page_inside, bring_it_out),
    (with_a_spare_page, show_the_spare_page),
    (with_a_layer, switch_the_layer),
)
