"""For whom a person acts: himself, or one of the companies that he may act for (F-12)."""

from typing import Any

from server.core.db import UnitOfWork
from server.grants.errors import NoRight
from server.grants.rights import Right, companies_of
from server.web.identity import Person
from server.web.words import say


def acting_right(rights: list[Right], person: Person) -> Right | None:
    """The company acted for; at the first login the first one, as that is what people come for."""
    chosen = person.session.acting_enterprise_id
    found = next((right for right in rights if right.enterprise.id == chosen), None)
    return found or (rights[0] if rights and not person.session.role_chosen else None)


def role_choices(
    rights: list[Right], person: Person, current: Right | None
) -> list[dict[str, Any]]:
    """What a person may switch to: each company by his right there, and himself."""
    own = {"kind": "account", "id": person.account.id, "name": person.account.masked_name}
    companies = [
        {
            "kind": "enterprise",
            "id": right.enterprise.id,
            "name": right.enterprise.name,
            "right": say(right.name),
            "current": right is current,
        }
        for right in rights
    ]
    if only_company(person):
        return companies
    return [*companies, {**own, "right": "", "current": current is None}]


def rights_within(uow: UnitOfWork, person: Person) -> list[Right]:
    """The companies that this very login may act for: a company's own login for it alone
    (Settled 12)."""
    rights = companies_of(uow, person.account.id)
    return [one for one in rights if is_within(person, one.enterprise.id)]


def require_within(person: Person, enterprise_id: str) -> None:
    """Raise NoRight for another company than the one whose own login this is."""
    if not is_within(person, enterprise_id):
        raise NoRight()


def is_within(person: Person, enterprise_id: str) -> bool:
    """Whether this login may act for the company, if its person may."""
    return only_company(person) in (None, enterprise_id)


def only_company(person: Person) -> str | None:
    """The id of the company whose own login this is; None for a person, who may have several."""
    of_company = person.session.enterprise_login_id is not None
    return person.session.acting_enterprise_id if of_company else None
