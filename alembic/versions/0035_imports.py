"""Imports of workbooks that were uploaded, with what is wrong in them."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("options", Json, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("mended", Json, nullable=False),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("error", sa.String(500), nullable=True),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("checked_at", Utc(), nullable=True),
        sa.Column("applied_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sheet_import_organization", "sheet_import", ["organization_id", "id"])
    op.create_table(
        "sheet_import_fault",
        sa.Column("import_id", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(120), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(3), nullable=False),
        sa.Column("header", sa.String(200), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
        sa.Column("row_text", sa.String(120), nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("in_header", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["sheet_import.id"]),
        sa.PrimaryKeyConstraint("import_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("sheet_import_fault")
    op.drop_table("sheet_import")
