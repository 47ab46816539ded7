"""The register of uses (印章使用记录, P-35)."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from server.accounts.models import Account
from server.core.db import UnitOfWork
from server.core.paging import Page, newest_first
from server.enterprises.queries import represented_by
from server.grants.models import Grant, GrantRole, SealUse, UseState
from server.grants.rights import OWNER, REPRESENTATIVE, ROLE_NAMES
from server.partners.models import Partner


def uses_seen_by(
    uow: UnitOfWork,
    account_id: str,
    *,
    only: str | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[SealUse]:
    """Uses by this person, and all uses at the companies that he represents; newest first.

    `only`: the id of the one company whose uses are shown, for a company's own login.
    """
    companies = [company.id for company in represented_by(uow, account_id)]
    seen = or_(SealUse.account_id == account_id, SealUse.enterprise_id.in_(companies))
    rows = select(SealUse).where(and_(seen, SealUse.state != UseState.RELEASED))
    if only is not None:
        rows = rows.where(SealUse.enterprise_id == only)
    return newest_first(uow.session, rows, SealUse.id, cursor=cursor, limit=limit)


def with_names(uow: UnitOfWork, uses: Sequence[SealUse]) -> list[tuple[SealUse, dict[str, str]]]:
    """Each use with the words of the register: `partner`, `signer` (masked) and `right`."""
    return [(use, _words(uow, use)) for use in uses]


def _words(uow: UnitOfWork, use: SealUse) -> dict[str, str]:
    partner = uow.session.get(Partner, use.partner_id)
    return {
        "partner": partner.name if partner else "",
        "signer": uow.session.get_one(Account, use.account_id).masked_name,
        "right": _right(uow, use),
    }


def _right(uow: UnitOfWork, use: SealUse) -> str:
    grant = uow.session.get(Grant, use.grant_id) if use.grant_id else None
    if grant is not None:
        return ROLE_NAMES[GrantRole(grant.role)]
    return OWNER if use.enterprise_id is None else REPRESENTATIVE
