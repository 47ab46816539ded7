"""The migrations lead to the tables that the code expects, and back to nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

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


ACCOUNT = """INSERT INTO accounts (id, name, phone_index, phone_sealed, real_name, created_at)
    VALUES ('acc-1', '韦志远', 'index', :sealed, :real_name, :at)"""
LOGIN = """INSERT INTO account_sessions (id, account_id, token_digest, role_chosen, user_agent,
    created_at, expires_at{columns}) VALUES (:id, 'acc-1', :id, :chosen, '', :at, :at{values})"""


@pytest.mark.row("F-13", "S-10")
def test_logins_from_before_are_phones_and_none_is_one_by_default(engine: Engine) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
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
