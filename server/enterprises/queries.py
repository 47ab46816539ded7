"""Finding companies."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise, EnterpriseStatus


def represented_by(uow: UnitOfWork, account_id: str) -> Sequence[Enterprise]:
    """The companies whose legal representative this person is, by name."""
    return uow.session.scalars(
        select(Enterprise)
        .where(
            Enterprise.representative_id == account_id,
            Enterprise.status == EnterpriseStatus.ACTIVE,
        )
        .order_by(Enterprise.name)
    ).all()


def acting_for(
    uow: UnitOfWork, account_id: str, granted: Collection[str] = ()
) -> Sequence[Enterprise]:
    """The companies that a person represents, and those of `granted` (ids), by name (F-12)."""
    return uow.session.scalars(
        select(Enterprise)
        .where(
            or_(Enterprise.representative_id == account_id, Enterprise.id.in_(granted)),
            Enterprise.status == EnterpriseStatus.ACTIVE,
        )
        .order_by(Enterprise.name)
    ).all()
