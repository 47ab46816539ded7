"""The digests of what a signature protects: all of a file but the gap where it stands."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

from cryptography.hazmat.primitives import hashes


@dataclass(frozen=True)
class Prefix:
    """The hashes of the first bytes of a file, held open so that the rest can be hashed on.

    `length` is how many bytes were hashed. Without `sm3` only what ordinary readers ask for.
    """

    length: int
    sha256: Any
    sm3: hashes.Hash | None

    @classmethod
    def of(cls, data: bytes | memoryview, *, national: bool = True) -> Self:
        """Hash these bytes once, with SM3 as well where seals will sign."""
        sm3 = hashes.Hash(hashes.SM3()) if national else None
        if sm3:
            sm3.update(data)
        return cls(len(data), sha256(data), sm3)

    def and_then(self, tail: bytes | memoryview) -> Self:
        """The hashes of these bytes and of those that follow them."""
        if self.sm3 is None:
            raise ValueError("these bytes were not hashed for seals")
        plain, national = self.sha256.copy(), self.sm3.copy()
        plain.update(tail)
        national.update(tail)
        return replace(self, length=self.length + len(tail), sha256=plain, sm3=national)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes themselves."""
        digest: str = self.sha256.hexdigest()
        return digest

    @property
    def sm3_digest(self) -> str:
        """SM3 (hex) of the bytes themselves."""
        return Covered(self, b"", self.length, self.length).sm3().hex()


@dataclass(frozen=True)
class Covered:
    """A file but the gap from `start` to `resume`, which lies in its `tail`.

    `tail` is what follows the bytes that `prefix` has hashed; the offsets count from the file's
    beginning.
    """

    prefix: Prefix
    tail: bytes | bytearray | memoryview
    start: int
    resume: int

    @property
    def about(self) -> str:
        """The covered bytes in words, as the signature dictionary says them."""
        end = self.prefix.length + len(self.tail)
        return f"/ByteRange [0 {self.start} {self.resume} {end - self.resume}]"

    def sha256(self) -> bytes:
        digest = self.prefix.sha256.copy()
        for part in self._parts():
            digest.update(part)
        value: bytes = digest.digest()
        return value

    def sm3(self) -> bytes:
        if self.prefix.sm3 is None:
            raise ValueError("these bytes were not hashed for seals")
        digest = self.prefix.sm3.copy()
        for part in self._parts():
            digest.update(part)
        return digest.finalize()

    def _parts(self) -> tuple[memoryview, memoryview]:
        tail, before = memoryview(self.tail), self.prefix.length
        return tail[: self.start - before], tail[self.resume - before :]


def covered(file: bytes, start: int, resume: int) -> Covered:
    """What a signature in this gap covers, hashed from the beginning."""
    return Covered(Prefix.of(b""), file, start, resume)


def byte_range_digest(sealed: bytes, start: int, resume: int) -> bytes:
    """SHA-256 of everything before `start` and from `resume` on."""
    return covered(sealed, start, resume).sha256()


def byte_range_sm3(sealed: bytes, start: int, resume: int) -> bytes:
    """SM3 of the same bytes."""
    return covered(sealed, start, resume).sm3()
