"""Reviewers and their logins."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.String(length=32)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "reviewers",
        sa.Column("id", ID, nullable=False),
        sa.Column("login", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_digest", sa.String(length=200), nullable=False),
        sa.Column("one_time_until", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("disabled_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewers")),
        sa.UniqueConstraint("login", name=op.f("uq_reviewers_login")),
    )
    op.create_table(
        "reviewer_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewers.id"], name=op.f("fk_reviewer_sessions_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_sessions")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_reviewer_sessions_token_digest")),
    )
    op.create_index(op.f("ix_reviewer_sessions_reviewer_id"), "reviewer_sessions", ["reviewer_id"])


def downgrade() -> None:
    op.drop_table("reviewer_sessions")
    op.drop_table("reviewers")
