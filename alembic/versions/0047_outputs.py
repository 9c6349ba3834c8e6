"""Outputs: papers of the conference with their authors, units, versions and track."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "output",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_id", Id, nullable=True),
        sa.Column("addressees", sa.String(500), nullable=False),
        sa.Column("copies", sa.String(500), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("issue_year", sa.Integer(), nullable=True),
        sa.Column("issue_number", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "kind", "issue_year", "issue_number"),
    )
    op.create_index("ix_output_organization", "output", ["organization_id", "state", "id"])
    op.create_index("ix_output_body", "output", ["body_id", "id"])
    op.create_table(
        "output_author",
        sa.Column("output_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("output_id", "seat_id"),
    )
    op.create_index("ix_output_author_seat", "output_author", ["seat_id", "output_id"])
    op.create_table(
        "output_unit",
        sa.Column("output_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("output_id", "unit_id"),
    )
    op.create_index("ix_output_unit_unit", "output_unit", ["unit_id", "output_id"])
    op.create_table(
        "output_version",
        sa.Column("output_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_by", Id, nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"]),
        sa.ForeignKeyConstraint(["saved_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("output_id", "version"),
    )
    op.create_table(
        "output_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("output_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("who", sa.String(50), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(500), nullable=True),
        sa.Column("undoes_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["output_id"], ["output.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["undoes_id"], ["output_step.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("undoes_id"),
    )
    op.create_index("ix_output_step_output", "output_step", ["output_id", "id"])


def downgrade() -> None:
    for name in ("output_step", "output_version", "output_unit", "output_author", "output"):
        op.drop_table(name)
