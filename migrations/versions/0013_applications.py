"""Applications for seals, the people that they name, and their materials."""

import sqlalchemy as sa
from alembic import op

import server.core.db

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = server.core.db.UtcDateTime
    op.create_table(
        "applications",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("applicant_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("unit_name", sa.String(length=128), nullable=False),
        sa.Column("unit_number", sa.String(length=18), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("method_digest", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", at(timezone=True), nullable=False),
        sa.Column("changed_at", at(timezone=True), nullable=False),
        sa.Column("submitted_at", at(timezone=True), nullable=True),
        sa.Column("expires_at", at(timezone=True), nullable=True),
        sa.Column("ended_at", at(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["applicant_id"], ["accounts.id"], name=op.f("fk_applications_applicant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    for column in ("owner_id", "applicant_id"):
        op.create_index(op.f(f"ix_applications_{column}"), "applications", [column])
    op.create_index("ix_applications_state_expires_at", "applications", ["state", "expires_at"])
    op.create_table(
        "application_parties",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("document_type", sa.String(length=32), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("consented_at", at(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_parties_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_parties")),
        sa.UniqueConstraint(
            "application_id", "role", name=op.f("uq_application_parties_application_id_role")
        ),
    )
    op.create_index(
        op.f("ix_application_parties_application_id"), "application_parties", ["application_id"]
    )
    op.create_table(
        "materials",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("holder_id", sa.String(length=32), nullable=False),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_closed", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_at", at(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_materials")),
        sa.UniqueConstraint("holder_id", "slot", name=op.f("uq_materials_holder_id_slot")),
    )
    for column in ("holder_id", "digest"):
        op.create_index(op.f(f"ix_materials_{column}"), "materials", [column])


def downgrade() -> None:
    op.drop_table("materials")
    op.drop_table("application_parties")
    op.drop_table("applications")
