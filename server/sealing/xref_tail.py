"""The last cross-reference section of a PDF: which objects were written last, and from where on."""

import re
from dataclasses import dataclass

import pikepdf

START = re.compile(rb"startxref[\r\n ]+(\d+)[\r\n ]+%%EOF[\r\n ]*\Z")
HEADER = re.compile(rb"(\d+) (\d+) ?\r?\n?")
STREAM = re.compile(rb"(\d+) (\d+) obj\b")
ENTRY_BYTES, TAIL_BYTES = 20, 64
MOST_OBJECTS = 100_000


@dataclass(frozen=True)
class Tail:
    """`objects` are the numbers that the section defines, `begins` is the offset of the first."""

    objects: frozenset[int]
    begins: int


def last_section(pdf: pikepdf.Pdf, data: bytes) -> Tail | None:
    """The last section; None when it frees objects, has two forms, or is not plainly written."""
    found = START.search(data, max(0, len(data) - TAIL_BYTES))
    at = int(found[1]) if found else len(data)
    if data[at : at + 4] == b"xref":
        return _of_table(data, at)
    stream = STREAM.match(data, at)
    return _of_stream(pdf, int(stream[1]), int(stream[2])) if stream else None


def _of_table(data: bytes, at: int) -> Tail | None:
    objects: dict[int, int] = {}
    at += len(b"xref")
    while data[at : at + 1] in (b"\r", b"\n", b" "):
        at += 1
    while header := HEADER.match(data, at):
        first, count = int(header[1]), int(header[2])
        at = header.end()
        if count > MOST_OBJECTS:
            return None
        for number in range(first, first + count):
            entry = data[at : at + ENTRY_BYTES]
            at += ENTRY_BYTES
            if entry[17:18] == b"n":
                objects[number] = int(entry[:10])
            elif number != 0:
                return None
    trailer = data[at:]
    if not trailer.startswith(b"trailer") or b"/XRefStm" in trailer or not objects:
        return None
    return Tail(frozenset(objects), min(objects.values()))


def _of_stream(pdf: pikepdf.Pdf, number: int, generation: int) -> Tail | None:
    section = pdf.get_object(number, generation)
    if not isinstance(section, pikepdf.Stream) or section.get("/Type") != "/XRef":
        return None
    widths = [int(width) for width in section["/W"]]
    ranges = [int(n) for n in section.get("/Index", [0, int(section["/Size"])])]
    rows = section.read_bytes()
    numbers = [
        first + step
        for first, count in zip(ranges[::2], ranges[1::2], strict=True)
        for step in range(min(count, MOST_OBJECTS))
    ]
    size = sum(widths)
    if len(widths) != 3 or size == 0 or len(rows) != size * len(numbers):
        return None
    objects: set[int] = set()
    places: list[int] = []
    for place, one in enumerate(numbers):
        row = rows[place * size : (place + 1) * size]
        kind = int.from_bytes(row[: widths[0]]) if widths[0] else 1
        if kind not in (1, 2):
            if one != 0:
                return None
            continue
        objects.add(one)
        if kind == 1:
            places.append(int.from_bytes(row[widths[0] : widths[0] + widths[1]]))
    return Tail(frozenset(objects), min(places)) if places else None
