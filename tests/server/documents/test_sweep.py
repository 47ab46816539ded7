"""Orphaned blobs are swept; what a document names, or soon may name, is never touched."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from server.core.clock import SystemClock
from server.core.db import Base, Database
from server.core.ids import new_id
from server.documents.models import Document
from server.documents.sweep import sweep_orphans
from server.providers.storage.local import LocalStorage
from tests.factories.product import Product
from tests.fakes.clock import FakeClock

BLOB = b"%PDF-1.7 sealed"
DIGEST = sha256(BLOB).hexdigest()


@dataclass
class Shelf:
    """A store, the database that names what is in it, and a clock that runs with the files'."""

    db: Database
    storage: LocalStorage
    clock: FakeClock
    folder: Path

    def name(self, **digests: str) -> None:
        facts: dict[str, Any] = {"original_digest": "", "digest": "", **digests}
        with self.db.begin() as uow:
            uow.session.add(
                Document(
                    id=new_id("doc"),
                    partner_id="par-1",
                    name="a.pdf",
                    size=1,
                    created_at=uow.now,
                    **facts,
                )
            )

    def sweep(self) -> int:
        return sweep_orphans(self.db, self.storage)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    clock = FakeClock(SystemClock().now())
    db = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}", clock)
    Base.metadata.create_all(db.engine, tables=[Document.__table__])  # type: ignore[list-item]
    yield Shelf(db, LocalStorage(tmp_path / "blobs"), clock, tmp_path / "blobs")
    db.close()


@pytest.mark.row("R-01")
def test_a_blob_that_no_document_names_goes_after_an_hour(shelf: Shelf) -> None:
    shelf.storage.put(BLOB)
    shelf.clock.advance(hours=1, minutes=1)
    assert shelf.sweep() == 1
    assert list(shelf.storage.digests()) == []


@pytest.mark.row("R-01")
def test_a_younger_blob_stays_as_its_row_may_be_on_its_way(shelf: Shelf) -> None:
    shelf.storage.put(BLOB)
    shelf.clock.advance(minutes=59)
    assert shelf.sweep() == 0
    shelf.name(digest=DIGEST)
    shelf.clock.advance(hours=2)
    assert shelf.sweep() == 0
    assert shelf.storage.get(DIGEST) == BLOB


@pytest.mark.parametrize("column", ["digest", "original_digest"])
def test_what_a_document_names_stays_for_ever(shelf: Shelf, column: str) -> None:
    shelf.storage.put(BLOB)
    shelf.name(**{column: DIGEST})
    shelf.clock.advance(days=3650)
    assert shelf.sweep() == 0
    assert shelf.storage.get(DIGEST) == BLOB


def test_an_orphan_that_is_put_again_while_it_is_looked_up_stays(shelf: Shelf) -> None:
    """Somebody hands in the same file between the question to the database and the deletion."""
    shelf.storage.put(BLOB)
    shelf.clock.advance(hours=2)

    class Busy(LocalStorage):
        asked = 0

        def stored_at(self, digest: str) -> Any:
            self.asked += 1
            return shelf.clock.now() if self.asked == 2 else super().stored_at(digest)

    assert sweep_orphans(shelf.db, Busy(shelf.folder)) == 0
    assert shelf.storage.get(DIGEST) == BLOB


def test_more_blobs_than_one_question_holds_are_each_judged(shelf: Shelf) -> None:
    kept = [shelf.storage.put(b"%d" % number) for number in range(3)]
    for digest in kept:
        shelf.name(digest=digest)
    for number in range(3, 530):
        path = shelf.folder / (digest := sha256(b"%d" % number).hexdigest())[:2] / digest
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    shelf.clock.advance(hours=2)
    assert shelf.sweep() == 527
    assert sorted(shelf.storage.digests()) == sorted(kept)


def test_what_an_interrupted_write_left_goes_after_an_hour_too(shelf: Shelf) -> None:
    shelf.storage.put(BLOB)
    shelf.name(digest=DIGEST)
    remains = shelf.folder / DIGEST[:2] / ".0123456789abcdef.new"
    remains.write_bytes(b"half")
    shelf.sweep()
    assert remains.exists()
    shelf.clock.advance(hours=2)
    shelf.sweep()
    assert not remains.exists()
    assert shelf.storage.get(DIGEST) == BLOB


def test_sweeping_after_a_signing_touches_none_of_its_files(product: Product) -> None:
    signing = product.signing()
    sealed = signing.seal()
    product.clock.advance(days=3650)
    assert sweep_orphans(product.parts.db, product.parts.providers.storage) == 0
    assert signing.partner.result(signing.id) == sealed
