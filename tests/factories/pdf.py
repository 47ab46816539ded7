"""Makes PDFs for tests: plain ones, turned and cropped ones, and every kind of bad one."""

import io
import re
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

A4 = (0.0, 0.0, 595.276, 841.89)


@dataclass(frozen=True)
class Page:
    """What one page of a made PDF looks like."""

    media: Sequence[float] = A4
    crop: Sequence[float] | None = None
    rotate: int = 0
    user_unit: float = 1.0


# The pages on which the accuracy of a placement is judged.
ODD_PAGES = (
    Page(),
    Page(crop=(50, 70, 500, 700), rotate=90),
    Page(media=(-100, -50, 750, 900), crop=(-60, -20, 700, 500), rotate=270),
    Page(media=(0, 0, 400, 500), rotate=180, user_unit=2),
)


def make_pdf(pages: Sequence[Page] = (Page(),), *, xref_stream: bool = False) -> bytes:
    """A clean PDF with a frame and lines of grey on every page, and no fonts."""
    return _saved(_new(pages), xref_stream=xref_stream)


def pdf_without_pages() -> bytes:
    return _saved(Pdf.new())


def encrypted_pdf(*, user: str = "secret") -> bytes:
    """`user=""` opens for all and restricts what may be done."""
    return _saved(_new(), encryption=pikepdf.Encryption(owner="owner", user=user, R=6))


def pdf_with_unknown_encryption() -> bytes:
    return make_pdf().replace(
        b"trailer <<", b"trailer << /Encrypt << /Filter /Strange /V 4 /R 4 >>", 1
    )


def damaged_pdf() -> bytes:
    """It has a header, and nothing else that could be put together again."""
    return b"%PDF-1.7\n" + bytes(range(256)) * 40


def pdf_with_broken_xref() -> bytes:
    """Every offset is wrong and /Size is missing: readers repair this."""
    head, _, tail = make_pdf([Page(), Page()]).partition(b"xref\n")
    return head + b"% moved along\n" * 3 + b"xref\n" + tail.replace(b"/Size ", b"/Sise ")


def pdf_with_xfa() -> bytes:
    pdf = _new()
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, b"<xdp/>"))
    return _saved(pdf)


def pdf_with_action(action: dict[str, Any], *, place: str = "/OpenAction") -> bytes:
    """An action at the catalogue's /OpenAction, or in a page's /AA (place "/AA")."""
    pdf = _new()
    if place == "/OpenAction":
        pdf.Root.OpenAction = Dictionary(action)
    else:
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(action))
    return _saved(pdf)


def pdf_with_javascript() -> bytes:
    return pdf_with_action({"/S": Name.JavaScript, "/JS": "app.alert(1)"})


def pdf_that_opens_at_a_page() -> bytes:
    pdf = _new()
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    return _saved(pdf)


def pdf_with_hidden_layer() -> bytes:
    pdf = _new()
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
    return _saved(pdf)


def pdf_with_unembedded_font() -> bytes:
    pdf = _new()
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/SimSun"))
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    return _saved(pdf)


def pdf_with_attachment() -> bytes:
    pdf = _new()
    pdf.attachments["a.txt"] = b"attached"
    return _saved(pdf)


def pdf_with_annotations_in_an_object() -> bytes:
    """Every page lists its annotations in an array that is an object of its own."""
    pdf = _new()
    note = Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([9, 9, 19, 19]), F=4)
    pdf.pages[0].obj.Annots = pdf.make_indirect(Array([pdf.make_indirect(note)]))
    return _saved(pdf)


def pdf_with_form(*, direct: bool = False) -> bytes:
    """A text field on the first page, as an object of its own or written in the form itself."""
    pdf = _new()
    entries = {"/FT": Name.Tx, "/T": "Seal1", "/V": "filled", "/F": 4}
    field = Dictionary(entries | {"/Type": Name.Annot, "/Subtype": Name.Widget})
    field.Rect = Array([10, 10, 100, 30])
    if not direct:
        field = pdf.make_indirect(field)
        pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return _saved(pdf)


