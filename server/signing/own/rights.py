"""With which seals somebody may seal a file of his own: his, or those of a company he acts for."""

from dataclasses import dataclass

from server.accounts.models import Account
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.grants.rights import USABLE, right_for
from server.sealing.placement import SealId, SizeMm
from server.seals.models import Seal
from server.seals.queries import of_owner
from server.signing.own.errors import NoUsableSeal
from server.signing.own.models import OwnSigning


@dataclass(frozen=True)
class SealingRight:
    """An owner of seals, the grant by which they are used (empty: by one's own right), and those
    that may be used now. All are of one key ring, as one signature is by one key."""

    kind: OwnerKind
    owner_id: str
    name: str
    grant_id: str
    seals: tuple[Seal, ...]

    @property
    def ring_id(self) -> str:
        return self.seals[0].ring_id

    @property
    def sizes(self) -> dict[SealId, SizeMm]:
        """Width and height in mm by the seals' ids."""
        return {seal.id: (seal.width_mm, seal.height_mm) for seal in self.seals}


def right_of(uow: UnitOfWork, signing: OwnSigning) -> SealingRight:
    """Asked anew at each step, as everything may have changed. Raises NoRight, NoUsableSeal."""
    if signing.enterprise_id is None:
        return _of_person(uow, signing.account_id)
    right = right_for(uow, signing.account_id, signing.enterprise_id)
    company, seals = right.enterprise, _of_one_ring(right.seals)
    return SealingRight(OwnerKind.ENTERPRISE, company.id, company.name, right.grant_id, seals)


def _of_person(uow: UnitOfWork, account_id: str) -> SealingRight:
    account = uow.session.get_one(Account, account_id)
    his = of_owner(uow, OwnerKind.ACCOUNT, account_id)
    usable = tuple(seal for seal in his if seal.state(uow.now) in USABLE)
    if not usable:
        raise NoUsableSeal()
    seals = _of_one_ring(usable)
    return SealingRight(OwnerKind.ACCOUNT, account_id, account.name, "", seals)


def _of_one_ring(seals: tuple[Seal, ...]) -> tuple[Seal, ...]:
    return tuple(seal for seal in seals if seal.ring_id == seals[0].ring_id)
