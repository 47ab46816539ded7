"""Objects that are appended to a file, with the cross-reference section that finds them."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from server.sealing.pdf_syntax import stream
from server.sealing.skeleton import Ref, Skeleton

ID_BYTES = 16


class Appended:
    """New and changed objects of one revision, by where they are in the file."""

    def __init__(self, skeleton: Skeleton) -> None:
        self.skeleton = skeleton
        self.objects: dict[Ref, bytes] = {}
        self._next = skeleton.size

    def add(self, content: bytes) -> Ref:
        """Give an object the next number."""
        at = Ref(self._next, 0)
        self._next += 1
        self.objects[at] = content
        return at

    def written(self, marked: Ref) -> tuple[bytearray, int]:
        """The whole revision, and where in it the content of the marked object begins."""
        written, offsets, place = bytearray(self.skeleton.separator), {}, 0
        for at, content in sorted(self.objects.items()):
            offsets[at] = self.skeleton.length + len(written)
            written += b"%d %d obj\n" % at
            place = len(written) if at == marked else place
            written += content + b"\nendobj\n"
        begins = self.skeleton.length + len(written)
        identity = sha256(written).digest()[:ID_BYTES]
        section = self._stream if self.skeleton.by_stream else self._table
        written += section(offsets, begins, self._trailer(identity))
        written += b"startxref\n%d\n%%%%EOF\n" % begins
        return written, place

    def _trailer(self, identity: bytes) -> bytes:
        first = self.skeleton.id or identity
        return b"/Root %d %d R /Prev %d /ID [<%b> <%b>] %b" % (
            *self.skeleton.root,
            self.skeleton.previous,
            first.hex().encode(),
            identity.hex().encode(),
            self.skeleton.trailer,
        )

    def _table(self, offsets: dict[Ref, int], _begins: int, trailer: bytes) -> bytes:
        """ISO 32000-1 7.5.4: each row is exactly 20 bytes long."""
        parts = [b"xref\n"]
        for run in _runs(list(offsets)):
            parts.append(b"%d %d\n" % (run[0].number, len(run)))
            parts += [b"%010d %05d n \n" % (offsets[at], at.generation) for at in run]
        return b"".join(parts) + b"trailer\n<< /Size %d %b >>\n" % (self._next, trailer)

    def _stream(self, offsets: dict[Ref, int], begins: int, trailer: bytes) -> bytes:
        """ISO 32000-1 7.5.8: the stream lists itself too."""
        own = Ref(self._next, 0)
        offsets = {**offsets, own: begins}
        rows = b"".join(
            b"\1" + offset.to_bytes(8) + at.generation.to_bytes(2) for at, offset in offsets.items()
        )
        index = b" ".join(b"%d %d" % (run[0].number, len(run)) for run in _runs(list(offsets)))
        entries = b"/Type /XRef /W [1 8 2] /Index [%b] /Size %d " % (index, own.number + 1)
        return b"%d 0 obj\n%b\nendobj\n" % (own.number, stream(entries + trailer, rows))


def _runs(places: Sequence[Ref]) -> Iterator[list[Ref]]:
    """Objects whose numbers follow each other."""
    run: list[Ref] = []
    for at in places:
        if run and at.number != run[-1].number + 1:
            yield run
            run = []
        run.append(at)
    yield run
