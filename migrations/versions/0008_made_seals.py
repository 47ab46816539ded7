"""Each impression carries the electronic seal that its maker signed.

An impression of before has none: it stays empty until the seal is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("seal_impressions") as table:
        table.add_column(sa.Column("made", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("seal_impressions") as table:
        table.drop_column("made")
