"""Keys that wait for their certificates, copies held for people without one, retired rings."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = server.core.db.UtcDateTime(timezone=True)


def upgrade() -> None:
    # Column by column, as in 0002: rings are referred to, and must not be dropped to be copied.
    op.add_column("key_rings", sa.Column("retired_at", MOMENT, nullable=True))
    op.create_table(
        "key_requests",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("subject_name", sa.String(length=128), nullable=False),
        sa.Column("subject_number", sa.String(length=64), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("not_after", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_requests")),
    )
    op.create_index(op.f("ix_key_requests_owner_id"), "key_requests", ["owner_id"])
    op.create_table(
        "requested_keys",
        sa.Column("request_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["key_requests.id"], name=op.f("fk_requested_keys_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "kind", name=op.f("pk_requested_keys")),
    )
    op.create_table(
        "held_copies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("ring_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("grant_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_held_copies_account_id")
        ),
        sa.ForeignKeyConstraint(["ring_id"], ["key_rings.id"], name=op.f("fk_held_copies_ring_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_copies")),
        sa.UniqueConstraint(
            "ring_id",
            "account_id",
            "grant_id",
            name=op.f("uq_held_copies_ring_id_account_id_grant_id"),
        ),
    )
    op.create_index(op.f("ix_held_copies_account_id"), "held_copies", ["account_id"])


def downgrade() -> None:
    op.drop_table("held_copies")
    op.drop_table("requested_keys")
    op.drop_table("key_requests")
    op.drop_column("key_rings", "retired_at")
