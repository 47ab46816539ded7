"""A face check for a name that nobody has proved has no account."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.String(length=32)


def upgrade() -> None:
    with op.batch_alter_table("face_checks") as table:
        table.alter_column("account_id", existing_type=ID, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM face_checks WHERE account_id IS NULL")
    with op.batch_alter_table("face_checks") as table:
        table.alter_column("account_id", existing_type=ID, nullable=False)
