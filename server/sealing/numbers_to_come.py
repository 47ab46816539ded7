"""References to objects that do not exist yet: our revision would give them away.

New objects are numbered from /Size on (ISO 32000-1 7.5.6). A file that names such a number shows
nothing there today, and after the sealing whatever got the number: a seal, where nobody put it.
"""

import io
import re
from collections.abc import Iterator
from typing import Final

import pikepdf

# More than all revisions of a file together will ever number.
MOST_TO_COME: Final = 1_000_000
# Wider than the norm: some readers take 10.0 for a number, and need no space before the R.
GAP: Final = rb"(?:[\0\s]|%[^\r\n]*+[\r\n])"
REFERENCE: Final = re.compile(
    rb"(\d(?<!\d\d)\d*+)(?:\.0*+)?+" + GAP + rb"++(\d++)" + GAP + rb"*+R(?![A-Za-z0-9])"
)
LONGEST_NUMBER: Final = 10
LONGEST_GENERATION: Final = 5
WORDS: Final = re.compile(rb"\((?:\\.|[^\\()])*+\)", re.DOTALL)  # as qpdf writes strings
LAST_SECTION: Final = re.compile(rb"startxref\s+(\d+)")


def may_name_numbers_to_come(data: bytes, pdf: pikepdf.Pdf) -> bool:
    """Whether anything in the file looks like such a reference; chance bytes may look so too."""
    return bool(_candidates(data, pdf))


def names_numbers_to_come(data: bytes, pdf: pikepdf.Pdf) -> bool:
    """Whether an object of the file really refers to a number that is not given yet.

    Decided by qpdf, which hides such references unless the numbers are there: so it reads the
    file with a revision on top that has them. Where qpdf has to guess at the file, others may guess
    differently: then whatever looks like a reference is one.
    """
    candidates = _candidates(data, pdf)
    if not candidates:
        return False
    old = {entry.objgen for entry in pdf.objects if entry is not None}
    with pikepdf.open(io.BytesIO(_filled(data, pdf, candidates))) as filled:
        texts = (_text(filled.get_object(at)) for at in old)
        return any(not candidates.isdisjoint(_references(text)) for text in texts) or bool(
            filled.get_warnings()
        )


def _candidates(data: bytes, pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    size = int(pdf.trailer.get("/Size", 0))
    texts = (data, *_object_streams(pdf))
    return {at for text in texts for at in _references(text) if size <= at[0] < size + MOST_TO_COME}


def _object_streams(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Stream) and "/First" in entry.stream_dict:
            yield entry.read_bytes()


def _references(text: bytes) -> Iterator[tuple[int, int]]:
    for found in REFERENCE.finditer(text):
        number, generation = (digits.lstrip(b"0") or b"0" for digits in found.groups())
        if len(number) <= LONGEST_NUMBER and len(generation) <= LONGEST_GENERATION:
            yield int(number), int(generation)


def _text(item: pikepdf.Object) -> bytes:
    whole = item.stream_dict if isinstance(item, pikepdf.Stream) else item
    text = whole.unparse(resolved=True) if isinstance(whole, pikepdf.Object) else b""
    return WORDS.sub(b"()", text)


def _filled(data: bytes, pdf: pikepdf.Pdf, candidates: set[tuple[int, int]]) -> bytes:
    """The file with a revision that gives all these numbers away; qpdf leaves out what is null."""
    written, rows = bytearray(data + b"\n"), []
    for number, generation in sorted(candidates):
        rows.append(b"%d 1\n%010d %05d n \n" % (number, len(written), generation))
        written += b"%d %d obj\n0\nendobj\n" % (number, generation)
    begins, previous = len(written), LAST_SECTION.findall(data)[-1]
    size = max(number for number, _ in candidates) + 1
    root = b"%d %d R" % pdf.Root.objgen
    trailer = b"trailer\n<< /Size %d /Root %b /Prev %b >>\n" % (size, root, previous)
    return bytes(written + b"xref\n" + b"".join(rows) + trailer) + (
        b"startxref\n%d\n%%%%EOF\n" % begins
    )
