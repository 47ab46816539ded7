"""Seals across the edges of many pages, and the slices into which a confirmation cuts them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("straddles", "slices"):
        none_yet = sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        op.add_column("signing_tasks", none_yet)


def downgrade() -> None:
    for name in ("slices", "straddles"):
        op.drop_column("signing_tasks", name)
