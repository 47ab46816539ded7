"""The inspection of an uploaded file, in a child process that can do no harm."""

from dataclasses import dataclass, field

from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError, Unavailable, spoken
from server.core.jobs import Claim, WorkBrokeOff
from server.documents.models import Document, DocumentStatus
from server.providers.storage import Storage
from server.sealing.inspection import Inspection, inspect
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import Sandbox


@dataclass(frozen=True)
class Inspector:
    """Runs `documents.inspect`; what it has read and hashed here is `known` when it is sealed."""

    db: Database
    storage: Storage
    sandbox: Sandbox
    known: KnownDocuments = field(default_factory=KnownDocuments)

    def __call__(self, job: Claim) -> None:
        document_id = job.payload["document_id"]
        try:
            job.require_tries_left()
            self._inspect(document_id)
        except Unavailable as problem:
            if not job.is_last_try:
                raise
            self._reject(document_id, problem)
        except WorkBrokeOff as problem:
            self._reject(document_id, problem)
            raise
        except DomainError as problem:
            self._reject(document_id, problem)
        except Exception:
            if job.is_last_try:
                self._reject(document_id, DomainError())
            raise

    def _inspect(self, document_id: str) -> None:
        with self.db.read() as uow:
            document = uow.session.get_one(Document, document_id)
        if document.status != DocumentStatus.CHECKING:
            return
        found = self.sandbox.run(inspect, self.storage.get(document.original_digest))
        if found.repaired:
            self.storage.put(found.document)
        learnt = self.known.learn(found.document, self.sandbox)
        with self.db.begin() as uow:
            accept(uow, document_id, found, learnt.sm3_digest)

    def _reject(self, document_id: str, problem: DomainError) -> None:
        with self.db.begin() as uow:
            document = uow.session.get_one(Document, document_id, with_for_update=True)
            if document.status != DocumentStatus.CHECKING:
                return
            document.status = DocumentStatus.REJECTED
            document.problem = spoken(problem)
            audit.record(
                uow, "document.rejected", actor="system", subject=document.id, code=problem.code
            )


def accept(uow: UnitOfWork, document_id: str, found: Inspection, sm3_digest: str) -> None:
    """Fix the digest and the pages of a file that may be sealed; a judged one stays as it is."""
    document = uow.session.get_one(Document, document_id, with_for_update=True)
    if document.status != DocumentStatus.CHECKING:
        return
    document.status = DocumentStatus.READY
    document.digest, document.sm3 = found.document_digest, sm3_digest
    document.size = len(found.document)
    document.pages = [
        {"crop": list(page.crop), "rotate": page.rotate, "user_unit": page.user_unit}
        for page in found.pages
    ]
    document.warnings = [
        {"code": caution.code, "message": list(caution.message)} for caution in found.warnings
    ]
    audit.record(
        uow,
        "document.ready",
        actor="system",
        subject=document.id,
        original=found.original_digest,
        document=found.document_digest,
    )
