"""Copies of data keys that the service opens for who proves himself by another method than PIN."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "method_copies",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("ring_id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("grant_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_method_copies_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["ring_id"], ["key_rings.id"], name=op.f("fk_method_copies_ring_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_method_copies")),
        sa.UniqueConstraint(
            "ring_id",
            "account_id",
            "grant_id",
            name=op.f("uq_method_copies_ring_id_account_id_grant_id"),
        ),
    )
    op.create_index(op.f("ix_method_copies_account_id"), "method_copies", ["account_id"])


def downgrade() -> None:
    op.drop_table("method_copies")
