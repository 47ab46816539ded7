"""Whose seals a person is looking after now: his own, or those of the company he acts for."""

from dataclasses import dataclass

from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.grants.errors import NoRight
from server.web.identity import Person
from server.web.pages.roles import acting_right, rights_within


@dataclass(frozen=True)
class SealOwner:
    """An owner of seals; `represented` says that the person decides for it by his own right."""

    kind: OwnerKind
    id: str
    name: str
    represented: bool

    @property
    def parameters(self) -> dict[str, str]:
        """How a proof of intent names this owner."""
        company = {"enterprise": self.id} if self.kind == OwnerKind.ENTERPRISE else {}
        return {"owner": self.id, **company}

    def require_represented(self) -> None:
        """Raise NoRight for a company whose legal representative this is not."""
        if not self.represented:
            raise NoRight()


def owner_of(uow: UnitOfWork, person: Person) -> SealOwner:
    """The owner for whom this login acts now (F-12)."""
    right = acting_right(rights_within(uow, person), person)
    if right is None:
        return SealOwner(OwnerKind.ACCOUNT, person.account.id, person.account.name, True)
    company = right.enterprise
    return SealOwner(OwnerKind.ENTERPRISE, company.id, company.name, right.grant is None)
