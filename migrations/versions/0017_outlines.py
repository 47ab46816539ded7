"""What was cut out of the photo of a signature stays with the photo."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("materials", sa.Column("outlines", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("materials", "outlines")
