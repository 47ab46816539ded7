"""The product on either database: SQLite, and a real PostgreSQL with the migrated schema."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select

from server.assembly import assemble
from server.core.db import Base
from server.providers.keys.local import LocalKeys
from server.sealing.sandbox import Sandbox
from server.settings import Settings
from tests.factories.product import Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import at_once

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database; an empty one is SQLite in the data folder."""
    if request.param == "sqlite":
        return ""
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def settings(database: str, settings: Settings, seeded: Settings) -> Settings:
    """Settings on a data folder and a database of the test's own, with all that was seeded."""
    shutil.copytree(seeded.data_dir, settings.data_dir)
    if database:
        fill(database, seeded.database)
    return settings.model_copy(update={"database_url": database})


@pytest.fixture
def product(settings: Settings, clock: FakeClock, sandbox: Sandbox) -> Iterator[Product]:
    """As everywhere, and with a key service that races do not exhaust."""
    parts = assemble(settings, clock)
    parts.sandbox.close()
    keys = LocalKeys(settings.data_dir / "keys", clock, calls_per_minute=10_000)
    providers = replace(parts.providers, keys=keys)
    parts = replace(parts, sandbox=sandbox, providers=providers, aside=at_once)
    yield Product.begun(parts, clock)
    parts.bus.close()
    parts.db.close()


def fill(url: str, source: str) -> None:
    """Migrate an empty database, and copy every row of another one into it."""
    old, new = create_engine(source), create_engine(url)
    with old.connect() as reader, new.begin() as writer:
        config = Config(attributes={"connection": writer})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "head")
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in reader.execute(select(table)).mappings()]
            if rows:
                writer.execute(table.insert(), rows)
    old.dispose()
    new.dispose()
