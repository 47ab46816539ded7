"""The migrations lead to the tables that the code expects, and back to nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect

from server.core.db import make_engine
from server.tables import METADATA
from tests.cluster.postgresql.migrating import migrated


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    postgresql = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if postgresql else ""
    engine = make_engine(url or f"sqlite:///{tmp_path / 'guiyin.sqlite3'}")
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_migrations_go_up_down_and_up_again(engine: Engine) -> None:
    for _ in range(2):
        migrated(engine, command.upgrade, "head")
        assert tables(engine) == {*METADATA.tables, "alembic_version"}
        migrated(engine, command.check)

        migrated(engine, command.downgrade, "base")
        assert tables(engine) == {"alembic_version"}
