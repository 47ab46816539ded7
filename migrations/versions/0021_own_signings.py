"""Signings of people's own files; a task may be nobody's but theirs, without a partner."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_signings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("enterprise_id", sa.String(32), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_own_signings_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_own_signings_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_signings")),
    )
    op.create_index(op.f("ix_own_signings_account_id"), "own_signings", ["account_id"])
    op.create_table(
        "own_files",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("signing_id", sa.String(32), nullable=False),
        sa.Column("task_id", sa.String(32), nullable=False),
        sa.Column("placements", sa.JSON(), nullable=False),
        sa.Column("straddles", sa.JSON(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_own_files_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["signing_id"], ["own_signings.id"], name=op.f("fk_own_files_signing_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_own_files")),
        sa.UniqueConstraint("task_id", name=op.f("uq_own_files_task_id")),
    )
    op.create_index(op.f("ix_own_files_signing_id"), "own_files", ["signing_id"])
    with op.batch_alter_table("signing_tasks") as batch:
        batch.alter_column("partner_id", existing_type=sa.String(32), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("signing_tasks") as batch:
        batch.alter_column("partner_id", existing_type=sa.String(32), nullable=False)
    op.drop_table("own_files")
    op.drop_table("own_signings")
