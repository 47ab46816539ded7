"""A task's named signer as a keyed digest, and partners that have to name one."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# Column by column: to copy a table, as SQLite otherwise would, is to drop one that others refer to.
def upgrade() -> None:
    op.add_column(
        "partners",
        sa.Column("requires_named_signer", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("signing_tasks", sa.Column("named_signer", sa.String(length=64), nullable=True))
    # No interface has ever filled it.
    op.drop_column("signing_tasks", "named_signer_id")


def downgrade() -> None:
    op.add_column(
        "signing_tasks", sa.Column("named_signer_id", sa.String(length=32), nullable=True)
    )
    op.drop_column("signing_tasks", "named_signer")
    op.drop_column("partners", "requires_named_signer")
