"""What a person may see of his own signings."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from server.core.db import UnitOfWork
from server.core.idempotency import body_digest
from server.documents.errors import DocumentNotFound
from server.documents.models import Document
from server.signing.models import SigningTask, TaskStatus
from server.signing.own.errors import OwnSigningNotFound
from server.signing.own.models import OwnFile, OwnSigning

LATEST_DRAFTS: Final = 5


class OwnStatus(StrEnum):
    """Where a signing stands; `failed`: what could not be sealed may be submitted again."""

    DRAFT = "draft"
    SEALING = "sealing"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class FileView:
    """A file with its stored bytes, its task once it was submitted, and what came of it."""

    file: OwnFile
    document: Document
    task: SigningTask | None
    sealed: Document | None

    @property
    def status(self) -> str:
        """`checking`, `ready`, `rejected`, then `sealing`, `sealed`, `failed`."""
        return self.task.status if self.task is not None else self.document.status

    @property
    def is_open(self) -> bool:
        """Whether it is still to be submitted, or again."""
        return self.task is None or self.task.status == TaskStatus.FAILED


@dataclass(frozen=True)
class SigningView:
    """A signing with its files, in the order in which they came."""

    signing: OwnSigning
    files: tuple[FileView, ...]

    @property
    def status(self) -> OwnStatus:
        if self.signing.cancelled_at is not None:
            return OwnStatus.CANCELLED
        if self.signing.submitted_at is None:
            return OwnStatus.DRAFT
        if not self.files:
            return OwnStatus.CANCELLED  # the last one failed and was taken out
        tasks = {one.task.status for one in self.files if one.task is not None}
        if TaskStatus.SEALING in tasks:
            return OwnStatus.SEALING
        return OwnStatus.FAILED if TaskStatus.FAILED in tasks else OwnStatus.DONE

    @property
    def open(self) -> tuple[FileView, ...]:
        """The files that a submission would be for."""
        return tuple(one for one in self.files if one.is_open)

    @property
    def documents_digest(self) -> str:
        """SHA-256 over which bytes would be sealed (S-14)."""
        return body_digest([[one.document.id, one.document.digest] for one in self.open])

    @property
    def placements_digest(self) -> str:
        """SHA-256 over where the seals would lie (S-16)."""
        return body_digest(
            [[one.document.id, one.file.placements, one.file.straddles] for one in self.open]
        )

    @property
    def submission(self) -> dict[str, str]:
        """What a submission is for: the parameters of a proof of intent `sign_documents`."""
        return {
            "signing": self.signing.id,
            "documents": self.documents_digest,
            "placements": self.placements_digest,
        }


def of_account(uow: UnitOfWork, account_id: str, signing_id: str) -> OwnSigning:
    """Somebody's own signing; raises OwnSigningNotFound for any other."""
    found = uow.session.get(OwnSigning, signing_id)
    if found is None or found.account_id != account_id:
        raise OwnSigningNotFound()
    return found


def view(uow: UnitOfWork, signing: OwnSigning) -> SigningView:
    """The signing with everything that its page shows."""
    files = uow.session.scalars(
        select(OwnFile)
        .where(OwnFile.signing_id == signing.id)
        .order_by(OwnFile.added_at, OwnFile.document_id)
    )
    return SigningView(signing, tuple(_viewed(uow, one) for one in files))


def drafts_of(uow: UnitOfWork, account_id: str, enterprise_id: str | None) -> list[SigningView]:
    """What somebody has begun for himself or a company and not submitted, the newest first."""
    rows = uow.session.scalars(
        select(OwnSigning)
        .where(OwnSigning.account_id == account_id, OwnSigning.enterprise_id == enterprise_id)
        .where(OwnSigning.submitted_at.is_(None), OwnSigning.cancelled_at.is_(None))
        .order_by(OwnSigning.created_at.desc())
        .limit(LATEST_DRAFTS)
    )
    return [found for found in (view(uow, one) for one in rows) if found.files]


def file_of(uow: UnitOfWork, signing: OwnSigning, document_id: str) -> FileView:
    """One file of a signing; raises DocumentNotFound for any other."""
    found = uow.session.get(OwnFile, document_id)
    if found is None or found.signing_id != signing.id:
        raise DocumentNotFound()
    return _viewed(uow, found)


def files_of(uow: UnitOfWork, signing_ids: Sequence[str]) -> Sequence[OwnFile]:
    """All files of these signings."""
    return uow.session.scalars(select(OwnFile).where(OwnFile.signing_id.in_(signing_ids))).all()


def _viewed(uow: UnitOfWork, file: OwnFile) -> FileView:
    get = uow.session.get
    task = get(SigningTask, file.task_id)
    sealed_id = task.sealed_document_id if task is not None else None
    sealed = get(Document, sealed_id) if sealed_id else None
    return FileView(file, uow.session.get_one(Document, file.document_id), task, sealed)
