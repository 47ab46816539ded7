"""Alembic's commands on an engine of the test's own."""

from collections.abc import Callable
from pathlib import Path

from alembic.config import Config
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parents[3] / "migrations"


def migrated(engine: Engine, step: Callable[..., None], *to: str) -> None:
    """Run one command of alembic, such as `command.upgrade` to `head`, on this engine."""
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        step(config, *to)
