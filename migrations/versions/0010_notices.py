"""What people are told, and the text messages that wait for the gateway."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.String(length=32)
MOMENT = UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("enterprise_id", ID, nullable=True),
        sa.Column("news", sa.String(length=48), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(length=160), nullable=True),
        sa.Column("text_id", ID, nullable=True),
        sa.Column("text_unsent", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_notices_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("once", name="uq_notices_once"),
    )
    for columns in (
        ["account_id", "id"],
        ["account_id", "enterprise_id", "id"],
        ["account_id", "read_at"],
        ["created_at"],
        ["text_id"],
    ):
        op.create_index(f"ix_notices_{'_'.join(columns)}", "notices", columns)
    op.create_table(
        "texts",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("template", sa.String(length=48), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asker_id", ID, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_texts_account_id"),
        sa.ForeignKeyConstraint(["asker_id"], ["accounts.id"], name="fk_texts_asker_id"),
        sa.PrimaryKeyConstraint("id", name="pk_texts"),
    )
    for column in ("account_id", "created_at"):
        op.create_index(f"ix_texts_{column}", "texts", [column])


def downgrade() -> None:
    op.drop_table("texts")
    op.drop_table("notices")
