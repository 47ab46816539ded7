"""Proofs of intent, and what verifies the use of an owner's seals."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
DIGEST = sa.String(length=64)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "intents",
        sa.Column("id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("action", ID, nullable=False),
        sa.Column("subject_digest", DIGEST, nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("phone_index", DIGEST, nullable=False),
        sa.Column("face_check_id", ID, nullable=True),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("proved_at", moment, nullable=True),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["account_sessions.id"], name=op.f("fk_intents_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_intents_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intents")),
        sa.UniqueConstraint("face_check_id", name=op.f("uq_intents_face_check_id")),
    )
    op.create_index(op.f("ix_intents_account_id"), "intents", ["account_id"])
    op.create_index(op.f("ix_intents_begun_at"), "intents", ["begun_at"])
    op.create_table(
        "verification_methods",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("password_digest", sa.String(length=200), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_methods")),
        sa.UniqueConstraint(
            "owner_kind", "owner_id", name=op.f("uq_verification_methods_owner_kind_owner_id")
        ),
    )
    op.create_index(op.f("ix_verification_methods_owner_id"), "verification_methods", ["owner_id"])


def downgrade() -> None:
    op.drop_table("verification_methods")
    op.drop_table("intents")