def pdf_with_a_field_that_waits_for_a_signature() -> bytes:
    """A drawn signature field whose /V is the number that the next new object will get."""
    pdf = _new()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T="Waiting",
            Rect=Array([10, 10, 60, 60]),
            AP=Dictionary(N=Stream(pdf, b"1 0 0 rg 0 0 50 50 re f", BBox=Array([0, 0, 50, 50]))),
            V=pdf.make_indirect(Dictionary(Later=True)),
        )
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.pages[0].obj.Annots = Array([field])
    data = _saved(pdf)
    size = data.partition(b"/Size ")[2].split()[0]
    value = re.search(rb"/V (\d+) 0 R", data)
    assert value
    waited_for = b"/V %d 0 R" % (int(size) + 1)
    assert len(waited_for) == len(value[0])
    return data.replace(value[0], waited_for)


def pdf_with_a_bomb(megabytes: int = 256) -> bytes:
    """A page tree in an object stream that is deflated twice: some KB here, `megabytes` open."""
    compressor = zlib.compressobj()
    head = b"1 0 << /Type /Pages /Kids [] /Count 0 >> "
    parts = [compressor.compress(head)]
    parts += [compressor.compress(b" " * 2**20) for _ in range(megabytes)]
    bomb = zlib.compress(b"".join([*parts, compressor.flush()]))
    objects = (
        b"%%PDF-1.5\n2 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length %d"
        b" /Filter [/FlateDecode /FlateDecode] >>\nstream\n%b\nendstream\nendobj\n"
        % (len(bomb), bomb)
    )
    catalogue = b"3 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n"
    rows = [(0, 0, 65535), (2, 2, 0), (1, 9, 0), (1, len(objects), 0)]
    start = len(objects) + len(catalogue)
    rows.append((1, start, 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    xref = (
        b"4 0 obj\n<< /Type /XRef /Size 5 /W [1 4 2] /Root 3 0 R /Length %d >>\nstream\n%b"
        b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(table), table, start)
    )
    return objects + catalogue + xref


def padded_pdf(size: int = 20 * 1024 * 1024, pages: Sequence[Page] = (Page(),)) -> bytes:
    """Exactly `size` bytes, most of them in one stream that no page uses but the catalogue."""
    overhead = len(_padded(pages, 1_000_000)) - 1_000_000
    return _padded(pages, size - overhead - (len(str(size)) - len("1000000")))[:size]


def pdf_with_a_deep_page_tree(depth: int = 5000) -> bytes:
    pdf = _new()
    top = pdf.Root.Pages
    leaf = pdf.pages[0].obj
    node = leaf
    for _ in range(depth):
        parent = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=[node], Count=1))
        node.Parent = parent
        node = parent
    node.Parent = top
    top.Kids = Array([node])
    return _saved(pdf)


def _padded(pages: Sequence[Page], length: int) -> bytes:
    pdf = _new(pages)
    pdf.Root.Padding = Stream(pdf, bytes(i * 7 % 251 for i in range(4096)) * (length // 4096 + 1))
    pdf.Root.Padding.write(pdf.Root.Padding.read_bytes()[:length])
    return _saved(pdf)


def _new(pages: Sequence[Page] = (Page(),)) -> Pdf:
    pdf = Pdf.new()
    for page in pages:
        pdf.pages.append(pikepdf.Page(_page_object(pdf, page)))
    return pdf


def _page_object(pdf: Pdf, page: Page) -> pikepdf.Object:
    x0, y0, x1, y1 = page.crop or page.media
    lines = b"".join(
        b"%.2f %.2f m %.2f %.2f l S\n" % (x0 + 20, y, x1 - 20, y)
        for y in range(int(y0), int(y1), 24)
    )
    item = Dictionary(
        Type=Name.Page,
        MediaBox=Array(page.media),
        Resources=Dictionary(),
        Contents=Stream(pdf, b"0.7 G 1 w\n" + lines),
    )
    if page.crop:
        item.CropBox = Array(page.crop)
    if page.rotate:
        item.Rotate = page.rotate
    if page.user_unit != 1:
        item.UserUnit = page.user_unit
    return pdf.make_indirect(item)


def _saved(pdf: Pdf, *, xref_stream: bool = False, **options: Any) -> bytes:
    output = io.BytesIO()
    mode = pikepdf.ObjectStreamMode
    pdf.save(
        output,
        object_stream_mode=mode.generate if xref_stream else mode.disable,
        deterministic_id="encryption" not in options,
        compress_streams=False,
        **options,
    )
    pdf.close()
    return output.getvalue()
