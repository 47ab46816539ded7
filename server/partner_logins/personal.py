"""What logins at partners know of a person, for his own eyes; they are swept after half a year."""

from server.accounts.personal_data import Records, of, rows
from server.core.db import UnitOfWork
from server.partner_logins.models import PartnerLogin

LOGIN = ("partner_id", "outcome", "created_at", "settled_at")


def records(uow: UnitOfWork, account_id: str) -> Records:
    """At which partners he has logged in, and when."""
    return {"partner_logins": rows(uow, of(PartnerLogin, account_id), LOGIN)}
