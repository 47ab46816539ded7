"""Storage of blobs under the SHA-256 of their content."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, ClassVar, Protocol

from server.core.errors import Invalid, NotFound, Unavailable


class BlobNotFound(NotFound):
    """Nothing is stored under this digest."""

    code = "blob_not_found"
    message = ("文件不存在。", "The file does not exist.")
    next_step = ("请返回后重新选择文件。", "Go back and choose the file again.")


class BlobDamaged(Unavailable):
    """The stored bytes no longer have the digest that they are stored under."""

    code = "blob_damaged"
    message = ("文件已损坏，无法使用。", "The stored file is damaged.")
    next_step = ("请联系客服，系统会从备份恢复。", "Please contact support to restore it.")


class BadDigest(Invalid):
    """A blob's name is 64 lower-case hex digits and nothing else."""

    code = "bad_digest"
    message = ("文件编号有误。", "This is not the name of a stored file.")
    next_step = ("请返回后重新选择文件。", "Go back and choose the file again.")


class StorageUnavailable(Unavailable):
    """The store cannot write or read now, for instance because the disk is full."""

    code = "storage_unavailable"
    message = ("文件暂时无法保存。", "Files cannot be stored for the moment.")
    next_step = ("请稍后再试。", "Please try again later.")


class Storage(Protocol):
    """Content-addressed: the same bytes are the same blob. Calls may raise StorageUnavailable."""

    development_only: ClassVar[bool]

    def put(self, content: bytes) -> str:
        """Store durably and give the SHA-256 (hex); repeating it changes nothing."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes, checked against the digest; raises BlobNotFound, BlobDamaged, BadDigest."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """The bytes as an unchecked stream for downloads; the caller closes it. BlobNotFound."""
        ...

    def exists(self, digest: str) -> bool:
        """Raises BadDigest."""
        ...

    def stored_at(self, digest: str) -> datetime:
        """When it was put last, by the clock of the store; raises BlobNotFound, BadDigest."""
        ...

    def delete(self, digest: str) -> None:
        """Remove the blob if it is there."""
        ...

    def clear_remains(self, before: datetime) -> None:
        """Remove what writes that were interrupted before then have left behind."""
        ...

    def digests(self) -> Iterator[str]:
        """The digests of all whole blobs, in no order."""
        ...
