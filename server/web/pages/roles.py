"""For whom a person acts: himself, or one of the companies that he may act for (F-12)."""

from server.grants.rights import Right
from server.web.identity import Person


def acting_right(rights: list[Right], person: Person) -> Right | None:
    """The company acted for; at the first login the first one, as that is what people come for."""
    chosen = person.session.acting_enterprise_id
    found = next((right for right in rights if right.enterprise.id == chosen), None)
    return found or (rights[0] if rights and not person.session.role_chosen else None)
