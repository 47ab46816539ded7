"""Files that are whole or absent, even after a power cut: fsync, rename, fsync of the folder."""

import os
import secrets
from pathlib import Path


class Disk:
    """The steps that a durable write is made of; tests hand in one that records or fails."""

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """Write a new file and bring its content to the disk before returning."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            self.fsync(file.fileno())

    def fsync(self, descriptor: int) -> None:
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        source.replace(target)

    def fsync_folder(self, folder: Path) -> None:
        """Bring the names in a folder to the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_durably(
    path: Path, content: bytes, *, mode: int = 0o600, disk: Disk | None = None
) -> None:
    """Put `content` at `path`, replacing what was there; raises OSError and leaves no remains."""
    disk = disk or Disk()
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        disk.write(fresh, content, mode)
        disk.rename(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    disk.fsync_folder(path.parent)
