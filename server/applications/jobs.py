"""What happens to applications by themselves: those that nobody goes on with expire (P-45)."""

from typing import Final

from sqlalchemy import select

from server.applications import telling
from server.applications.lifecycle import ApplicationState, Move
from server.applications.models import Application
from server.core import audit
from server.core.db import UnitOfWork

MAY_EXPIRE: Final = (
    ApplicationState.DRAFT,
    ApplicationState.CORRECTION,
    ApplicationState.CERTIFYING,
)
AT_ONCE: Final = 100


def expire(uow: UnitOfWork) -> int:
    """End what nobody has finished in time, a hundred at once; how many.

    A draft lives thirty days from its last change, a link as long as the settings say. Who has
    handed an application in is told; an old draft goes quietly.
    """
    due = uow.session.scalars(
        select(Application)
        .where(Application.state.in_(MAY_EXPIRE), Application.expires_at <= uow.now)
        .order_by(Application.expires_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for row in due:
        row.move(Move.EXPIRE, uow.now)
        if row.submitted_at is not None:
            telling.expired(uow, row)
        audit.record(uow, "application.expired", actor="system", subject=row.id)
    return len(due)
