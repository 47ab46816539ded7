"""Local storage: what survives an interrupted or refused write, and damage."""

import hashlib
from pathlib import Path

import pytest

from server.pki.durable import Disk
from server.providers.storage import BlobDamaged, StorageUnavailable
from server.providers.storage.local import LocalStorage

BLOB = b"%PDF-1.7 sealed"
DIGEST = hashlib.sha256(BLOB).hexdigest()


class PowerCut(BaseException):
    """Nothing after this runs, as with `kill -9`: not even the cleaning up after an OSError."""


class FailingDisk(Disk):
    """Records the steps; fails with `failure` at the named one."""

    def __init__(self, step: str = "", failure: BaseException | None = None) -> None:
        self.steps: list[str] = []
        self._step, self._failure = step, failure

    def write(self, path: Path, content: bytes, mode: int) -> None:
        super().write(path, content, mode)
        self._reach("written")

    def rename(self, source: Path, target: Path) -> None:
        self._reach("rename")
        super().rename(source, target)

    def fsync(self, descriptor: int) -> None:
        super().fsync(descriptor)
        self._reach("fsync")

    def fsync_folder(self, folder: Path) -> None:
        super().fsync_folder(folder)
        self._reach(f"folder {folder.name}")

    def _reach(self, step: str) -> None:
        self.steps.append(step)
        if step == self._step and self._failure is not None:
            raise self._failure


@pytest.mark.row("R-20")
def test_a_put_returns_only_when_content_and_both_names_are_on_the_disk(tmp_path: Path) -> None:
    disk = FailingDisk()
    storage = LocalStorage(tmp_path / "blobs", disk)
    disk.steps.clear()
    storage.put(BLOB)
    named = [step for step in disk.steps if step != "fsync"]
    assert named == ["folder blobs", "written", "rename", f"folder {DIGEST[:2]}"]
    assert disk.steps.index("written") > disk.steps.index("fsync", 1)


@pytest.mark.row("R-20")
@pytest.mark.parametrize("step", ["written", "rename", f"folder {DIGEST[:2]}"])
def test_an_interrupted_put_leaves_a_whole_blob_or_none(tmp_path: Path, step: str) -> None:
    broken = LocalStorage(tmp_path, FailingDisk(step, PowerCut()))
    with pytest.raises(PowerCut):
        broken.put(BLOB)
    after = LocalStorage(tmp_path)
    assert after.exists(DIGEST) == (step not in ("written", "rename"))
    assert list(after.digests()) == [DIGEST] * after.exists(DIGEST)
    assert after.put(BLOB) == DIGEST
    assert after.get(DIGEST) == BLOB


@pytest.mark.row("R-05")
def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    full = LocalStorage(tmp_path, FailingDisk("written", OSError(28, "no space left")))
    with pytest.raises(StorageUnavailable) as refused:
        full.put(BLOB)
    assert refused.value.details == {"errno": 28}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.row("R-19")
def test_damaged_bytes_are_not_given_out_and_a_new_put_heals_them(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.put(BLOB)
    (tmp_path / DIGEST[:2] / DIGEST).write_bytes(b"swapped")
    with pytest.raises(BlobDamaged):
        storage.get(DIGEST)
    storage.put(BLOB)
    assert storage.get(DIGEST) == BLOB


def test_blobs_are_for_their_owner_only(tmp_path: Path) -> None:
    LocalStorage(tmp_path / "blobs").put(BLOB)
    for path in (tmp_path / "blobs").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
