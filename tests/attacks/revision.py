"""A further revision written by hand, byte for byte, so that no library's care is in the way."""

import io
import re
from collections.abc import Mapping, Sequence

import pikepdf

from server.sealing.check_output import BYTE_RANGE

STARTXREF = re.compile(rb"startxref\s+(\d+)")


class Revision:
    """Objects that are appended to a file; `pdf` is the file, to read from and to copy from."""

    def __init__(self, before: bytes) -> None:
        self.before = before
        self.pdf = pikepdf.open(io.BytesIO(before))
        self.objects: dict[int, bytes] = {}
        self._next = int(self.pdf.trailer.Size)

    def page(self, number: int = 1) -> pikepdf.Object:
        return self.pdf.pages[number - 1].obj

    def field(self, index: int = 0) -> pikepdf.Object:
        return self.pdf.Root.AcroForm.Fields[index]

    def signature(self) -> pikepdf.Object:
        return self.field().V

    def put(self, number: int, body: bytes) -> None:
        """Under a number that may be taken."""
        self.objects[number] = body

    def add(self, body: bytes) -> bytes:
        """Under a new number; the reference to it."""
        self._next += 1
        self.objects[self._next - 1] = body
        return b"%d 0 R" % (self._next - 1)

    def rewrite(self, *items: pikepdf.Object) -> None:
        """Objects of `pdf`, as they are now."""
        for item in items:
            self.put(item.objgen[0], written(item))

    def finish(
        self, *, prev: int | None = None, root: bytes | None = None, trailer: bytes = b""
    ) -> bytes:
        """The file with this revision, its table of offsets and its trailer."""
        head = self.before if self.before.endswith(b"\n") else self.before + b"\n"
        body, offsets = bodies(self.objects, len(head))
        prev = last_table(self.before) if prev is None else prev
        entries = b"/Root %b %b" % (root or b"%d 0 R" % self.pdf.Root.objgen[0], trailer)
        end = table(offsets, self._next, prev, entries)
        at = len(head) + len(body)
        return head + body + end + b"startxref\n%d\n%%%%EOF\n" % at


def bodies(objects: Mapping[int, bytes], base: int) -> tuple[bytes, dict[int, int]]:
    """The objects one after the other, and where each stands in a file with `base` bytes before."""
    whole, offsets = b"", {}
    for number, body in objects.items():
        offsets[number] = base + len(whole)
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    return whole, offsets


def table(offsets: Mapping[int, int], size: int, prev: int, entries: bytes) -> bytes:
    """A classic table with one subsection for each object, and the trailer."""
    rows = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, offsets[number]) for number in sorted(offsets)
    )
    return b"xref\n%btrailer\n<< /Size %d /Prev %d %b >>\n" % (rows, size, prev, entries)


def written(item: pikepdf.Object) -> bytes:
    """An object as it stands in a file, without its number."""
    if isinstance(item, pikepdf.Stream):
        head = item.stream_dict.unparse()
        return head + b"\nstream\n" + item.read_raw_bytes() + b"\nendstream"
    return item.unparse(resolved=True)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def last_table(file: bytes) -> int:
    """Where the last table of offsets begins."""
    return int(STARTXREF.findall(file)[-1])


def gap(file: bytes, index: int = -1) -> tuple[int, int]:
    """Where "<" of a signature stands, and the byte after its ">"."""
    start, resume, _ = map(int, BYTE_RANGE.findall(file)[index])
    return start, resume


def numbers(values: Sequence[float]) -> pikepdf.Array:
    return pikepdf.Array(list(values))
