"""What every storage of blobs must do."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest

from server.core.clock import SystemClock
from server.providers.storage import BadDigest, BlobNotFound, Storage
from server.providers.storage.local import LocalStorage

PDF = b"%PDF-1.7 ..."
DIGEST = hashlib.sha256(PDF).hexdigest()
# A store may note times a little coarser than a clock shows them.
MOMENT = timedelta(seconds=2)


@pytest.fixture(params=["local"])
def storage(tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "blobs")


def test_a_blob_is_kept_under_the_digest_of_its_content(storage: Storage) -> None:
    assert storage.put(PDF) == DIGEST
    assert storage.get(DIGEST) == PDF


@pytest.mark.parametrize("size", [0, 20 * 1024 * 1024])
def test_an_empty_blob_and_one_of_20_mib_come_back(storage: Storage, size: int) -> None:
    content = b"\x00" * size
    assert storage.get(storage.put(content)) == content


def test_a_stream_gives_the_same_bytes(storage: Storage) -> None:
    storage.put(PDF)
    with storage.open(DIGEST) as stream:
        assert stream.read(4) == b"%PDF"
        assert stream.read() == PDF[4:]


def test_the_same_bytes_are_one_blob(storage: Storage) -> None:
    assert storage.put(PDF) == storage.put(PDF)
    assert list(storage.digests()) == [DIGEST]


def test_what_was_never_stored_is_named(storage: Storage) -> None:
    assert not storage.exists(DIGEST)
    with pytest.raises(BlobNotFound):
        storage.get(DIGEST)
    with pytest.raises(BlobNotFound):
        storage.open(DIGEST)


def test_a_deleted_blob_is_gone_and_deleting_is_repeatable(storage: Storage) -> None:
    storage.put(PDF)
    kept = storage.put(b"kept")
    storage.delete(DIGEST)
    storage.delete(DIGEST)
    assert not storage.exists(DIGEST)
    assert list(storage.digests()) == [kept]


def test_a_blob_has_the_time_at_which_it_was_put_last(storage: Storage) -> None:
    begun = SystemClock().now() - MOMENT
    storage.put(PDF)
    first = storage.stored_at(DIGEST)
    storage.put(PDF)
    assert begun <= first <= storage.stored_at(DIGEST) <= SystemClock().now() + MOMENT


def test_what_is_not_stored_has_no_time(storage: Storage) -> None:
    with pytest.raises(BlobNotFound):
        storage.stored_at(DIGEST)


def test_clearing_remains_leaves_every_blob(storage: Storage) -> None:
    storage.put(PDF)
    storage.clear_remains(SystemClock().now() + timedelta(hours=1))
    assert storage.get(DIGEST) == PDF


@pytest.mark.row("S-43")
@pytest.mark.parametrize(
    "name",
    ["", "..", "../" * 3 + "etc/passwd", DIGEST.upper(), DIGEST[:-1], DIGEST + "0",
     DIGEST + "\n", "/" + DIGEST[1:], "g" * 64, DIGEST[:-1] + "٣"],
)  # fmt: skip
def test_a_name_that_is_no_digest_is_refused(storage: Storage, name: str) -> None:
    for call in (
        storage.get,
        storage.open,
        storage.exists,
        storage.stored_at,
        storage.delete,
    ):
        with pytest.raises(BadDigest):
            call(name)
