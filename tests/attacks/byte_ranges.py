"""Signature wrapping and universal forgery: the signature says oddly what it covers, or nothing."""

import re
from collections.abc import Callable
from functools import partial

import pikepdf
from pikepdf import Array, Name, String

from server.sealing.check_output import BYTE_RANGE
from tests.attacks.incremental import WHITE
from tests.attacks.revision import STARTXREF, Revision, bodies, gap, last_table, table, written


def wrapped(sealed: bytes, *, gap_to_the_end: bool = False) -> bytes:
    """The signed tail moves back; between the two signed parts stands another document.

    The old startxref now falls on a table of the attacker's. With `gap_to_the_end` the new
    dictionary's /Contents is written as one string as long as the whole gap.
    """
    start, resume = gap(sealed)
    xref_at, tail = last_table(sealed), sealed[resume:]
    begins = sealed.rindex(b"%%EOF", 0, start)
    revision = Revision(sealed)
    moved = {
        int(found[1]): found.start()
        for found in re.finditer(rb"(?m)^(\d+) 0 obj", sealed)
        if found.start() > begins
    }
    signature = revision.signature().objgen[0]
    size = int(revision.pdf.trailer.Size)
    trailer = b"/Root %d 0 R" % revision.pdf.Root.objgen[0]
    previous = int(STARTXREF.findall(sealed)[-2])

    def inserted(width: int) -> bytes:
        ranges = b"/ByteRange [0 %d %d %d]" % (start, resume + width, len(tail))
        body = BYTE_RANGE.sub(ranges, written(revision.signature()))
        new = {signature: body, revision.page().Contents.objgen[0]: WHITE}
        offsets = {one: at + (width if at > start else 0) for one, at in moved.items()}
        rows = table(offsets | dict.fromkeys(new, 0), size, previous, trailer)
        base = xref_at + len(rows)
        whole, places = bodies(new, base)
        return table(offsets | places, size, previous, trailer) + whole

    room = b"\n" * (xref_at - resume)
    width = len(room + inserted(0))
    while (grown := len(room + inserted(width))) != width:
        width = grown
    middle = room + inserted(width)
    contents = sealed[start:resume]
    if gap_to_the_end:
        contents, middle = contents[:-1] + b" ", middle[:-1] + b">"
    return sealed[:start] + contents + middle + tail


def with_range(text: bytes, sealed: bytes) -> bytes:
    """The signature dictionary is written again with another /ByteRange."""
    revision = Revision(sealed)
    signature = revision.signature()
    body, count = BYTE_RANGE.subn(b"/ByteRange " + text, written(signature))
    assert count == 1
    revision.put(signature.objgen[0], body)
    return revision.finish()


def with_entry(key: str, value: object, sealed: bytes) -> bytes:
    """The signature dictionary is written again with another entry; None takes it away."""

    def change(item: pikepdf.Object) -> None:
        if value is None:
            del item[key]
        else:
            item[key] = value

    return _dictionary(sealed, change)


def in_the_gap(make: Callable[[int], bytes], sealed: bytes) -> bytes:
    """What the ByteRange leaves out is replaced, which costs no signed byte."""
    start, resume = gap(sealed)
    contents = make(resume - start)
    assert len(contents) == resume - start
    return sealed[:start] + contents + sealed[resume:]


def something_behind_the_signature(sealed: bytes) -> bytes:
    """The zeros that fill up the room of the signature hold something."""
    _, resume = gap(sealed)
    return sealed[: resume - 5] + b"4141>" + sealed[resume:]


def the_range_in_place(sealed: bytes) -> bytes:
    """The signed ByteRange itself leaves the last revision's end out."""
    ranges = re.compile(rb"/ByteRange *\[0 (\d+) (\d+) (\d+)\]")
    found = list(ranges.finditer(sealed))[-1]
    shorter = b"%d]" % (int(found[3]) - 9)
    place = found.start(3)
    return sealed[:place] + shorter.ljust(found.end() - place) + sealed[found.end() :]


def a_value_in_the_field(sealed: bytes) -> bytes:
    """/V is a dictionary in the field itself, no object that could be looked up."""
    revision = Revision(sealed)
    signature = written(revision.signature())
    return _field(sealed, lambda body, old: body.replace(old, b"/V " + signature))


def no_value_in_the_field(sealed: bytes) -> bytes:
    return _field(sealed, lambda body, old: body.replace(old, b"/V null"))


