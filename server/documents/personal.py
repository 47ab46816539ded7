"""What files know of a person, for his own eyes."""

from sqlalchemy import select

from server.accounts.personal_data import Records, rows
from server.core.db import UnitOfWork
from server.documents.models import Document

COLUMNS = ("name", "status", "size", "digest", "created_at")


def records(uow: UnitOfWork, account_id: str) -> Records:
    """The files that are his."""
    mine = select(Document).where(Document.holder_id == account_id).order_by(Document.id)
    return {"documents": rows(uow, mine, COLUMNS)}
