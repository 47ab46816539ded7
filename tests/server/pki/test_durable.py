"""Durable writes: the order of the steps, and what is left when one of them fails."""

from pathlib import Path

import pytest

from server.pki.durable import Disk, write_durably


class RecordingDisk(Disk):
    """Writes down each step, and fails at the step it is told to."""

    def __init__(self, fails_at: str | None = None) -> None:
        self.steps: list[str] = []
        self._fails_at = fails_at

    def write(self, path: Path, content: bytes, mode: int) -> None:
        self._step("write")
        super().write(path, content, mode)

    def fsync(self, descriptor: int) -> None:
        self._step("fsync")
        super().fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename")
        super().rename(source, target)

    def fsync_folder(self, folder: Path) -> None:
        self._step("folder")
        super().fsync_folder(folder)

    def _step(self, name: str) -> None:
        if name == self._fails_at:
            raise OSError(28, "no space left")
        self.steps.append(name)


@pytest.mark.row("R-20")
def test_content_reaches_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path,
) -> None:
    disk = RecordingDisk()
    write_durably(tmp_path / "blob", b"content", disk=disk)
    assert disk.steps == ["write", "fsync", "rename", "folder", "fsync"]
    assert (tmp_path / "blob").read_bytes() == b"content"


@pytest.mark.row("R-05")
@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_failed_write_leaves_the_old_content_and_no_remains(tmp_path: Path, step: str) -> None:
    target = tmp_path / "blob"
    target.write_bytes(b"old")
    with pytest.raises(OSError, match="no space"):
        write_durably(target, b"new", disk=RecordingDisk(step))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    write_durably(tmp_path / "blob", b"")
    assert (tmp_path / "blob").stat().st_mode & 0o777 == 0o600
