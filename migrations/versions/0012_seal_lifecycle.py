"""Why a seal is suspended, when it was cancelled, and what is done to it by its maker.

A renewed certificate has another serial than the one that its key was closed under.
"""

import sqlalchemy as sa
from alembic import op

from server.core.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


# Column by column, as in 0006: what others refer to must not be dropped to be copied.
def upgrade() -> None:
    op.add_column("seals", sa.Column("suspended_because", sa.String(32), nullable=True))
    op.add_column("seals", sa.Column("cancelled_at", UtcDateTime(), nullable=True))
    closed_under = sa.Column("closed_under", sa.String(64), nullable=False, server_default="")
    op.add_column("signing_keys", closed_under)
    op.create_table(
        "certificate_renewals",
        sa.Column("certificate_id", sa.String(32), nullable=False),
        sa.Column("ring_id", sa.String(32), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"]),
        sa.ForeignKeyConstraint(["ring_id"], ["key_rings.id"]),
        sa.PrimaryKeyConstraint("certificate_id"),
    )
    op.create_index("ix_certificate_renewals_ring_id", "certificate_renewals", ["ring_id"])
    op.create_table(
        "seal_changes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("seal_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("wish", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["seal_id"], ["seals.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_seal_changes_seal_id", "seal_changes", ["seal_id"])


def downgrade() -> None:
    op.drop_table("seal_changes")
    op.drop_table("certificate_renewals")
    op.drop_column("signing_keys", "closed_under")
    op.drop_column("seals", "cancelled_at")
    op.drop_column("seals", "suspended_because")
