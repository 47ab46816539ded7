"""Logins at partners by QR code, and where a partner's logins may come back to."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# Column by column, as in 0002: partners are referred to, and must not be dropped to be copied.
def upgrade() -> None:
    op.add_column(
        "partners",
        sa.Column("login_return_urls", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column(
        "partners",
        sa.Column("login_shows_companies", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "partner_logins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("partner_id", sa.String(length=32), nullable=False),
        sa.Column("return_url", sa.String(length=1024), nullable=False),
        sa.Column("state", sa.String(length=256), nullable=False),
        sa.Column("code_challenge", sa.String(length=43), nullable=False),
        sa.Column("named_signer", sa.String(length=64), nullable=True),
        sa.Column("open_digest", sa.String(length=64), nullable=False),
        sa.Column("open_until", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("qr_session_id", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", server.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_partner_logins_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_logins")),
        sa.UniqueConstraint("qr_session_id", name=op.f("uq_partner_logins_qr_session_id")),
    )
    for column in ("partner_id", "created_at"):
        op.create_index(op.f(f"ix_partner_logins_{column}"), "partner_logins", [column])


def downgrade() -> None:
    op.drop_table("partner_logins")
    op.drop_column("partners", "login_shows_companies")
    op.drop_column("partners", "login_return_urls")
