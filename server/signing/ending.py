"""What is open under a seal ends with it: rights of pages, released keys, reservations (S-30).

News of a stopped seal come up from `seals` by a job; the last transaction of a sealing asks once
more by itself, for what was in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.errors import DomainError
from server.core.jobs import Claim
from server.grants.models import SealUse, UseState
from server.seals.models import Seal
from server.seals.queries import by_ids
from server.signing.errors import GrantOver
from server.signing.jobs import Sealer
from server.signing.models import PageGrant, SigningTask
from server.signing.page_grants import end_grant

RIGHT_ENDED = "right_ended"


@dataclass(frozen=True)
class OpenSigningsEnder:
    """The handler of `seals.stopped`; doing it twice changes nothing."""

    db: Database
    sealer: Sealer

    def __call__(self, job: Claim) -> None:
        job.require_tries_left()
        stopped = set(job.payload["seal_ids"])
        with self.db.read() as uow:
            seals = by_ids(uow, stopped)
            owners = {seal.owner_id for seal in seals}
            uses, rights = _reserved(uow, owners, stopped), _live(uow, owners, stopped)
            why = {seal.id: _why(seal, uow) for seal in seals}
        for use in uses:
            concerned = next(one["id"] for one in use.seals if one["id"] in stopped)
            with self.db.begin() as uow:
                self.sealer.release(uow, use.task_id, use.id, why[concerned])
        for right in rights:
            with self.db.begin() as uow:
                self._end(uow, right)

    def _end(self, uow: UnitOfWork, right: PageGrant) -> None:
        task = uow.locked(SigningTask, right.task_id)
        if task.page_grant_id != right.id or not uow.locked(PageGrant, right.id).is_live(uow.now):
            return
        end_grant(uow, task)
        audit.record(uow, "signing.right_ended", actor="system", subject=task.id, grant=right.id)
        uow.after_commit(lambda: self.sealer.tell(task.qr_session_id, RIGHT_ENDED))


def _reserved(uow: UnitOfWork, owners: set[str], stopped: set[str]) -> list[SealUse]:
    of_person = and_(SealUse.enterprise_id.is_(None), SealUse.account_id.in_(owners))
    waiting = or_(SealUse.enterprise_id.in_(owners), of_person)
    reserved = select(SealUse).where(SealUse.state == UseState.RESERVED, waiting)
    uses = uow.session.scalars(reserved.order_by(SealUse.id))
    return [use for use in uses if any(one["id"] in stopped for one in use.seals)]


def _live(uow: UnitOfWork, owners: set[str], stopped: set[str]) -> Sequence[PageGrant]:
    unended = (PageGrant.ended_at.is_(None), PageGrant.ends_at > uow.now)
    rights = uow.session.scalars(
        select(PageGrant)
        .where(*unended, PageGrant.enterprise_id.in_(owners))
        .order_by(PageGrant.id)
    )
    return [right for right in rights if stopped & set(right.seal_ids)]


def _why(seal: Seal, uow: UnitOfWork) -> DomainError:
    """What the task is told: why the seal is not usable, or that it has another look by now."""
    try:
        seal.require_usable(uow.now)
    except DomainError as problem:
        return problem
    return GrantOver()
