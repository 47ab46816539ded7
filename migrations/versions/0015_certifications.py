"""Certifications by link: a row for each person and turn, and the forms that they sign."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = server.core.db.UtcDateTime
    op.create_table(
        "certifications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.String(length=32), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", at(timezone=True), nullable=True),
        sa.Column("sent_at", at(timezone=True), nullable=True),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("opened_at", at(timezone=True), nullable=True),
        sa.Column("form_digest", sa.String(length=64), nullable=False),
        sa.Column("read_at", at(timezone=True), nullable=True),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("face_check_id", sa.String(length=32), nullable=False),
        sa.Column("face_result_id", sa.String(length=64), nullable=False),
        sa.Column("identified_at", at(timezone=True), nullable=True),
        sa.Column("signature_digest", sa.String(length=64), nullable=True),
        sa.Column("signature_key", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", at(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_certifications_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certifications")),
        sa.UniqueConstraint(
            "application_id", "turn", name=op.f("uq_certifications_application_id_turn")
        ),
        sa.UniqueConstraint("link_digest", name=op.f("uq_certifications_link_digest")),
    )
    for column in ("application_id", "number_index", "signature_digest"):
        op.create_index(op.f(f"ix_certifications_{column}"), "certifications", [column])
    _create_forms()


def _create_forms() -> None:
    at = server.core.db.UtcDateTime
    op.create_table(
        "application_forms",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_closed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("made_at", at(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_forms_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_forms")),
        sa.UniqueConstraint(
            "application_id",
            "signatures",
            "sealed",
            name=op.f("uq_application_forms_application_id_signatures_sealed"),
        ),
    )
    for column in ("application_id", "digest"):
        op.create_index(op.f(f"ix_application_forms_{column}"), "application_forms", [column])


def downgrade() -> None:
    op.drop_table("application_forms")
    op.drop_table("certifications")
