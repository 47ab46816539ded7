"""The seals that whoever is logged in may see, and what he may do with each.

The legal representative, and a person with his own seal, may do everything. 管理员 use and manage:
they suspend and enable, but neither renew nor cancel, which is done in the company's name with its
certificates (F-31). 经办人 only use.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.grants.models import GrantRole
from server.grants.rights import OWNER, Right, users_of
from server.intents.actions import ENTERPRISE
from server.seals.errors import NotYoursToChange, SealNotFound
from server.seals.models import Reason, Seal, SealState
from server.seals.queries import of_owner
from server.web.admission import require_may_act_for
from server.web.identity import Person
from server.web.pages.roles import only_company, rights_within

Act = Literal["sign", "change", "renew", "suspend", "enable", "cancel"]
USABLE = (SealState.ACTIVE, SealState.EXPIRING)


@dataclass(frozen=True)
class SeenSeal:
    """A seal, its owner's name, and the right by which it is seen; none for a person's own."""

    seal: Seal
    owner: str
    right: Right | None

    @property
    def is_owner(self) -> bool:
        return self.right is None or self.right.grant is None

    @property
    def hand(self) -> Reason | None:
        """As what this person may suspend and enable it; None for who may only use it."""
        grant = self.right.grant if self.right else None
        if grant is None:
            return Reason.OWNER
        return Reason.ADMINISTRATOR if grant.role == GrantRole.ADMINISTRATOR else None

    @property
    def subject(self) -> dict[str, str]:
        """What an intent about this seal is bound to."""
        of_company = {ENTERPRISE: self.right.enterprise.id} if self.right else {}
        return {"seal": self.seal.id, **of_company}

    def require_hand(self) -> Reason:
        """Raise NotYoursToChange for who may neither suspend nor enable it."""
        if self.hand is None:
            raise NotYoursToChange()
        return self.hand

    def require_owner(self) -> None:
        """Raise NotYoursToChange for anybody but the owner or the legal representative."""
        if not self.is_owner:
            raise NotYoursToChange()

    def allowed(self, now: datetime) -> list[Act]:
        """Of sign, change, renew, suspend, enable and cancel: what he may do with it now."""
        state = self.seal.state(now)
        usable, owner = state in USABLE, self.is_owner
        may: dict[Act, bool] = {
            "sign": usable,
            "change": usable and self.right is None,
            "renew": usable and owner and now >= self.seal.renewable_from,
            "suspend": usable and self.hand is not None,
            "enable": state == SealState.SUSPENDED and self._may_enable(),
            "cancel": owner and state != SealState.CANCELLED,
        }
        return [act for act, is_allowed in may.items() if is_allowed]

    def _may_enable(self) -> bool:
        return self.is_owner or (self.hand is not None and self.seal.reason == self.hand)


def visible_seal(uow: UnitOfWork, person: Person, seal_id: str) -> SeenSeal:
    """The seal, and by which right it is seen. Raises SealNotFound; FaceGate before the face."""
    for seen in _visible(uow, person):
        if seen.seal.id == seal_id:
            if seen.right is not None:
                require_may_act_for(person, seen.right.enterprise.id)
            return seen
    raise SealNotFound()


def own_seals(uow: UnitOfWork, person: Person) -> list[SeenSeal]:
    """A person's own seals; none for a company's own login."""
    if only_company(person) is not None:
        return []
    name = person.account.masked_name
    own = of_owner(uow, OwnerKind.ACCOUNT, person.account.id)
    return [SeenSeal(seal, name, None) for seal in own]


def seals_within(right: Right) -> list[SeenSeal]:
    """The seals that are seen by this right."""
    return [SeenSeal(seal, right.enterprise.name, right) for seal in right.seals]


def who_may_use(uow: UnitOfWork, seen: SeenSeal) -> list[tuple[str, str]]:
    """(masked name, the right's name) of everybody who may use it now."""
    if seen.right is None:
        return [(seen.owner, OWNER)]
    return users_of(uow, seen.right.enterprise, seen.seal)


def _visible(uow: UnitOfWork, person: Person) -> list[SeenSeal]:
    by_right = [one for right in rights_within(uow, person) for one in seals_within(right)]
    return [*by_right, *own_seals(uow, person)]
