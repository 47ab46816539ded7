"""Who may use which seal right now: the legal representative by himself, others by a grant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.enterprises.queries import acting_for, represented_by
from server.grants.errors import NoRight
from server.grants.models import Grant, GrantRole, GrantStatus
from server.seals.models import Seal, SealState
from server.seals.queries import of_owner

REPRESENTATIVE = "法定代表人"
ROLE_NAMES = {GrantRole.ADMINISTRATOR: "管理员", GrantRole.OPERATOR: "经办人"}
USABLE = (SealState.ACTIVE, SealState.EXPIRING)


@dataclass(frozen=True)
class Right:
    """One company that a person may act for: by which right, and with which seals now."""

    enterprise: Enterprise
    grant: Grant | None
    seals: tuple[Seal, ...]

    @property
    def grant_id(self) -> str:
        return self.grant.id if self.grant else ""

    @property
    def name(self) -> str:
        return ROLE_NAMES[GrantRole(self.grant.role)] if self.grant else REPRESENTATIVE


def rights_of(uow: UnitOfWork, account_id: str) -> list[Right]:
    """Every company that the person may act for with at least one seal, own companies first."""
    own = [_right(uow, company, None) for company in represented_by(uow, account_id)]
    granted = [
        _right(uow, company, grant)
        for grant in _live_grants(uow, account_id)
        for company in acting_for(uow, "", [grant.enterprise_id])
    ]
    return [right for right in own + granted if right.seals]


def right_for(uow: UnitOfWork, account_id: str, enterprise_id: str) -> Right:
    """The strongest right of a person at one company; raises NoRight."""
    for right in rights_of(uow, account_id):
        if right.enterprise.id == enterprise_id:
            return right
    raise NoRight()


def _right(uow: UnitOfWork, enterprise: Enterprise, grant: Grant | None) -> Right:
    seals = of_owner(uow, OwnerKind.ENTERPRISE, enterprise.id)
    usable = (seal for seal in seals if seal.state(uow.now) in USABLE)
    return Right(enterprise, grant, tuple(s for s in usable if grant is None or grant.covers(s.id)))


def _live_grants(uow: UnitOfWork, account_id: str) -> Sequence[Grant]:
    grants = uow.session.scalars(
        select(Grant)
        .where(Grant.grantee_id == account_id, Grant.status == GrantStatus.ACTIVE)
        .order_by(Grant.role, Grant.id)
    ).all()
    return [grant for grant in grants if grant.is_usable(uow.now)]
