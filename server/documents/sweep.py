"""Blobs that nothing names: what a worker stored and died before it could say so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from server.core.db import Database
from server.documents.models import Document
from server.providers.storage import BlobNotFound, Storage

# Far longer than anything takes from storing a blob to the commit of the row that names it.
KEEP = timedelta(hours=1)
BATCH = 500

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
DOCUMENTS: tuple[Column, ...] = (Document.digest, Document.original_digest)


def sweep_orphans(db: Database, storage: Storage, also: Sequence[Column] = ()) -> int:
    """Delete blobs that no document names and that were stored an hour ago; how many.

    `also`: the columns of other packages that name blobs. A younger blob may belong to a row that
    is being written. Putting the same bytes again makes it young, so its age is asked once more
    right before it goes. Raises StorageUnavailable.
    """
    before = db.clock.now() - KEEP
    storage.clear_remains(before)
    old = (digest for digest in storage.digests() if _is_older(storage, digest, before))
    count = 0
    for digest in _unnamed(db, old, (*DOCUMENTS, *also)):
        if _is_older(storage, digest, before):
            storage.delete(digest)
            count += 1
    return count


def _is_older(storage: Storage, digest: str, before: datetime) -> bool:
    try:
        return storage.stored_at(digest) < before
    except BlobNotFound:
        return False  # Another worker sweeps as well.


def _unnamed(db: Database, digests: Iterable[str], columns: Sequence[Column]) -> Iterator[str]:
    for some in _batches(digests):
        with db.read() as uow:
            named: set[str] = set()
            for column in columns:
                named.update(uow.session.scalars(select(column).where(column.in_(some))))
        yield from (digest for digest in some if digest not in named)


def _batches(digests: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(digests)
    while some := list(islice(rest, BATCH)):
        yield some
