"""Somebody signs after the sealing, and changes the document in the same revision."""

from collections.abc import Callable

import pikepdf
from pikepdf import Name

from server.sealing import cms
from server.sealing.byte_range import byte_range_digest
from tests.attacks.incremental import WHITE
from tests.attacks.revision import Revision, numbers, stream, written
from tests.attacks.scene import Scene
from tests.attacks.touched_seals import list_field, show_on
from tests.factories.sealing_world import Owner

ROOM = 8 * 1024
PLACE = b"[0 0000000000 0000000000 0000000000]"
NOTE = b"<< /Type /Annot /Subtype /FreeText /Rect [9 400 500 800] /F 4 /Contents (paid) >>"


def signed(
    revision: Revision,
    by: Owner,
    scene: Scene,
    *,
    name: bytes = b"(Later)",
    left_out: bytes = b"",
) -> bytes:
    """The revision with one more signature on page 3, which covers the whole file.

    `left_out` stands behind /Contents, and the ByteRange leaves it out as well.
    """
    signature = revision.add(
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
        b" /M (D:20261120080000Z) /ByteRange %b"
        b" /Contents <%b>%b >>" % (PLACE, b"0" * 2 * ROOM, left_out)
    )
    field = revision.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T %b /F 132 /Rect [0 0 0 0] /P %d 0 R"
        b" /V %b >>" % (name, revision.page(3).objgen[0], signature)
    )
    show_on(revision, 3, field)
    list_field(revision, field)
    file = revision.finish()
    start = file.rindex(b"/Contents <") + len(b"/Contents ")
    end = start + 2 * ROOM + 2 + len(left_out)
    ranges = b"[0 %010d %010d %010d]" % (start, end, len(file) - end)
    file = file.replace(PLACE, ranges)
    digest = byte_range_digest(file, start, end)
    made = cms.make(digest, by.signer, scene.world.tsa.stamp)
    return file[: start + 1] + made.hex().encode() + file[start + 1 + 2 * len(made) :]


def nothing_else(revision: Revision) -> None:
    """An honest signature, so that the others are known to fail for what they do besides."""


def the_page(revision: Revision) -> None:
    revision.put(revision.page().Contents.objgen[0], WHITE)


def an_annotation_too(revision: Revision) -> None:
    show_on(revision, 1, revision.add(NOTE))


def a_seal_moved(revision: Revision) -> None:
    field = revision.field()
    field.Rect = numbers((9, 9, 99, 99))
    revision.rewrite(field)


def a_seal_taken_off(revision: Revision) -> None:
    page = revision.page(2)
    page.Annots = pikepdf.Array()
    revision.rewrite(page)


def appearances_drawn_anew(revision: Revision) -> None:
    revision.pdf.Root.AcroForm.NeedAppearances = True


def a_page_turned(revision: Revision) -> None:
    revision.page().Rotate = 180
    revision.rewrite(revision.page())


def a_script_too(revision: Revision) -> None:
    root = revision.pdf.Root
    body = written(root)[:-2] + b" /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
    revision.put(root.objgen[0], body)


def a_text_filled_in(revision: Revision) -> None:
    """Of a document with a text field: its value and its drawing."""
    (field,) = (one for one in revision.pdf.Root.AcroForm.Fields if Name.Tx == one.FT)
    drawing = revision.add(stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 90 20]"))
    field.V = pikepdf.String("another sum")
    revision.put(field.objgen[0], written(field)[:-2] + b" /AP << /N %b >> >>" % drawing)


def seals_off_the_form(revision: Revision) -> None:
    """Each widget has its kind and its value from a field above it, which is not in the form."""
    above = revision.add(b"<< /FT /Sig /T (Above) /V %d 0 R >>" % revision.signature().objgen[0])
    for field in revision.pdf.Root.AcroForm.Fields:
        for key in ("/FT", "/T", "/V"):
            del field[key]
        revision.put(field.objgen[0], written(field)[:-2] + b" /Parent %b >>" % above)
    revision.pdf.Root.AcroForm.Fields = pikepdf.Array()


CHANGES: tuple[Callable[[Revision], None], ...] = (
    the_page, an_annotation_too, a_seal_moved, a_seal_taken_off, appearances_drawn_anew,
    a_page_turned, a_script_too,
)  # fmt: skip
