"""Alembic's way in: our tables, and the database of the settings or of the caller."""

from alembic import context

from server.core.db import make_engine
from server.settings import Settings
from server.tables import METADATA

given = context.config.attributes.get("connection")


def migrate(connection):  # type: ignore[no-untyped-def]
    """Run the migrations on one connection; SQLite changes tables by copying them."""
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


if given is not None:
    migrate(given)
else:
    engine = make_engine(Settings.from_env().database)
    with engine.connect() as connection:
        migrate(connection)
        connection.commit()
    engine.dispose()
