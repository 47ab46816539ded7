"""What this process remembers of documents: their hashes, held open, and their skeletons.

A document is known again by a tag over all its bytes, under a key that this process drew and that
nobody sees. So whoever asks for the hashes of some bytes gets the hashes of these very bytes:
two documents share a tag by chance only, in less than one of 2**100 cases at 20 MiB, and nobody
who has not the key can look for such a pair. The tag costs a twentieth of the hashes.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final, Generic, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.sealing.byte_range import Prefix
from server.sealing.sandbox import Sandbox
from server.sealing.skeleton import Skeleton, read_skeleton

T = TypeVar("T")

MOST_DOCUMENTS = 256
MOST_SKELETON_BYTES = 256 * 2**10
NONCE: Final = bytes(12)  # one for all: a tag never leaves this process


@dataclass(frozen=True)
class _Read:
    """The skeleton of a document; None where pyHanko has to do it."""

    skeleton: Skeleton | None


class _Kept(Generic[T]):
    """What was kept under the tags that were asked for lately."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._values: OrderedDict[bytes, T] = OrderedDict()

    def get(self, tag: bytes) -> T | None:
        with self._lock:
            if tag in self._values:
                self._values.move_to_end(tag)
            return self._values.get(tag)

    def keep(self, tag: bytes, value: T) -> None:
        with self._lock:
            self._values[tag] = value
            self._values.move_to_end(tag)
            while len(self._values) > MOST_DOCUMENTS:
                self._values.popitem(last=False)


class KnownDocuments:
    """The documents that this process has met lately; safe to share between threads."""

    def __init__(self, most_skeleton_bytes: int = MOST_SKELETON_BYTES) -> None:
        self._most_skeleton_bytes = most_skeleton_bytes
        self._key = AESGCM(AESGCM.generate_key(128))
        self._prefixes: _Kept[Prefix] = _Kept()
        self._read: _Kept[_Read] = _Kept()

    def learn(self, document: bytes, sandbox: Sandbox) -> Prefix:
        """Do at once what a sealing would have to do first: read it, and hash it by both hashes.

        Raises what `Sandbox.run` raises.
        """
        self.skeleton_of(document, sandbox)
        return self.prefix_of(document)

    def prefix_of(self, data: bytes | memoryview, *, national: bool = True) -> Prefix:
        """The hashes of these bytes, with SM3 as well where seals will sign."""
        tag = self._tag(data)
        known = self._prefixes.get(tag)
        if known is None or (national and known.sm3 is None):
            known = Prefix.of(data, national=national)
            self._prefixes.keep(tag, known)
        return known

    def grown(self, file: bytes, length: int) -> Prefix:
        """The hashes of a file whose first bytes, so many, are likely to be known."""
        before, tail = memoryview(file)[:length], memoryview(file)[length:]
        whole = self.prefix_of(before).and_then(tail)
        self._prefixes.keep(self._tag(file), whole)
        return whole

    def skeleton_of(self, document: bytes, sandbox: Sandbox) -> Skeleton | None:
        """What a revision needs to know of this document, read in the sandbox when it is new.

        None where pyHanko has to do it. Raises what `Sandbox.run` raises.
        """
        tag = self._tag(document)
        known = self._read.get(tag)
        if known is None:
            known = _Read(sandbox.run(read_skeleton, document))
            if known.skeleton is None or known.skeleton.weight <= self._most_skeleton_bytes:
                self._read.keep(tag, known)
        return known.skeleton

    def _tag(self, data: bytes | memoryview) -> bytes:
        return self._key.encrypt(NONCE, b"", data)
