"""Seals that are moved, changed, hidden, gained or put on other pages after the sealing."""

from collections.abc import Callable

from pikepdf import Array, Dictionary, Name

from tests.attacks.revision import Revision, numbers, stream, written


def the_seal_elsewhere(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    field = revision.field()
    field.Rect = numbers((9, 9, 99, 99))
    revision.rewrite(field)
    return revision.finish()


def another_picture(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    drawing = revision.field().AP.N
    box = drawing.BBox.unparse()
    entries = b"/Type /XObject /Subtype /Form /BBox " + box
    revision.put(drawing.objgen[0], stream(b"0 0 1 rg 0 0 500 500 re f", entries))
    return revision.finish()


def another_appearance(sealed: bytes) -> bytes:
    """The field's own /AP points at a new drawing."""
    revision = Revision(sealed)
    field = revision.field()
    drawing = revision.add(
        stream(b"0 0 1 rg 0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    )
    body = written(field)
    old = b"/N %d 0 R" % field.AP.N.objgen[0]
    assert old in body
    revision.put(field.objgen[0], body.replace(old, b"/N " + drawing))
    return revision.finish()


def a_hidden_seal(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    field = revision.field()
    field.F = 2
    revision.rewrite(field)
    return revision.finish()


def no_seal_on_the_page(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.page().Annots = Array()
    revision.rewrite(revision.page())
    return revision.finish()


def a_seal_more(sealed: bytes) -> bytes:
    """A widget on page 3 that points at the old signature dictionary."""
    revision = Revision(sealed)
    body = written(revision.field()).replace(
        b"/P %d 0 R" % revision.page(1).objgen[0], b"/P %d 0 R" % revision.page(3).objgen[0]
    )
    name = revision.field().T.unparse()
    widget = revision.add(body.replace(b"/T " + name, b"/T (Forged)"))
    show_on(revision, 3, widget)
    list_field(revision, widget)
    return revision.finish()


def a_seal_of_another_page_shown_too(sealed: bytes) -> bytes:
    """Page 3 lists the widget of page 1; nothing else is new."""
    revision = Revision(sealed)
    show_on(revision, 3, b"%d 0 R" % revision.field().objgen[0])
    return revision.finish()


def a_turned_page(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.page().Rotate = 180
    revision.rewrite(revision.page())
    return revision.finish()


def a_cut_page(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.page().CropBox = numbers((0, 0, 300, 300))
    revision.rewrite(revision.page())
    return revision.finish()


def a_page_in_other_units(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.page().UserUnit = 3
    revision.rewrite(revision.page())
    return revision.finish()


def the_page_number_of_another(sealed: bytes) -> bytes:
    """The object of page 1 now holds what page 3 was, with the annotations of page 1."""
    revision = Revision(sealed)
    page, other = revision.page(1), Dictionary(revision.page(3))
    other.Annots = page.Annots
    other.Contents = revision.page(3).Contents
    revision.put(page.objgen[0], other.unparse(resolved=True))
    return revision.finish()


def show_on(revision: Revision, number: int, widget: bytes) -> None:
    page = revision.page(number)
    before = page.get("/Annots", Array())
    listed = before.unparse(resolved=True).rstrip(b" ]") + b" " + widget + b" ]"
    page.Annots = Array([Name("/Here")])
    body = written(page).replace(b"/Here", listed.lstrip(b"[ ").rstrip(b" ]"))
    revision.put(page.objgen[0], body)


def list_field(revision: Revision, widget: bytes) -> None:
    root = revision.pdf.Root
    root.AcroForm.Fields.append(Name("/Here"))
    holders = (root.AcroForm.Fields, root.AcroForm, root)
    holder = next(one for one in holders if one.is_indirect)
    revision.put(holder.objgen[0], written(holder).replace(b"/Here", widget))


ATTACKS: tuple[Callable[[bytes], bytes], ...] = (
    the_seal_elsewhere, another_picture, another_appearance, a_hidden_seal, no_seal_on_the_page,
    a_seal_more, a_seal_of_another_page_shown_too, a_turned_page, a_cut_page,
    a_page_in_other_units, the_page_number_of_another,
)  # fmt: skip
