"""Tables of offsets that lie: two readers of such a file see two documents."""

import struct
import zlib
from collections.abc import Callable

from tests.attacks.incremental import WHITE
from tests.attacks.revision import STARTXREF, Revision, bodies, last_table, stream, table


def history_left_out(sealed: bytes) -> bytes:
    """A revision whose /Prev goes back before the seals, and that lists their objects itself."""
    tables = [int(at) for at in STARTXREF.findall(sealed)]
    revision = Revision(sealed)
    number = revision.page().Contents.objgen[0]
    body, offsets = bodies({number: WHITE}, len(sealed))
    for known in range(1, int(revision.pdf.trailer.Size)):
        at = sealed.rfind(b"\n%d 0 obj" % known)
        if at > tables[0] and known != number:
            offsets[known] = at + 1
    entries = b"/Root %d 0 R" % revision.pdf.Root.objgen[0]
    end = table(offsets, int(revision.pdf.trailer.Size), tables[0], entries)
    at = len(sealed) + len(body)
    return sealed + body + end + b"startxref\n%d\n%%%%EOF\n" % at


def an_endless_history(sealed: bytes) -> bytes:
    """The last table names itself as the one before."""
    return Revision(sealed).finish(prev=len(sealed))


def a_hybrid_table(sealed: bytes) -> bytes:
    """A classic table that changes nothing, and /XRefStm beside it, which does."""
    revision = Revision(sealed)
    number = revision.page().Contents.objgen[0]
    at, size = len(sealed), int(revision.pdf.trailer.Size)
    body = b"%d 0 obj\n%b\nendobj\n" % (number, WHITE)
    xref_at = at + len(body)
    rows = struct.pack(">BIH", 1, at, 0)
    entries = b"/Type /XRef /W [1 4 2] /Index [%d 1] /Size %d /Root %d 0 R" % (
        number, size + 1, revision.pdf.Root.objgen[0],
    )  # fmt: skip
    hidden = b"%d 0 obj\n%b\nendobj\n" % (size, stream(rows, entries))
    trailer = b"/Root %d 0 R /XRefStm %d" % (revision.pdf.Root.objgen[0], xref_at)
    end = table({}, size + 1, last_table(sealed), trailer).replace(b"xref\n", b"xref\n0 0\n", 1)
    start = xref_at + len(hidden)
    return sealed + body + hidden + end + b"startxref\n%d\n%%%%EOF\n" % start


def an_object_stream_that_overrides(sealed: bytes) -> bytes:
    """The page's dictionary comes out of a deflated stream now."""
    revision = Revision(sealed)
    page = revision.page()
    content = revision.add(WHITE)
    number = page.objgen[0]
    size = int(content.split()[0]) + 1
    inside = page.unparse(resolved=True)
    old = b"/Contents %d 0 R" % page.Contents.objgen[0]
    assert old in inside
    head = b"%d 0 " % number
    packed = zlib.compress(head + inside.replace(old, b"/Contents " + content))
    entries = b"/Type /ObjStm /N 1 /First %d /Filter /FlateDecode" % len(head)
    new = {size - 1: WHITE, size: stream(packed, entries)}
    body, offsets = bodies(new, len(sealed))
    at = len(sealed) + len(body)
    rows = [(number, (2, size, 0)), *((one, (1, where, 0)) for one, where in offsets.items())]
    rows = sorted([*rows, (size + 1, (1, at, 0))])
    index = b" ".join(b"%d 1" % one for one, _ in rows)
    table_of = b"".join(struct.pack(">BIH", *row) for _, row in rows)
    said = b"/Type /XRef /W [1 4 2] /Index [%b] /Size %d /Root %d 0 R /Prev %d" % (
        index, size + 2, revision.pdf.Root.objgen[0], last_table(sealed),
    )  # fmt: skip
    xref = b"%d 0 obj\n%b\nendobj\n" % (size + 1, stream(table_of, said))
    return sealed + body + xref + b"startxref\n%d\n%%%%EOF\n" % at


def one_number_twice(sealed: bytes) -> bytes:
    """Two bodies of the same content stream, and a table that names both."""
    revision = Revision(sealed)
    number = revision.page().Contents.objgen[0]
    was = b"%d 0 obj\n%b\nendobj\n" % (number, WHITE)
    old = sealed.find(b"\n%d 0 obj" % number) + 1
    rows = b"%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (number, old, number, len(sealed))
    at = len(sealed) + len(was)
    end = table({}, int(revision.pdf.trailer.Size), last_table(sealed), _root(revision))
    end = end.replace(b"xref\n", b"xref\n" + rows, 1)
    return sealed + was + end + b"startxref\n%d\n%%%%EOF\n" % at


def another_generation(sealed: bytes) -> bytes:
    """The content stream comes as generation 1, and the page points at that."""
    revision = Revision(sealed)
    page = revision.page()
    number = page.Contents.objgen[0]
    body = b"%d 1 obj\n%b\nendobj\n" % (number, WHITE)
    place = len(sealed) + len(body)
    old = b"/Contents %d 0 R" % number
    changed = page.unparse(resolved=True).replace(old, b"/Contents %d 1 R" % number)
    body += b"%d 0 obj\n%b\nendobj\n" % (page.objgen[0], changed)
    rows = b"%d 1\n%010d 00001 n \n%d 1\n%010d 00000 n \n" % (
        number, len(sealed), page.objgen[0], place,
    )  # fmt: skip
    end = table({}, int(revision.pdf.trailer.Size), last_table(sealed), _root(revision))
    at = len(sealed) + len(body)
    end = end.replace(b"xref\n", b"xref\n" + rows, 1)
    return sealed + body + end + b"startxref\n%d\n%%%%EOF\n" % at


def a_freed_field(sealed: bytes) -> bytes:
    """The table calls the first seal's field free."""
    revision = Revision(sealed)
    rows = b"%d 1\n0000000000 00001 f \n" % revision.field().objgen[0]
    end = table({}, int(revision.pdf.trailer.Size), last_table(sealed), _root(revision))
    end = end.replace(b"xref\n", b"xref\n" + rows, 1)
    return sealed + end + b"startxref\n%d\n%%%%EOF\n" % len(sealed)


def junk_behind(sealed: bytes) -> bytes:
    return sealed + b"PK\x03\x04 an archive, or a script"


def junk_in_front(sealed: bytes) -> bytes:
    return b"MZ a program\n" + sealed


def two_files_in_one(sealed: bytes) -> bytes:
    """A whole other document behind the sealed one, with offsets that begin anew."""
    return sealed + sealed[: STARTXREF.search(sealed).start()].replace(b"0.7 G", b"0.1 G")


def cut_short(sealed: bytes) -> bytes:
    return sealed[: sealed.rindex(b"startxref")]


def _root(revision: Revision) -> bytes:
    return b"/Root %d 0 R" % revision.pdf.Root.objgen[0]


ATTACKS: tuple[Callable[[bytes], bytes], ...] = (
    history_left_out, an_endless_history, a_hybrid_table, an_object_stream_that_overrides,
    one_number_twice, another_generation, a_freed_field, junk_behind, junk_in_front,
    two_files_in_one, cut_short,
)  # fmt: skip
