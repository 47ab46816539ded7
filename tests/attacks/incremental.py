"""Incremental saving: what is appended to a sealed file shows another document."""

from collections.abc import Callable

from pikepdf import Array, Name

from tests.attacks.revision import Revision, last_table, stream, written

WHITE = stream(b"1 g 0 0 600 900 re f")


def other_content(sealed: bytes) -> bytes:
    """Page 1 has another content stream."""
    revision = Revision(sealed)
    revision.put(revision.page().Contents.objgen[0], WHITE)
    return revision.finish()


def other_content_without_a_table(sealed: bytes) -> bytes:
    """The same, only an object and an end: readers that rebuild the table take the last one."""
    revision = Revision(sealed)
    number = revision.page().Contents.objgen[0]
    return sealed + b"%d 0 obj\n%b\nendobj\n%%%%EOF\n" % (number, WHITE)


def other_content_with_a_trailer_alone(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    number, root = revision.page().Contents.objgen[0], revision.pdf.Root.objgen[0]
    body = b"%d 0 obj\n%b\nendobj\n" % (number, WHITE)
    return sealed + body + b"trailer\n<< /Root %d 0 R >>\n%%%%EOF\n" % root


def other_content_before_the_old_start(sealed: bytes) -> bytes:
    """A second end that names the old table, with an object between the two."""
    revision, at = Revision(sealed), last_table(sealed)
    body = b"%d 0 obj\n%b\nendobj\n" % (revision.page().Contents.objgen[0], WHITE)
    return sealed + body + b"startxref\n%d\n%%%%EOF\n" % at


def other_content_and_a_copied_signature(sealed: bytes) -> bytes:
    """The signature dictionary is written once more, as a program does that signs."""
    revision = Revision(sealed)
    revision.put(revision.page().Contents.objgen[0], WHITE)
    revision.rewrite(revision.signature())
    return revision.finish()


def other_content_and_a_signature_under_a_new_number(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.put(revision.page().Contents.objgen[0], WHITE)
    copy = revision.add(written(revision.signature()))
    for field in revision.pdf.Root.AcroForm.Fields:
        body = written(field)
        old = b"/V %d 0 R" % field.V.objgen[0]
        assert old in body
        revision.put(field.objgen[0], body.replace(old, b"/V " + copy))
    return revision.finish()


def a_page_more(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    tree = revision.pdf.Root.Pages
    page = revision.add(
        b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents %b >>"
        % (tree.objgen[0], revision.add(WHITE))
    )
    body = written(tree).replace(b"/Count 3", b"/Count 4")
    revision.put(tree.objgen[0], body.replace(b"/Kids [", b"/Kids [ %b" % page))
    return revision.finish()


def a_page_less(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    tree = revision.pdf.Root.Pages
    del tree.Kids[2]
    tree.Count = 2
    revision.rewrite(tree)
    return revision.finish()


def pages_in_another_order(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    tree = revision.pdf.Root.Pages
    first, second, third = list(tree.Kids)
    tree.Kids = Array([third, first, second])
    revision.rewrite(tree)
    return revision.finish()


def another_page_tree(sealed: bytes) -> bytes:
    """The catalogue points at another tree whose page shows the old annotations."""
    revision = Revision(sealed)
    root = revision.pdf.Root
    annotations = revision.page().Annots.unparse(resolved=True)
    tree = revision.add(b"")
    number = int(tree.split()[0])
    page = revision.add(
        b"<< /Type /Page /Parent %b /MediaBox [0 0 595 842] /Resources << >> /Contents %b"
        b" /Annots %b >>" % (tree, revision.add(WHITE), annotations)
    )
    revision.put(number, b"<< /Type /Pages /Count 1 /Kids [%b] >>" % page)
    old = b"/Pages %d 0 R" % root.Pages.objgen[0]
    revision.put(root.objgen[0], written(root).replace(old, b"/Pages %b" % tree))
    return revision.finish()


def another_catalogue(sealed: bytes) -> bytes:
    """A new catalogue under a new number, named by the trailer only."""
    revision = Revision(sealed)
    root = revision.add(
        written(revision.pdf.Root)[:-2]
        + b" /OpenAction << /S /URI /URI (http://example.test) >> >>"
    )
    return revision.finish(root=root)


def another_version(sealed: bytes) -> bytes:
    """The catalogue says that the file is of an older kind, in which signatures are not known."""
    revision = Revision(sealed)
    revision.pdf.Root.Version = Name("/1.0")
    revision.rewrite(revision.pdf.Root)
    return revision.finish()


def another_form(sealed: bytes) -> bytes:
    """The form is another one, without fields: the seals stay on the pages as pictures."""
    revision = Revision(sealed)
    root = revision.pdf.Root
    body = written(root)
    old = b"/AcroForm %d 0 R" % root.AcroForm.objgen[0]
    assert old in body
    form = revision.add(b"<< /Fields [ ] /NeedAppearances true >>")
    revision.put(root.objgen[0], body.replace(old, b"/AcroForm " + form))
    return revision.finish()


def appearances_to_be_drawn_anew(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    form = revision.pdf.Root.AcroForm
    form.NeedAppearances = True
    revision.rewrite(form)
    return revision.finish()


ATTACKS: tuple[Callable[[bytes], bytes], ...] = (
    other_content, other_content_without_a_table, other_content_with_a_trailer_alone,
    other_content_before_the_old_start, other_content_and_a_copied_signature,
    other_content_and_a_signature_under_a_new_number, a_page_more, a_page_less,
    pages_in_another_order, another_page_tree, another_catalogue, another_version, another_form,
    appearances_to_be_drawn_anew,
)  # fmt: skip
