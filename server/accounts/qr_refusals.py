"""A refused phone is written down, in a transaction of its own (S-05, S-07, S-12)."""

from collections.abc import Iterator
from contextlib import contextmanager

from qr_session.errors import Forbidden, WrongReference
from server.core import audit
from server.core.db import Database


@contextmanager
def refusals_noted(db: Database, session_id: str, account_id: str) -> Iterator[None]:
    """Note who tried what was not his on a QR session, or picked the wrong number; then raise."""
    try:
        yield
    except (Forbidden, WrongReference) as refusal:
        with db.begin() as uow:
            audit.record(uow, "qr.refused", actor=account_id, subject=session_id, code=refusal.code)
        raise
