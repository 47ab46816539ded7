"""What goes wrong on purpose."""

from collections.abc import Callable

from server.core.db import Database, UnitOfWork


class Broken(Exception):
    """Something that nobody foresaw; its text may hold anything."""


def fail() -> None:
    raise Broken


def abandon(db: Database, act: Callable[[UnitOfWork], object]) -> None:
    """Do something in a transaction that writes it all, and then fails with Broken."""
    with db.begin() as uow:
        act(uow)
        uow.session.flush()
        raise Broken
