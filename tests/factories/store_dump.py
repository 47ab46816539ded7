"""Everything that the stores of a product hold, to compare before and after an attack."""

from typing import Any

from sqlalchemy import select

from qr_session import QrSession
from server.core.audit import AuditHead, AuditRow
from server.core.db import Base
from tests.factories.product import Product

# A refused attack is written down; nothing else may come of it.
WRITTEN_DOWN = {AuditRow.__tablename__, AuditHead.__tablename__}


def everything(product: Product, session_id: str) -> tuple[QrSession | None, dict[str, list[Any]]]:
    """The QR session as it is stored, and all rows of all tables but those of the audit trail."""
    with product.parts.db.read() as uow:
        tables = {
            table.name: sorted(str(tuple(row)) for row in uow.session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in WRITTEN_DOWN
        }
    return product.parts.qr_sessions.store.get(session_id), tables
