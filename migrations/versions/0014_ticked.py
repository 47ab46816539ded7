"""A company's login keeps what it ticked until its person has shown his face.

A login of before has nothing to keep: its person is asked once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account_sessions") as table:
        table.add_column(sa.Column("ticked", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account_sessions") as table:
        table.drop_column("ticked")
