"""Who may use which seal right now: the legal representative by himself, others by a grant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from server.accounts.models import Account
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.enterprises.models import Enterprise
from server.enterprises.queries import acting_for, represented_by
from server.grants.errors import NoRight
from server.grants.models import Grant, GrantRole, GrantStatus
from server.seals.models import Seal, SealState
from server.seals.queries import of_owner

REPRESENTATIVE = "法定代表人"
OWNER = "所有人"
ROLE_NAMES = {GrantRole.ADMINISTRATOR: "管理员", GrantRole.OPERATOR: "经办人"}
USABLE = (SealState.ACTIVE, SealState.EXPIRING)


@dataclass(frozen=True)
class Right:
    """One company that a person may act for: by which right, and with which seals."""

    enterprise: Enterprise
    grant: Grant | None
    seals: tuple[Seal, ...]

    @property
    def grant_id(self) -> str:
        return self.grant.id if self.grant else ""

    @property
    def name(self) -> str:
        return _role_name(self.grant) if self.grant else REPRESENTATIVE


def companies_of(uow: UnitOfWork, account_id: str) -> list[Right]:
    """Every company that the person may act for, with all its seals that he may see.

    His own companies come first. Seals that are suspended or have expired are among them.
    """
    own = [_right(uow, company, None) for company in represented_by(uow, account_id)]
    granted = [
        _right(uow, company, grant)
        for grant in _live_grants(uow, account_id)
        for company in acting_for(uow, "", [grant.enterprise_id])
        if may_grant(uow, grant.granted_by, company)
    ]
    return own + granted


def rights_of(uow: UnitOfWork, account_id: str) -> list[Right]:
    """The companies of `companies_of` with the seals that may be used now, where there are any."""
    rights = [
        replace(right, seals=tuple(seal for seal in right.seals if seal.state(uow.now) in USABLE))
        for right in companies_of(uow, account_id)
    ]
    return [right for right in rights if right.seals]


def right_for(uow: UnitOfWork, account_id: str, enterprise_id: str) -> Right:
    """The strongest right of a person at one company; raises NoRight."""
    for right in rights_of(uow, account_id):
        if right.enterprise.id == enterprise_id:
            return right
    raise NoRight()


def company_of(uow: UnitOfWork, account_id: str, enterprise_id: str) -> Enterprise:
    """A company that the person may act for, with seals or before its first; raises NoRight."""
    for right in companies_of(uow, account_id):
        if right.enterprise.id == enterprise_id:
            return right.enterprise
    raise NoRight()


def users_of(uow: UnitOfWork, enterprise: Enterprise, seal: Seal) -> list[tuple[str, str]]:
    """Who may use a seal now: (masked name, the right's name), the representative first."""
    representative = uow.session.get_one(Account, enterprise.representative_id)
    grants = uow.session.scalars(
        select(Grant).where(
            Grant.enterprise_id == enterprise.id, Grant.status == GrantStatus.ACTIVE
        )
    ).all()
    granted = [
        (uow.session.get_one(Account, grant.grantee_id).masked_name, _role_name(grant))
        for grant in grants
        if stands(uow, grant, enterprise) and grant.covers(seal.id)
    ]
    return [(representative.masked_name, REPRESENTATIVE), *granted]


def stands(uow: UnitOfWork, grant: Grant, enterprise: Enterprise) -> bool:
    """Whether a grant holds now: by its own period, and as who gave it may still grant (S-29)."""
    return grant.is_usable(uow.now) and may_grant(uow, grant.granted_by, enterprise)


def may_grant(uow: UnitOfWork, account_id: str, enterprise: Enterprise) -> bool:
    """The representative may let others use seals, and 管理员 may; 经办人 may not (F-31).

    管理员 appoint each other: at the beginning of the chain stands who represents the company now,
    or it holds nobody (S-29).
    """
    asked, seen = [account_id], set[str]()
    while asked:
        person = asked.pop()
        if person == enterprise.representative_id:
            return True
        if person not in seen:
            seen.add(person)
            asked += (grant.granted_by for grant in _managing(uow, person, enterprise))
    return False


def _managing(uow: UnitOfWork, account_id: str, enterprise: Enterprise) -> list[Grant]:
    """The grants by which a person is 管理员 now, whoever has given them."""
    managing = select(Grant).where(
        Grant.enterprise_id == enterprise.id,
        Grant.grantee_id == account_id,
        Grant.role == GrantRole.ADMINISTRATOR,
    )
    return [grant for grant in uow.session.scalars(managing) if grant.is_usable(uow.now)]


def _right(uow: UnitOfWork, enterprise: Enterprise, grant: Grant | None) -> Right:
    seals = of_owner(uow, OwnerKind.ENTERPRISE, enterprise.id)
    covered = tuple(seal for seal in seals if grant is None or grant.covers(seal.id))
    return Right(enterprise, grant, covered)


def _role_name(grant: Grant) -> str:
    return ROLE_NAMES[GrantRole(grant.role)]


def _live_grants(uow: UnitOfWork, account_id: str) -> Sequence[Grant]:
    grants = uow.session.scalars(
        select(Grant)
        .where(Grant.grantee_id == account_id, Grant.status == GrantStatus.ACTIVE)
        .order_by(Grant.role, Grant.id)
    ).all()
    return [grant for grant in grants if grant.is_usable(uow.now)]
