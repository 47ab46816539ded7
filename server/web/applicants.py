"""Who applies for seals here, for whom, and what stands in his way (F-20, F-21, F-25, P-37)."""

from dataclasses import dataclass
from typing import Any

from server.accounts.errors import RealNameNeeded
from server.applications import owners, queries
from server.applications.errors import CannotApply
from server.applications.models import COMPANY_KINDS, PERSONAL_KINDS, Application, Way
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.core.errors import DomainError
from server.enterprises.models import Enterprise
from server.grants.rights import Right
from server.seals.errors import SealNotFound
from server.seals.models import SealKind
from server.web.identity import Person, current_person
from server.web.pages.roles import acting_right, rights_within, role_choices
from server.web.seal_samples import about, kind_name, of_company, picture, square


@dataclass(frozen=True)
class Choice:
    """One kind of seal in the list to choose from, with its words in the reader's language."""

    kind: SealKind
    name: str
    about: str
    taken: bool
    picked: bool


@dataclass(frozen=True)
class Applicant:
    """Somebody at the page: in which role, and for which company, if it is for one."""

    person: Person
    rights: list[Right]
    current: Right | None

    @classmethod
    def here(cls, uow: UnitOfWork) -> "Applicant":
        """Whoever is logged in, in the role that he acts in now."""
        person = current_person()
        rights = rights_within(uow, person)
        return cls(person, rights, acting_right(rights, person))

    @property
    def enterprise(self) -> Enterprise | None:
        return self.current.enterprise if self.current else None

    @property
    def owner_kind(self) -> OwnerKind:
        return OwnerKind.ENTERPRISE if self.current else OwnerKind.ACCOUNT

    @property
    def owner_id(self) -> str:
        return self.enterprise.id if self.enterprise else self.person.account.id

    @property
    def owner(self) -> dict[str, str]:
        """The owner as a page shows him."""
        name = self.enterprise.name if self.enterprise else self.person.account.masked_name
        return {"kind": self.owner_kind.value, "id": self.owner_id, "name": name}

    @property
    def roles(self) -> list[dict[str, Any]]:
        return role_choices(self.rights, self.person, self.current)

    def obstacle(self, uow: UnitOfWork) -> DomainError | None:
        """Why no application may begin in this role, in the words of its error; or nothing."""
        if not self.person.account.proven:
            return RealNameNeeded()
        if self.enterprise is None:
            return None
        try:
            owners.require_represented(uow, self.enterprise.id, self.person.account.id)
        except DomainError as found:
            return found
        return None

    def without_company(self, uow: UnitOfWork) -> CannotApply | None:
        """What somebody hears who represents no company registered in Guangxi (A5)."""
        try:
            owners.companies(uow, self.person.account.id)
        except CannotApply as found:
            return found
        return None

    def draft(self, uow: UnitOfWork, way: Way) -> Application | None:
        """What was begun for this owner and may still be changed."""
        return queries.draft_of(uow, self.owner_kind, self.owner_id, way)

    def choices(self, uow: UnitOfWork, draft: Application | None) -> list[Choice]:
        """The kinds of seals that this owner may ask for; those that are there are `taken`."""
        kinds = COMPANY_KINDS if self.enterprise else PERSONAL_KINDS
        own = draft.id if draft else ""
        taken = queries.taken_kinds(uow, self.owner_kind, self.owner_id, besides=own)
        picked = draft.kinds if draft else ()
        return [
            Choice(kind, kind_name(kind), about(kind), kind in taken, kind in picked)
            for kind in kinds
        ]

    def sample(self, kind: str, font: str) -> bytes:
        """The owner's name on a kind of seal, watermarked. SealNotFound for a kind that is not
        his to ask for; MissingGlyph, ImpressionTextInvalid."""
        if self.enterprise is not None and kind in COMPANY_KINDS:
            return picture(of_company(self.enterprise, SealKind(kind)))
        if self.enterprise is None and kind == SealKind.SQUARE:
            return picture(square(self.person.account.name, font))
        raise SealNotFound()
