"""The migrations lead to the tables that the code expects, and back to nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Column, Engine, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from server.core.db import make_engine
from server.tables import METADATA
from tests.cluster.postgresql.migrating import migrated

NOW = datetime(2026, 11, 20, tzinfo=UTC)
FILLED = ("partners", "documents", "signing_tasks", "page_grants")


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


ACCOUNT = """INSERT INTO accounts (id, name, phone_index, phone_sealed, real_name, created_at)
    VALUES ('acc-1', '韦志远', 'index', :sealed, :real_name, :at)"""
LOGIN = """INSERT INTO account_sessions (id, account_id, token_digest, role_chosen, user_agent,
    created_at, expires_at{columns}) VALUES (:id, 'acc-1', :id, :chosen, '', :at, :at{values})"""


@pytest.mark.row("F-13", "S-10")
def test_logins_from_before_are_phones_and_none_is_one_by_default(engine: Engine) -> None:
    at = NOW
    given = {"chosen": False, "at": at}
    plain = text(LOGIN.format(columns="", values=""))
    by_qr = text(LOGIN.format(columns=", means", values=", 'qr'"))
    migrated(engine, command.upgrade, "0001")
    with engine.begin() as connection:
        connection.execute(text(ACCOUNT), {"sealed": b"", "real_name": True, "at": at})
        connection.execute(plain, {"id": "ses-1", **given})

    migrated(engine, command.upgrade, "0003")

    with engine.begin() as connection:
        assert connection.scalars(text("SELECT means FROM account_sessions")).all() == ["sms"]
        connection.execute(by_qr, {"id": "ses-2", **given})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(plain, {"id": "ses-3", **given})
    migrated(engine, command.downgrade, "0001")
    with engine.begin() as connection:
        assert connection.scalars(text("SELECT id FROM account_sessions")).all() == ["ses-1"]


def fill(engine: Engine, *names: str) -> None:
    """One row in each of these tables; each comes after those that it refers to."""
    found = MetaData()
    found.reflect(engine, only=names)
    with engine.begin() as connection:
        for name in names:
            row = {column.name: some(column) for column in found.tables[name].columns}
            connection.execute(found.tables[name].insert().values(row))


def some(column: Column[Any]) -> Any:
    """A value that fits; every id is the same, so that rows refer to each other."""
    if column.nullable:
        return None
    kind = column.type.python_type
    return {datetime: NOW, int: 1, bool: True, bytes: b"x", str: "x"}.get(kind, [])


@pytest.mark.parametrize("revision", ["0002"])
def test_what_lies_in_the_tables_outlives_each_step_and_the_way_back(
    engine: Engine, revision: str
) -> None:
    before = f"{int(revision) - 1:04}"
    migrated(engine, command.upgrade, before)
    fill(engine, *FILLED)
    shape = columns(engine)
    for step, to in ((command.upgrade, revision), (command.downgrade, before)):
        migrated(engine, step, to)
        with engine.connect() as connection:
            counts = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in FILLED]
        assert counts == [1] * len(FILLED)
    assert columns(engine) == shape


def columns(engine: Engine) -> list[set[str]]:
    return [{column["name"] for column in inspect(engine).get_columns(name)} for name in FILLED]
