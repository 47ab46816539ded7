"""A signing of one's own files: begun, filled, placed, given up, and forgotten (F-46, F-47)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from server.core import audit
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.core.ids import new_id
from server.documents.models import Document
from server.documents.queries import page_boxes
from server.documents.service import Upload, add_upload
from server.sealing import straddle
from server.sealing.placement import Placement, PlacementPolicy
from server.sealing.straddle import Straddle
from server.signing.own.errors import FileBeingSealed, TooManyFiles
from server.signing.own.models import OwnFile, OwnSigning
from server.signing.own.queries import FileView, OwnStatus, file_of, files_of, view
from server.signing.own.rights import SealingRight, right_of
from server.signing.sealing import Layout

MOST_FILES: Final = 9
# What nobody submitted goes after a week, with the files themselves.
KEPT: Final = timedelta(days=7)
NOTHING: Final = Layout(())


def begin(uow: UnitOfWork, account_id: str, enterprise_id: str | None) -> OwnSigning:
    """A signing without files, for oneself or a company. Raises NoRight, NoUsableSeal."""
    row = OwnSigning(
        id=new_id("own"), account_id=account_id, enterprise_id=enterprise_id, created_at=uow.now
    )
    right_of(uow, row)
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, "own_signing.begun", actor=account_id, subject=row.id)
    return row


def add_file(uow: UnitOfWork, signing: OwnSigning, upload: Upload) -> OwnFile:
    """Put a stored file into a draft; it is looked through by the worker.

    Raises OwnSigningOver, TooManyFiles.
    """
    row = uow.locked(OwnSigning, signing.id)
    row.require_draft()
    if len(files_of(uow, [row.id])) >= MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    holder = (row.account_id, row.enterprise_id or "")
    document = add_upload(uow, upload, partner_id="", holder=holder)
    file = OwnFile(document_id=document.id, signing_id=row.id, added_at=uow.now)
    file.task_id = new_id("task")
    uow.session.add(file)
    uow.session.flush()
    return file


def remove_file(uow: UnitOfWork, signing: OwnSigning, document_id: str) -> None:
    """Take a file out; one that no task knows goes for good.

    Raises DocumentNotFound, OwnSigningOver, FileBeingSealed.
    """
    row = uow.locked(OwnSigning, signing.id)
    row.require_not_cancelled()
    found = _changeable(uow, row, document_id)
    uow.session.delete(found.file)
    uow.session.flush()
    if found.task is None:
        uow.session.delete(found.document)
    audit.record(uow, "own_signing.removed", actor=row.account_id, subject=document_id)


def save_draft(
    uow: UnitOfWork, signing: OwnSigning, document_id: str, layout: Layout
) -> tuple[Placement, ...]:
    """Keep where the seals lie; what will be drawn, slices among it. Empty takes all away.

    Raises DocumentNotFound, DocumentNotReady, DocumentRejected, OwnSigningOver, FileBeingSealed,
    NoRight, NoUsableSeal, and what `straddle.check_all` raises.
    """
    row = uow.locked(OwnSigning, signing.id)
    row.require_not_cancelled()
    found = _changeable(uow, row, document_id)
    found.document.require_ready()
    drawn = drawn_by(found, layout, right_of(uow, row)) if layout != NOTHING else ()
    found.file.placements = [one.as_row() for one in layout.placements]
    found.file.straddles = [one.as_row() for one in layout.straddles]
    return drawn


def layout_of(file: OwnFile) -> Layout:
    """Where the person has put his seals."""
    placements = tuple(Placement.of(one) for one in file.placements)
    return Layout(placements, tuple(Straddle.of(one) for one in file.straddles))


def drawn_by(found: FileView, layout: Layout, right: SealingRight) -> tuple[Placement, ...]:
    """The placements that a layout stands for. Raises what `straddle.check_all` raises."""
    pages = page_boxes(found.document)
    placed = (layout.placements, layout.straddles)
    return straddle.check_all(*placed, pages, right.sizes, PlacementPolicy.ANY_PAGE)


def drawn_now(found: FileView, right: SealingRight | None) -> tuple[Placement, ...]:
    """The same for showing; nothing where the seals may not be used any more."""
    layout = layout_of(found.file)
    if right is None or layout == NOTHING:
        return ()
    try:
        return drawn_by(found, layout, right)
    except DomainError:
        return ()


def cancel(uow: UnitOfWork, signing: OwnSigning) -> None:
    """Give it up; a second time changes nothing. OwnSigningOver once anything was submitted."""
    row = uow.locked(OwnSigning, signing.id)
    if view(uow, row).status == OwnStatus.CANCELLED:
        return
    row.require_draft()
    row.cancelled_at = uow.now
    audit.record(uow, "own_signing.cancelled", actor=row.account_id, subject=row.id)


def sweep(uow: UnitOfWork) -> None:
    """Forget what was never submitted; the files' bytes are swept when nothing names them."""
    old = OwnSigning.created_at <= uow.now - KEPT
    rows = uow.session.scalars(select(OwnSigning).where(old, OwnSigning.submitted_at.is_(None)))
    forget(uow, [row.id for row in rows])


def forget(uow: UnitOfWork, signing_ids: Sequence[str]) -> None:
    """Delete signings that were never submitted, with their files."""
    documents = [one.document_id for one in files_of(uow, signing_ids)]
    for column, ids in (
        (OwnFile.signing_id, signing_ids),
        (Document.id, documents),
        (OwnSigning.id, signing_ids),
    ):
        uow.session.execute(delete(column.class_).where(column.in_(ids)))


def _changeable(uow: UnitOfWork, signing: OwnSigning, document_id: str) -> FileView:
    found = file_of(uow, signing, document_id)
    if not found.is_open:
        raise FileBeingSealed()
    return found
