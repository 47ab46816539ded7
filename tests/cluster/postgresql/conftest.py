"""The product of every other test, on a real PostgreSQL with the migrated schema."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg import sql
from sqlalchemy import text

from server.assembly import assemble
from server.runtime import Runtime
from server.sealing.sandbox import Sandbox
from server.seed import seed
from server.settings import Settings
from tests.cluster.postgresql.migrating import migrated
from tests.factories.holders import Holders
from tests.factories.product import PARTNER_KEY, Product
from tests.fakes.clock import FakeClock
from tests.fakes.threads import at_once
from tests.services import Server

SEEDED = "seeded"
PATIENCE_S = 20
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
Begin = Callable[[Callable[[], Any]], "Future[Any]"]


def address(server: Server, database: str) -> str:
    url = server.url.removesuffix("/postgres").replace("postgresql", "postgresql+psycopg", 1)
    return f"{url}/{database}"


@contextmanager
def assembled(settings: Settings, clock: FakeClock) -> Iterator[Runtime]:
    parts = assemble(settings, clock)
    with closing(parts.sandbox), closing(parts.bus), closing(parts.db):
        yield parts


@pytest.fixture(scope="session")
def seeded_there(
    postgres_server: Server, seeded: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The demo's people and companies in a database from which each test's own is copied."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(SEEDED)))
    changes = {
        "data_dir": tmp_path_factory.mktemp("seeded_there") / "data",
        "database_url": address(postgres_server, SEEDED),
    }
    settings = seeded.model_copy(update=changes)
    with assembled(settings, FakeClock()) as parts:
        migrated(parts.db.engine, command.upgrade, "head")
        seed(parts, settings.data_dir / PARTNER_KEY)
    shutil.rmtree(settings.data_dir / "bus")
    return settings


@pytest.fixture
def product(
    postgres_server: Server,
    seeded_there: Settings,
    clock: FakeClock,
    sandbox: Sandbox,
    tmp_path: Path,
) -> Iterator[Product]:
    """In place of the product on SQLite."""
    name = f"test_{secrets.token_hex(6)}"
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(SEEDED)))
    shutil.copytree(seeded_there.data_dir, tmp_path / "data")
    changes = {"data_dir": tmp_path / "data", "database_url": address(postgres_server, name)}
    with assembled(seeded_there.model_copy(update=changes), clock) as parts:
        yield Product.begun(replace(parts, sandbox=sandbox, aside=at_once), clock)


@pytest.fixture
def holders(product: Product, tmp_path: Path) -> Holders:
    return Holders.of(product, tmp_path)


@pytest.fixture
def begin(product: Product) -> Iterator[Begin]:
    """Starts an act in a thread; back as soon as it waits for a lock, or is over."""
    with ThreadPoolExecutor(1) as pool, product.parts.db.engine.connect() as watching:

        def begun(act: Callable[[], Any]) -> "Future[Any]":
            asked = pool.submit(act)
            for _ in range(PATIENCE_S * 50):
                if asked.done() or watching.scalar(WAITING):
                    return asked
                watching.rollback()
                Event().wait(0.02)
            raise AssertionError("neither waits nor ends")

        yield begun
