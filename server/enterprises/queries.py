"""Finding companies."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select

from server.accounts.models import Account
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


def by_code(uow: UnitOfWork, code: str) -> Enterprise:
    """The company with this code; the caller knows that there is one."""
    return uow.session.scalars(select(Enterprise).where(Enterprise.code == code)).one()


def codes_of(uow: UnitOfWork, account: Account) -> Sequence[str]:
    """The codes of the companies that our rows have this person for."""
    his = [Enterprise.representative_id == account.id]
    if account.id_number_index is not None:
        his.append(Enterprise.representative_index == account.id_number_index)
    return uow.session.scalars(select(Enterprise.code).where(or_(*his))).all()


def codes_unasked_since(uow: UnitOfWork, since: datetime, limit: int) -> Sequence[str]:
    """The codes of living companies that the registry was last asked about before, oldest first."""
    unasked = or_(Enterprise.checked_at.is_(None), Enterprise.checked_at < since)
    return uow.session.scalars(
        select(Enterprise.code)
        .where(unasked, Enterprise.status != EnterpriseStatus.STRUCK_OFF)
        .order_by(Enterprise.checked_at.nulls_first(), Enterprise.code)
        .limit(limit)
    ).all()
