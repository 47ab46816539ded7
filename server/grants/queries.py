"""The register of uses (印章使用记录, P-35)."""

from sqlalchemy import and_, or_, select

from server.core.db import UnitOfWork
from server.core.paging import Page, newest_first
from server.enterprises.queries import represented_by
from server.grants.models import SealUse, UseState


def uses_seen_by(
    uow: UnitOfWork, account_id: str, *, cursor: str | None = None, limit: int = 20
) -> Page[SealUse]:
    """Uses by this person, and all uses at the companies that he represents; newest first."""
    companies = [company.id for company in represented_by(uow, account_id)]
    seen = or_(SealUse.account_id == account_id, SealUse.enterprise_id.in_(companies))
    rows = select(SealUse).where(and_(seen, SealUse.state != UseState.RELEASED))
    return newest_first(uow.session, rows, SealUse.id, cursor=cursor, limit=limit)
