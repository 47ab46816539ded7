"""A face service's own name of a check may be longer than ours."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SHORT, LONG = sa.String(length=128), sa.String(length=400)


def upgrade() -> None:
    with op.batch_alter_table("face_checks") as table:
        table.alter_column("reference", existing_type=SHORT, type_=LONG, existing_nullable=False)


def downgrade() -> None:
    # A check lives for minutes; who is in the middle of one shows his face again.
    op.execute("DELETE FROM face_checks WHERE length(reference) > 128")
    with op.batch_alter_table("face_checks") as table:
        table.alter_column("reference", existing_type=LONG, type_=SHORT, existing_nullable=False)
