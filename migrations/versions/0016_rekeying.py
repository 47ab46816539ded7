"""Rings that are replaced, copies that are wanted again, and the code that a request came by."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = server.core.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "key_requests",
        sa.Column("asked_by", sa.String(length=32), nullable=False, server_default=""),
    )
    op.create_table(
        "rekeyings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ring_id", sa.String(length=32), nullable=False),
        sa.Column("holder_id", sa.String(length=32), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["id"], ["key_requests.id"], name=op.f("fk_rekeyings_id")),
        sa.ForeignKeyConstraint(["ring_id"], ["key_rings.id"], name=op.f("fk_rekeyings_ring_id")),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["accounts.id"], name=op.f("fk_rekeyings_holder_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rekeyings")),
    )
    op.create_index(op.f("ix_rekeyings_ring_id"), "rekeyings", ["ring_id"])
    op.create_table(
        "wanted_copies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ring_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_wanted_copies_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["ring_id"], ["key_rings.id"], name=op.f("fk_wanted_copies_ring_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wanted_copies")),
        sa.UniqueConstraint(
            "ring_id",
            "account_id",
            "grant_id",
            name=op.f("uq_wanted_copies_ring_id_account_id_grant_id"),
        ),
    )
    op.create_index(op.f("ix_wanted_copies_account_id"), "wanted_copies", ["account_id"])


def downgrade() -> None:
    op.drop_table("wanted_copies")
    op.drop_table("rekeyings")
    op.drop_column("key_requests", "asked_by")
