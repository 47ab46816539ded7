"""The database: one declarative base, one unit of work, nothing committed anywhere else."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from server.core.clock import Clock, SteadyClock

log = logging.getLogger(__name__)
# Seconds after which a clock that is the database's is set anew; two counters drift apart slowly.
CLOCK_AGE = 30.0
Row = TypeVar("Row", bound="Base")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on every database; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 - SQLAlchemy reads it so


class UnitOfWork:
    """One transaction: the session, the time it began, and what to do before and after its commit.

    The time is that of the database where machines share one (see `Database`).

    Holds no providers, so that nobody calls the outside world inside a transaction.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self._before_commit: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], object]] = []

    def locked(self, kind: type[Row], row_id: str) -> Row:
        """A row as it stands now, kept from others until the end of the transaction.

        What was read of it before the lock is read afresh: another may have changed it since.
        """
        return self.session.get_one(kind, row_id, with_for_update=True, populate_existing=True)

    def queue_up(self, name: str) -> None:
        """Let one transaction at a time past this point; the next one when this one has ended.

        For rows that may not exist yet, as only those that exist can be locked. SQLite has one
        writer at a time as it is.
        """
        if self.session.get_bind().dialect.name == "postgresql":
            number = func.hashtextextended(name, 0)
            self.session.execute(select(func.pg_advisory_xact_lock(number)))

    def before_commit(self, act: Callable[[], None]) -> None:
        """Run `act` inside the transaction as its last step (the audit chain's lock)."""
        self._before_commit.append(act)

    def after_commit(self, act: Callable[[], object]) -> None:
        """Run `act` once the transaction is durable; a failure is logged and never undoes it."""
        self._after_commit.append(act)

    def close_books(self) -> None:
        for act in self._before_commit:
            act()

    def tell(self) -> None:
        for act in self._after_commit:
            try:
                act()
            except Exception:
                log.exception("after_commit_failed")


class Database:
    """An engine and the one way to begin a transaction on it.

    A PostgreSQL sets a SteadyClock to its own time, before the first transaction and twice a
    minute: a machine whose clock is off counts no deadline wrongly (R-06). SQLite has no clock
    but its machine's.
    """

    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        self.engine = make_engine(url)
        self._clock_is_set = False

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A transaction that writes: commits at the end of the block, rolls back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session, self._now(session))
            yield uow
            session.flush()
            uow.close_books()
        uow.tell()

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads: takes no write lock and is always rolled back.

        All that it reads is of one moment, and stays readable afterwards.
        """
        options: dict[str, Any] = {"read_only": True}
        if self._is_shared:
            options["isolation_level"] = "REPEATABLE READ"
        with (
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            yield UnitOfWork(session, self._now(session))

    def set_clock(self) -> None:
        """Ask for the time at the start; a database that is away is asked by the first transaction.

        What runs without one, such as a QR session in Redis, goes by the machine until then.
        """
        if not self._is_shared:
            return
        try:
            with self.read():
                pass
        except OperationalError:
            log.warning("database_away")

    @property
    def _is_shared(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def _now(self, session: Session) -> datetime:
        clock = self.clock
        if not self._is_shared or not isinstance(clock, SteadyClock):
            return clock.now()
        if not self._clock_is_set or clock.age > CLOCK_AGE:
            clock.set(session.scalars(select(func.clock_timestamp())).one())
            self._clock_is_set = True
        return clock.now()

    def close(self) -> None:
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine; SQLite gets WAL, full synchronisation and honest `BEGIN IMMEDIATE`."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_timeout=5)
    engine = create_engine(url, connect_args={"timeout": 10}, pool_timeout=5, pool_size=16)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own idea of BEGIN is switched off
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A deferred transaction that turns into a writer fails at once when another one writes.
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
