"""What each side may see of a signing task."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.accounts.models import Account
from server.certificates.models import Certificate, SigningKey
from server.core.db import UnitOfWork
from server.documents.models import Document
from server.enterprises.models import Enterprise
from server.partners.models import Partner
from server.seals.models import Seal
from server.seals.queries import by_ids
from server.signing.errors import TaskNotFound
from server.signing.models import PageGrant, SigningTask


@dataclass(frozen=True)
class GrantView:
    """A live page grant with the words that the page shows of it."""

    grant: PageGrant
    acting: str
    signer: str
    seals: tuple[Seal, ...]


@dataclass(frozen=True)
class TaskView:
    """A task with everything that a page or a partner shows of it."""

    task: SigningTask
    partner: Partner
    document: Document
    sealed: Document | None
    grant: GrantView | None


def of_partner(uow: UnitOfWork, partner_id: str, task_id: str) -> SigningTask:
    """A partner's own task; raises TaskNotFound for any other."""
    task = uow.session.scalar(
        select(SigningTask).where(SigningTask.id == task_id, SigningTask.partner_id == partner_id)
    )
    if task is None:
        raise TaskNotFound()
    return task


def by_id(uow: UnitOfWork, task_id: str) -> SigningTask:
    """The task that a QR session names, or whose page is asked for; raises TaskNotFound.

    What people sign by themselves has neither, and is not found.
    """
    return _of_a_page(uow.session.get(SigningTask, task_id))


def locked(uow: UnitOfWork, task_id: str) -> SigningTask:
    """`by_id` for a change: nobody else moves the row until the transaction ends."""
    return _of_a_page(uow.session.get(SigningTask, task_id, with_for_update=True))


def _of_a_page(task: SigningTask | None) -> SigningTask:
    if task is None or task.partner_id is None:
        raise TaskNotFound()
    return task


def view(uow: UnitOfWork, task: SigningTask) -> TaskView:
    """The task with its partner, its file, its result and the page's live grant."""
    get = uow.session.get
    sealed = get(Document, task.sealed_document_id) if task.sealed_document_id else None
    return TaskView(
        task=task,
        partner=uow.session.get_one(Partner, task.partner_id),
        document=uow.session.get_one(Document, task.document_id),
        sealed=sealed,
        grant=_grant_view(uow, task),
    )


def _grant_view(uow: UnitOfWork, task: SigningTask) -> GrantView | None:
    grant = uow.session.get(PageGrant, task.page_grant_id) if task.page_grant_id else None
    if grant is None or grant.taken_at is None or not grant.is_live(uow.now):
        return None
    return GrantView(
        grant=grant,
        acting=uow.session.get_one(Enterprise, grant.enterprise_id).name,
        signer=uow.session.get_one(Account, grant.account_id).masked_name,
        seals=tuple(by_ids(uow, grant.seal_ids)),
    )


def certificates_of(uow: UnitOfWork, seals: Collection[Seal]) -> Sequence[Certificate]:
    """The certificates that sign for these seals."""
    rings = {seal.ring_id for seal in seals}
    return uow.session.scalars(
        select(Certificate)
        .join(SigningKey, SigningKey.certificate_id == Certificate.id)
        .where(SigningKey.ring_id.in_(rings))
    ).all()
