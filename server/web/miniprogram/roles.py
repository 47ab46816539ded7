"""For whom the mini-program's person may act: a company's own login for that company alone."""

from pydantic import BaseModel

from server.core.db import UnitOfWork
from server.grants.rights import Right, companies_of
from server.web.identity import Person
from server.web.pages.roles import acting_right
from server.web.words import say


class RoleOut(BaseModel):
    """`right`: 法定代表人, 管理员 or 经办人, in the caller's language."""

    enterprise_id: str
    name: str
    right: str


def rights_within(uow: UnitOfWork, person: Person) -> list[Right]:
    """The companies that this very login may act for (Settled 12)."""
    rights = companies_of(uow, person.account.id)
    if person.session.enterprise_login_id is None:
        return rights
    return [one for one in rights if one.enterprise.id == person.session.acting_enterprise_id]


def acting(rights: list[Right], person: Person) -> Right | None:
    """The company that is acted for now."""
    return acting_right(rights, person)


def role_out(right: Right) -> RoleOut:
    """A role in the caller's language."""
    return RoleOut(
        enterprise_id=right.enterprise.id, name=right.enterprise.name, right=say(right.name)
    )
