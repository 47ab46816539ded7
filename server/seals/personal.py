"""What seals know of a person: for his own eyes, and when he wants to close his account."""

from sqlalchemy import Select, select

from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, rows
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.enterprises.queries import represented_by
from server.seals.models import Seal, SealChange, SealState

ENDED = (SealState.CANCELLED, SealState.EXPIRED)
OF_COMPANIES = (
    "您担任法定代表人的企业仍有未注销的印章。",
    "Companies that you represent still have seals.",
)
HIS_OWN = ("您仍有未注销的个人印章。", "You still have seals of your own.")


def obstacles(uow: UnitOfWork, account_id: str) -> list[Obstacle]:
    """Seals that nobody could use, suspend or cancel any more."""
    companies = [company.id for company in represented_by(uow, account_id)]
    counted = {
        "company_seals": (_living(uow, OwnerKind.ENTERPRISE, companies), OF_COMPANIES),
        "personal_seals": (_living(uow, OwnerKind.ACCOUNT, [account_id]), HIS_OWN),
    }
    return [Obstacle(kind, count, words) for kind, (count, words) in counted.items() if count]


def nothing_to_end(_uow: UnitOfWork, _account_id: str) -> bool:
    """With living seals the account stays open, and those that have ended name their owner."""
    return False


def records(uow: UnitOfWork, account_id: str) -> Records:
    """His own seals, and the renewals and changes that he asked for."""
    columns = ("name", "kind", "number", "status", "valid_from", "valid_until", "created_at")
    asked = select(SealChange).where(SealChange.asked_by == account_id).order_by(SealChange.id)
    return {
        "seals": rows(uow, _of(OwnerKind.ACCOUNT, [account_id]), columns),
        "seal_changes": rows(uow, asked, ("kind", "state", "asked_at", "settled_at")),
    }


def _living(uow: UnitOfWork, kind: OwnerKind, owners: list[str]) -> int:
    seals = uow.session.scalars(_of(kind, owners))
    return sum(seal.state(uow.now) not in ENDED for seal in seals)


def _of(kind: OwnerKind, owners: list[str]) -> Select[Seal]:
    return select(Seal).where(Seal.owner_kind == kind, Seal.owner_id.in_(owners)).order_by(Seal.id)


TIE = Tie(obstacles, nothing_to_end)
