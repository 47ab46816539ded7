"""What must be true of all signings at once, after any crash: asked by plain selects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from server.certificates.models import KeyRelease
from server.core import audit
from server.core.audit import AuditRow
from server.core.db import UnitOfWork
from server.core.jobs import Job
from server.core.outbox import OutboxEvent
from server.documents.models import Document
from server.grants.models import Grant, SealUse
from server.providers.storage import Storage
from server.signing.models import SigningTask
from tests.factories.product import Product


@dataclass(frozen=True)
class Ledger:
    """Of each kind the tasks that have one, sorted: a task that has two stands there twice."""

    sealed: Sequence[str]
    used: Sequence[str]
    documented: Sequence[str]
    audited: Sequence[str]
    published: Sequence[str]

    @property
    def agrees(self) -> bool:
        """A document exists if and only if a use is done, is audited and is published, once."""
        once = sorted(set(self.sealed))
        kinds = (self.sealed, self.used, self.documented, self.audited, self.published)
        return all(list(kind) == once for kind in kinds)


def ledger_of(uow: UnitOfWork) -> Ledger:
    def tasks(column: Any, *where: Any) -> Sequence[str]:
        return sorted(uow.session.scalars(select(column).where(*where)))

    origin = select(SigningTask.id).join(
        Document, Document.sealed_from_id == SigningTask.document_id
    )
    return Ledger(
        sealed=tasks(SigningTask.id, SigningTask.status == "sealed"),
        used=tasks(SealUse.task_id, SealUse.state == "done"),
        documented=sorted(uow.session.scalars(origin)),
        audited=tasks(AuditRow.subject, AuditRow.event == "signing.sealed"),
        published=tasks(OutboxEvent.subject, OutboxEvent.topic == "signing.sealed"),
    )


def check(product: Product) -> Ledger:
    """The books agree, the audit chain holds, every document has its bytes, every use counts."""
    with product.parts.db.read() as uow:
        ledger = ledger_of(uow)
        assert ledger.agrees, ledger
        assert audit.verify(uow) is None
        _check_uses(uow)
        _check_bytes(uow, product.parts.providers.storage)
    return ledger


def check_ended(product: Product, sealed: int) -> None:
    """As `check`; so many were sealed, no work is left and no key lies about."""
    assert len(check(product).sealed) == sealed
    with product.parts.db.read() as uow:
        assert set(uow.session.scalars(select(SealUse.state))) <= {"done", "released"}
        seals = select(Job.state).where(Job.kind == "signing.seal_document")
        assert set(uow.session.scalars(seals)) <= {"done"}
        assert uow.session.scalar(select(func.count()).select_from(KeyRelease)) == 0


def _check_uses(uow: UnitOfWork) -> None:
    for grant in uow.session.scalars(select(Grant)):
        taken = select(func.count()).where(
            SealUse.grant_id == grant.id, SealUse.state.in_(("reserved", "done"))
        )
        assert grant.uses == uow.session.scalar(taken)


def _check_bytes(uow: UnitOfWork, storage: Storage) -> None:
    for digest in uow.session.scalars(select(Document.digest).where(Document.digest != "")):
        assert storage.get(digest)
