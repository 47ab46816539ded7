"""What proofs of intent know of a person: for his own eyes, and when he closes his account."""

from sqlalchemy import select

from server.accounts.closing import Obstacle, Tie
from server.accounts.personal_data import Records, of, rows
from server.certificates.models import OwnerKind
from server.core.db import UnitOfWork
from server.intents import methods
from server.intents.models import Intent, OwnerMethod


def nothing_open(_uow: UnitOfWork, _account_id: str) -> list[Obstacle]:
    """A proof that was not used holds nobody back."""
    return []


def let_go(uow: UnitOfWork, account_id: str) -> bool:
    """His verification method goes with him; proofs end with his logins, and are swept."""
    methods.forget(uow, OwnerKind.ACCOUNT, account_id)
    return False


def records(uow: UnitOfWork, account_id: str) -> Records:
    """What he proved, and by what the use of his seals is verified."""
    his = (OwnerMethod.owner_kind == OwnerKind.ACCOUNT, OwnerMethod.owner_id == account_id)
    proofs = ("action", "method", "begun_at", "proved_at", "used_at")
    return {
        "intents": rows(uow, of(Intent, account_id), proofs),
        "verification_method": rows(uow, select(OwnerMethod).where(*his), ("method", "changed_at")),
    }


TIE = Tie(nothing_open, let_go)
