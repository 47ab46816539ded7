"""What the tests of the core start from: a database with the tables of the core."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.core import audit, idempotency, jobs, limits, outbox
from server.core.db import Base, Database
from tests.fakes.clock import FakeClock

TABLES = [
    row.__table__
    for row in (
        audit.AuditRow,
        audit.AuditHead,
        idempotency.IdempotencyKey,
        jobs.Job,
        limits.AttemptCounter,
        outbox.OutboxEvent,
    )
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the database is; every test of the core shall hold on each kind that is listed."""
    if request.param == "postgresql":
        address: str = request.getfixturevalue("postgres_url")
        return address
    return f"sqlite:///{tmp_path / 'core.sqlite3'}"


@pytest.fixture
def db(url: str, clock: FakeClock) -> Iterator[Database]:
    database = Database(url, clock)
    Base.metadata.create_all(database.engine, tables=TABLES)  # type: ignore[arg-type]
    yield database
    database.close()
