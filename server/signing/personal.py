"""What signing knows of a person: for his own eyes, and when he wants to close his account."""

from sqlalchemy import Select, select

from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, of, rows
from server.core.db import UnitOfWork
from server.signing.models import PageGrant, SigningTask, TaskStatus
from server.signing.own import service
from server.signing.own.models import OwnSigning

OWN = ("enterprise_id", "created_at", "submitted_at", "cancelled_at")
TASK = ("title", "status", "created_at", "sealed_at")
RIGHT = ("enterprise_id", "document_digest", "ends_at", "taken_at", "ended_at")
RUNNING = ("您有正在进行的签署。", "A signing of yours is going on.")


def obstacles(uow: UnitOfWork, account_id: str) -> list[Obstacle]:
    """Signings that he has confirmed and that are not over: half an hour at most."""
    rights = uow.session.scalars(of(PageGrant, account_id).where(PageGrant.ended_at.is_(None)))
    placing = {right.task_id for right in rights if right.is_live(uow.now)}
    begun = SigningTask.status.in_((TaskStatus.AUTHORIZED, TaskStatus.SEALING))
    running = [
        task
        for task in uow.session.scalars(_his(account_id).where(begun))
        if task.status == TaskStatus.SEALING or task.id in placing
    ]
    return [Obstacle("signing", len(running), RUNNING)] if running else []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """Nothing runs any more; what he has signed keeps naming him, what he had only begun goes."""
    drafts = of(OwnSigning, account_id).where(OwnSigning.submitted_at.is_(None))
    service.forget(uow, [one.id for one in uow.session.scalars(drafts)])
    return uow.session.scalars(_his(account_id).limit(1)).first() is not None


def records(uow: UnitOfWork, account_id: str) -> Records:
    """What he was asked to sign and confirmed, what he signed by himself, and the rights that he
    gave to pages."""
    return {
        "signings": rows(uow, _his(account_id), TASK),
        "own_signings": rows(uow, of(OwnSigning, account_id), OWN),
        "signing_rights": rows(uow, of(PageGrant, account_id), RIGHT),
    }


def _his(account_id: str) -> Select[SigningTask]:
    return select(SigningTask).where(SigningTask.signer_id == account_id).order_by(SigningTask.id)


TIE = Tie(obstacles, let_go)
