"""What companies hand in to have a seal cancelled."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cancellations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("begun_by", sa.String(32), nullable=False),
        sa.Column("agent_id", sa.String(32), nullable=False),
        sa.Column("agent_name", sa.String(64), nullable=False),
        sa.Column("agent_document_type", sa.String(32), nullable=False),
        sa.Column("agent_number_index", sa.String(64), nullable=False),
        sa.Column("agent_number", sa.LargeBinary(), nullable=False),
        sa.Column("agent_phone", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["begun_by"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("seal_id"),
    )


def downgrade() -> None:
    op.drop_table("cancellations")
