"""Attacks on certification: what is laid over the pages of a sealed file, or said beside them."""

from collections.abc import Callable
from functools import partial

from pikepdf import Name, String

from tests.attacks.incremental import WHITE
from tests.attacks.revision import Revision, stream, written
from tests.attacks.touched_seals import list_field, show_on

COVER = b"/Type /XObject /Subtype /Form /BBox [0 0 400 400]"
KINDS = (b"/FreeText", b"/Stamp", b"/Square", b"/Redact", b"/Ink", b"/Highlight", b"/Popup")


def an_annotation(kind: bytes, page: int, sealed: bytes) -> bytes:
    """Something opaque with words of its own, on a page with seals or without."""
    revision = Revision(sealed)
    drawing = revision.add(stream(b"1 g 0 0 400 400 re f", COVER))
    note = revision.add(
        b"<< /Type /Annot /Subtype %b /Rect [100 400 500 800] /F 4 /Contents (paid in full)"
        b" /AP << /N %b >> >>" % (kind, drawing)
    )
    show_on(revision, page, note)
    return revision.finish()


def a_link(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    link = revision.add(
        b"<< /Type /Annot /Subtype /Link /Rect [0 0 600 800] /Border [0 0 0]"
        b" /A << /S /URI /URI (http://example.test/pay) >> >>"
    )
    show_on(revision, 1, link)
    return revision.finish()


def a_field_that_looks_like_a_seal(sealed: bytes) -> bytes:
    """A signature field without a signature, drawn as the seal is."""
    revision = Revision(sealed)
    drawing = revision.field().AP.N.objgen[0]
    field = revision.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Looks) /F 4 /Rect [100 100 200 200]"
        b" /P %d 0 R /AP << /N %d 0 R >> >>" % (revision.page(3).objgen[0], drawing)
    )
    show_on(revision, 3, field)
    list_field(revision, field)
    return revision.finish()


def a_text_field(sealed: bytes) -> bytes:
    """A filled text field, which lies over the page as text does."""
    revision = Revision(sealed)
    drawing = revision.add(stream(b"1 g 0 0 400 400 re f", COVER))
    field = revision.add(
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Sum) /V (100) /F 4"
        b" /Rect [100 100 500 500] /P %d 0 R /AP << /N %b >> >>"
        % (revision.page(3).objgen[0], drawing)
    )
    show_on(revision, 3, field)
    list_field(revision, field)
    return revision.finish()


def words_about_the_file(sealed: bytes) -> bytes:
    """Another title, by the trailer."""
    revision = Revision(sealed)
    return revision.finish(trailer=b"/Info " + revision.add(b"<< /Title (Another) >>"))


def metadata(sealed: bytes) -> bytes:
    return _in_the_catalogue(
        sealed, b"/Metadata", stream(b"<x:xmpmeta/>", b"/Type /Metadata /Subtype /XML")
    )


def a_script(sealed: bytes) -> bytes:
    return _in_the_catalogue(sealed, b"/OpenAction", b"<< /S /JavaScript /JS (app.alert(1)) >>")


def an_attachment(sealed: bytes) -> bytes:
    return _in_the_catalogue(sealed, b"/Names", b"<< /EmbeddedFiles << /Names [] >> >>")


def layers(sealed: bytes) -> bytes:
    return _in_the_catalogue(sealed, b"/OCProperties", b"<< /OCGs [] /D << /BaseState /OFF >> >>")


def a_permission(sealed: bytes) -> bytes:
    """The old signature becomes one that certifies, which allows what was not allowed."""
    revision = Revision(sealed)
    number = revision.signature().objgen[0]
    root = revision.pdf.Root
    body = written(root)[:-2] + b" /Perms << /DocMDP %d 0 R >> >>" % number
    revision.put(root.objgen[0], body)
    return revision.finish()


def a_store_of_validation_data_with_more_in_it(sealed: bytes) -> bytes:
    """A /DSS may come later; beside it the page's content changes."""
    revision = Revision(sealed)
    revision.put(revision.page().Contents.objgen[0], WHITE)
    root = revision.pdf.Root
    revision.put(root.objgen[0], written(root)[:-2] + b" /DSS << /Certs [] >> >>")
    return revision.finish()


def validation_data(sealed: bytes, *, kind: bytes = b"/Certs", data: bytes | None = None) -> bytes:
    """A store of what is needed to verify later, which is no change."""
    revision = Revision(sealed)
    reference = data or revision.add(stream(b"a certificate"))
    root, store = revision.pdf.Root, revision.add(b"<< %b [ %b ] >>" % (kind, reference))
    if data is not None:
        revision.put(int(data.split()[0]), WHITE)
    revision.put(root.objgen[0], written(root)[:-2] + b" /DSS " + store + b" >>")
    return revision.finish()


def validation_data_that_is_the_page(kind: bytes, sealed: bytes) -> bytes:
    """The page's content is written anew, and the store names it as one of its own."""
    revision = Revision(sealed)
    content = b"%d 0 R" % revision.page().Contents.objgen[0]
    return validation_data(sealed, kind=kind, data=content)


def an_extension(sealed: bytes) -> bytes:
    revision = Revision(sealed)
    revision.pdf.Root.Lang = String("en")
    revision.pdf.Root.PageMode = Name.FullScreen
    revision.rewrite(revision.pdf.Root)
    return revision.finish()


def _in_the_catalogue(sealed: bytes, key: bytes, body: bytes) -> bytes:
    revision = Revision(sealed)
    root = revision.pdf.Root
    entry = b" %b %b >>" % (key, revision.add(body))
    revision.put(root.objgen[0], written(root)[:-2] + entry)
    return revision.finish()


PLAIN = (
    a_link, a_field_that_looks_like_a_seal, a_text_field, words_about_the_file, metadata, a_script,
    an_attachment, layers, a_permission, a_store_of_validation_data_with_more_in_it, an_extension,
)  # fmt: skip
ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    **{one.__name__: one for one in PLAIN},
    **{
        f"{kind.decode()} that are the page": partial(validation_data_that_is_the_page, kind)
        for kind in (b"/Certs", b"/CRLs", b"/OCSPs")
    },
    **{
        f"{kind.decode()} on page {page}": partial(an_annotation, kind, page)
        for kind in KINDS
        for page in (1, 3)
    },
}
