"""What the tables say of one signing task, and whether they all say the same."""

from dataclasses import dataclass

from sqlalchemy import func, select

from server.certificates.models import KeyRelease
from server.core import audit
from server.core.audit import AuditRow
from server.core.outbox import OutboxEvent
from server.documents.models import Document
from server.grants.models import SealUse
from server.signing.models import PageGrant, SigningTask
from tests.factories.product import Product


@dataclass(frozen=True)
class Truth:
    """The rows about one task; `uses` are their states in the order of the attempts."""

    status: str
    documents: int
    uses: tuple[str, ...]
    sealed_audits: int
    sealed_events: int
    page_grants: int
    releases: int
    failure: str | None

    @property
    def is_whole(self) -> bool:
        """A document exists if and only if a use is done, is audited and is published, once."""
        done = self.uses.count("done")
        counts = {done, self.documents, self.sealed_audits, self.sealed_events}
        return counts == {int(self.status == "sealed")}


def truth_of(product: Product, task_id: str) -> Truth:
    """Read by plain selects, not by the code under test."""
    with product.parts.db.read() as uow:
        session = uow.session
        task = session.get_one(SigningTask, task_id)
        uses = session.scalars(
            select(SealUse).where(SealUse.task_id == task_id).order_by(SealUse.id)
        ).all()
        sealed = select(func.count()).where(Document.sealed_from_id == task.document_id)
        audited = select(func.count()).where(
            AuditRow.subject == task_id, AuditRow.event == "signing.sealed"
        )
        published = select(func.count()).where(
            OutboxEvent.subject == task_id, OutboxEvent.topic == "signing.sealed"
        )
        grants = select(func.count()).where(PageGrant.task_id == task_id)
        return Truth(
            status=task.status,
            documents=session.scalar(sealed) or 0,
            uses=tuple(use.state for use in uses),
            sealed_audits=session.scalar(audited) or 0,
            sealed_events=session.scalar(published) or 0,
            page_grants=session.scalar(grants) or 0,
            releases=session.scalar(select(func.count()).select_from(KeyRelease)) or 0,
            failure=(task.failure or {}).get("code"),
        )


def events_of(product: Product, subject: str) -> list[str]:
    """The audited events about one thing, oldest first; the chain is checked as well."""
    with product.parts.db.read() as uow:
        assert audit.verify(uow) is None
        rows = select(AuditRow.event).where(AuditRow.subject == subject).order_by(AuditRow.seq)
        return list(uow.session.scalars(rows))
