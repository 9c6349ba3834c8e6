"""Findings: suggestions with their authors, addressee, fate and track."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("reply_id", Id, nullable=True),
        sa.Column("clause", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("fate", sa.String(12), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=False),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("released_at", Utc(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_finding_organization", "finding", ["organization_id", "state", "id"])
    op.create_index("ix_finding_unit", "finding", ["unit_id", "state", "id"])
    op.create_index("ix_finding_subject", "finding", ["subject_type", "subject_id"])
    op.create_index("uq_finding_reply", "finding", ["reply_id"], unique=True)
    op.create_table(
        "finding_author",
        sa.Column("finding_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("finding_id", "seat_id"),
    )
    op.create_index("ix_finding_author_seat", "finding_author", ["seat_id", "finding_id"])
    op.create_table(
        "finding_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("finding_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("fate", sa.String(12), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_finding_step_finding", "finding_step", ["finding_id", "id"])


def downgrade() -> None:
    for name in ("finding_step", "finding_author", "finding"):
        op.drop_table(name)
