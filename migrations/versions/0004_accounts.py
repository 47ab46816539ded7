"""People and companies come in by many ways: levels, passwords, consents, bound identities."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


# Columns that the rows that exist had to be given something for; new rows say it themselves.
FILLED = {
    "account_sessions": ("kind", "address"),
    "accounts": ("document_type", "level", "password_digest"),
    "enterprises": ("representative_name", "representative_index"),
    "sms_codes": ("subject", "address_index", "sent"),
}


def upgrade() -> None:
    op.create_table(
        "push_receipts",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("taken_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_push_receipts")),
    )
    with op.batch_alter_table("push_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_receipts_taken_at"), ["taken_at"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("given_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", server.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_consents_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_account_id"), ["account_id"], unique=False)

    op.create_table(
        "face_checks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("result_id", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("started_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_at", server.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_face_checks_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_checks")),
    )
    with op.batch_alter_table("face_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_face_checks_account_id"), ["account_id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("app", sa.String(length=128), nullable=False),
        sa.Column("subject_index", sa.String(length=64), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("union_index", sa.String(length=64), nullable=True),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("bound_at", server.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_identities_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "kind", "app", "subject_index", name=op.f("uq_identities_kind_app_subject_index")
        ),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_identities_union_index"), ["union_index"], unique=False
        )

    op.create_table(
        "enterprise_logins",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("enterprise_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("representative_index", sa.String(length=64), nullable=False),
        sa.Column("legal_form", sa.String(length=32), nullable=False),
        sa.Column("password_digest", sa.String(length=200), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", server.core.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_enterprise_logins_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_logins_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_logins")),
        sa.UniqueConstraint("enterprise_id", name=op.f("uq_enterprise_logins_enterprise_id")),
    )
    with op.batch_alter_table("enterprise_logins", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_logins_phone_index"), ["phone_index"], unique=False
        )

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("identity_id", sa.String(length=32), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("changed_at", server.core.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_subscriptions_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "identity_id", "template", name=op.f("uq_subscriptions_identity_id_template")
        ),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscriptions_identity_id"), ["identity_id"], unique=False
        )

    with op.batch_alter_table("account_sessions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=16), nullable=False, server_default="phone")
        )
        batch_op.add_column(sa.Column("enterprise_login_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("address", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("face_at", server.core.db.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.alter_column(
            "means",
            existing_type=sa.VARCHAR(length=8),
            type_=sa.String(length=16),
            existing_nullable=False,
        )

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("document_type", sa.String(length=32), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("id_number_index", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("level", sa.String(length=16), nullable=False, server_default="phone")
        )
        batch_op.add_column(
            sa.Column("password_digest", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("closed_at", server.core.db.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.alter_column("phone_index", existing_type=sa.VARCHAR(length=64), nullable=True)
        batch_op.alter_column("phone_sealed", existing_type=sa.BLOB(), nullable=True)
        batch_op.create_unique_constraint(
            batch_op.f("uq_accounts_id_number_index"), ["id_number_index"]
        )

    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "representative_name", sa.String(length=64), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column(
                "representative_index", sa.String(length=64), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("checked_at", server.core.db.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.alter_column(
            "representative_id", existing_type=sa.VARCHAR(length=32), nullable=True
        )
        batch_op.create_index(
            batch_op.f("ix_enterprises_representative_index"),
            ["representative_index"],
            unique=False,
        )

    with op.batch_alter_table("sms_codes", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("subject", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("address_index", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("sent", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_index(
            batch_op.f("ix_sms_codes_address_index"), ["address_index"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sms_codes_created_at"), ["created_at"], unique=False)
    op.execute("UPDATE account_sessions SET kind = 'computer' WHERE means = 'qr'")
    op.execute(
        sa.text("UPDATE accounts SET level = 'proven' WHERE real_name = :yes").bindparams(yes=True)
    )
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_column("real_name")
    for table, columns in FILLED.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    # The older code knows people with phones only.
    op.execute("UPDATE accounts SET phone_index = id WHERE phone_index IS NULL")
    op.execute(
        sa.text("UPDATE accounts SET phone_sealed = :none WHERE phone_sealed IS NULL").bindparams(
            none=b""
        )
    )
    op.execute("DELETE FROM enterprise_logins")
    op.execute(
        "DELETE FROM account_sessions WHERE kind = 'mini_program' OR enterprise_login_id <> ''"
    )
    op.execute("UPDATE account_sessions SET means = 'sms' WHERE means NOT IN ('sms', 'qr')")
    op.execute("DELETE FROM account_sessions WHERE kind = 'computer' AND means <> 'qr'")
    op.execute(
        # Somebody must stand there, and nobody may act.
        "UPDATE enterprises SET status = 'suspended', representative_id ="
        " (SELECT MIN(id) FROM accounts) WHERE representative_id IS NULL"
    )
    with op.batch_alter_table("sms_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sms_codes_created_at"))
        batch_op.drop_index(batch_op.f("ix_sms_codes_address_index"))
        batch_op.drop_column("sent")
        batch_op.drop_column("address_index")
        batch_op.drop_column("subject")

    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprises_representative_index"))
        batch_op.alter_column(
            "representative_id", existing_type=sa.VARCHAR(length=32), nullable=False
        )
        batch_op.drop_column("checked_at")
        batch_op.drop_column("representative_index")
        batch_op.drop_column("representative_name")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("real_name", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_constraint(batch_op.f("uq_accounts_id_number_index"), type_="unique")
        batch_op.alter_column("phone_sealed", existing_type=sa.BLOB(), nullable=False)
        batch_op.alter_column("phone_index", existing_type=sa.VARCHAR(length=64), nullable=False)
        batch_op.drop_column("closed_at")
        batch_op.drop_column("password_digest")
        batch_op.drop_column("id_number_index")
        batch_op.drop_column("document_type")

    op.execute(
        sa.text("UPDATE accounts SET real_name = :yes WHERE level <> 'phone'").bindparams(yes=True)
    )
    with op.batch_alter_table("accounts") as batch_op:
        batch_op.drop_column("level")
        batch_op.alter_column("real_name", server_default=None)

    with op.batch_alter_table("account_sessions", schema=None) as batch_op:
        batch_op.alter_column(
            "means",
            existing_type=sa.String(length=16),
            type_=sa.VARCHAR(length=8),
            existing_nullable=False,
        )
        batch_op.drop_column("face_at")
        batch_op.drop_column("address")
        batch_op.drop_column("enterprise_login_id")
        batch_op.drop_column("kind")

    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscriptions_identity_id"))

    op.drop_table("subscriptions")
    with op.batch_alter_table("enterprise_logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_logins_phone_index"))

    op.drop_table("enterprise_logins")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_union_index"))
        batch_op.drop_index(batch_op.f("ix_identities_account_id"))

    op.drop_table("identities")
    with op.batch_alter_table("face_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_face_checks_account_id"))

    op.drop_table("face_checks")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_account_id"))

    op.drop_table("consents")
    with op.batch_alter_table("push_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_receipts_taken_at"))

    op.drop_table("push_receipts")
