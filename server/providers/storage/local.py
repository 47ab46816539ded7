"""Blobs in a local folder: `ab/abcd…` for each digest, whole or absent at any moment."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ClassVar

from server.pki.durable import Disk, write_durably
from server.providers.storage import BadDigest, BlobDamaged, BlobNotFound, StorageUnavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHARD_LETTERS = 2


class LocalStorage:
    """One folder, shared by all processes of one machine."""

    development_only: ClassVar[bool] = False

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self._folder, self._disk = folder, disk or Disk()
        with _named_failures():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._disk.fsync_folder(folder.parent)

    def put(self, content: bytes) -> str:
        """See Storage.put.

        A blob that is there already is written again: its first writer may not have reached the
        disk yet, and a damaged one is healed.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        with _named_failures():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._disk.fsync_folder(self._folder)
            write_durably(path, content, disk=self._disk)
        return digest

    def get(self, digest: str) -> bytes:
        """See Storage.get."""
        with self.open(digest) as stream, _named_failures():
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != digest:
            raise BlobDamaged(digest=digest)
        return content

    def open(self, digest: str) -> BinaryIO:
        """See Storage.open."""
        with _named_failures():
            try:
                return self._path(digest).open("rb")
            except FileNotFoundError as error:
                raise BlobNotFound from error

    def exists(self, digest: str) -> bool:
        """See Storage.exists."""
        with _named_failures():
            return self._path(digest).exists()

    def stored_at(self, digest: str) -> datetime:
        """See Storage.stored_at."""
        with _named_failures():
            try:
                return _written_at(self._path(digest))
            except FileNotFoundError as error:
                raise BlobNotFound from error

    def delete(self, digest: str) -> None:
        """See Storage.delete."""
        with _named_failures():
            self._path(digest).unlink(missing_ok=True)

    def clear_remains(self, before: datetime) -> None:
        """See Storage.clear_remains."""
        with _named_failures():
            for path in self._folder.glob("??/.*.new"):
                # A write that is under way may end, and its file be gone, at any moment.
                with suppress(FileNotFoundError):
                    if _written_at(path) < before:
                        path.unlink()

    def digests(self) -> Iterator[str]:
        """See Storage.digests. What an interrupted write left behind is not a blob."""
        for path in self._folder.glob("??/*"):
            if _DIGEST.fullmatch(path.name):
                yield path.name

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise BadDigest
        return self._folder / digest[:_SHARD_LETTERS] / digest


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # The number says why (28: the disk is full); the path stays out of the answer.
        raise StorageUnavailable(errno=error.errno) from error
