"""Every login says by what it was opened; those that exist were opened by SMS."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    means = sa.Column("means", sa.String(length=8), nullable=False, server_default="sms")
    with op.batch_alter_table("account_sessions") as table:
        table.add_column(means)
    # A login that forgot to say must not become a phone's.
    with op.batch_alter_table("account_sessions") as table:
        table.alter_column("means", server_default=None)


def downgrade() -> None:
    # The older code knows phones alone, so the computers are logged out.
    op.execute("DELETE FROM account_sessions WHERE means <> 'sms'")
    with op.batch_alter_table("account_sessions") as table:
        table.drop_column("means")