def a_value_of_another_kind(sealed: bytes) -> bytes:
    return _field(sealed, lambda body, old: body.replace(old, b"/V [ (sealed) ]"))


def _dictionary(sealed: bytes, change: Callable[[pikepdf.Object], object]) -> bytes:
    revision = Revision(sealed)
    change(revision.signature())
    revision.rewrite(revision.signature())
    return revision.finish()


def _field(sealed: bytes, change: Callable[[bytes, bytes], bytes]) -> bytes:
    revision = Revision(sealed)
    field = revision.field()
    body, old = written(field), b"/V %d 0 R" % field.V.objgen[0]
    assert old in body
    revision.put(field.objgen[0], change(body, old))
    return revision.finish()


RANGES: dict[str, bytes] = {
    "empty": b"[]",
    "one pair": b"[0 100]",
    "three numbers": b"[0 100 200]",
    "five numbers": b"[0 100 200 100 7]",
    "nothing covered": b"[0 0 0 0]",
    "negative": b"[0 -1 -1 100]",
    "backwards": b"[0 200 100 100]",
    "beyond the end": b"[0 100 200 2147483648]",
    "huge": b"[0 9223372036854775808 18446744073709551616 99999999999999999999999999]",
    "the whole file, no gap": b"[0 1000000000 1000000000 0]",
    "not from the beginning": b"[10 100 200 100]",
    "broken numbers": b"[0 1.5 2.5 3.5]",
    "words": b"[/A /B /C /D]",
    "strings": b"[(0) (9) (9) (9)]",
    "null": b"null",
    "references": b"[1 0 R 2 0 R 3 0 R 4 0 R]",
}
ENTRIES: dict[str, tuple[str, object]] = {
    "no range": ("/ByteRange", None),
    "a number for a range": ("/ByteRange", 7),
    "a string for a range": ("/ByteRange", String("0 1 2 3")),
    "no contents": ("/Contents", None),
    "empty contents": ("/Contents", String("")),
    "one zero": ("/Contents", String("\0")),
    "a number for contents": ("/Contents", 0),
    "a name for contents": ("/Contents", Name("/A")),
    "a list for contents": ("/Contents", Array([])),
    "no format": ("/SubFilter", None),
    "an old format": ("/SubFilter", Name("/adbe.x509.rsa_sha1")),
    "an unknown format": ("/SubFilter", Name("/Guiyin.none")),
    "a time stamp's format": ("/SubFilter", Name("/ETSI.RFC3161")),
    "a kind of time stamp": ("/Type", Name("/DocTimeStamp")),
    "no filter": ("/Filter", None),
    "another time": ("/M", String("D:20200101000000Z")),
    "another name": ("/Name", String("另一家公司")),
}
GAPS: dict[str, Callable[[int], bytes]] = {
    "zeros": lambda size: b"<" + b"0" * (size - 2) + b">",
    "nothing": lambda size: b"<>".ljust(size),
    "null": lambda size: b"null".ljust(size),
    "a string": lambda size: b"(" + b"A" * (size - 2) + b")",
    "a reference": lambda size: b"1 0 R".ljust(size),
    "half a string": lambda size: b"<" + b"0" * (size - 1),
    "no hexadecimal": lambda size: b"<" + b"zz" * (size // 2 - 1) + b">",
    "an endless length": lambda size: b"<3084ffffffff" + b"0" * (size - 14) + b">",
    "nested without end": lambda size: b"<" + b"3080" * ((size - 2) // 4) + b"00" * (
        (size - 2) % 4 // 2
    ) + b">",
    "other keys": lambda size: b"<00>/Contents<00>".ljust(size),
}  # fmt: skip
FIELDS = (a_value_in_the_field, no_value_in_the_field, a_value_of_another_kind)
ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "wrapped": wrapped,
    "wrapped in one string": partial(wrapped, gap_to_the_end=True),
    "something behind the signature": something_behind_the_signature,
    "the range in place": the_range_in_place,
    **{one.__name__: one for one in FIELDS},
    **{f"range: {name}": partial(with_range, values) for name, values in RANGES.items()},
    **{f"entry: {name}": partial(with_entry, *entry) for name, entry in ENTRIES.items()},
    **{f"gap: {name}": partial(in_the_gap, make) for name, make in GAPS.items()},
}
