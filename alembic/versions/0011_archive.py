"""The archive: claims and appeals with their track, and the words of yearly duty reports."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("act_kind", sa.String(40), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(120), nullable=True),
        sa.Column("role", sa.String(12), nullable=True),
        sa.Column("level", sa.String(12), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("record_id", Id, nullable=True),
        sa.Column("recorded_id", Id, nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["duty_record.id"]),
        sa.ForeignKeyConstraint(["recorded_id"], ["duty_record.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_claim_account", "claim", ["account_id", "id"])
    op.create_index("ix_claim_organization", "claim", ["organization_id", "state", "id"])
    op.create_index("ix_claim_record", "claim", ["record_id"])
    op.create_table(
        "claim_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("claim_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("voided_id", Id, nullable=True),
        sa.Column("recorded_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.ForeignKeyConstraint(["recorded_id"], ["duty_record.id"]),
        sa.ForeignKeyConstraint(["voided_id"], ["duty_record.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_claim_step_claim", "claim_step", ["claim_id", "id"])
    for name in ("duty_report", "duty_report_version"):
        key = ["seat_id", "duty_year", *(["version"] if name.endswith("_version") else [])]
        op.create_table(
            name,
            sa.Column("seat_id", Id, nullable=False),
            sa.Column("duty_year", sa.Integer(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("saved_at", Utc(), nullable=False),
            sa.Column("passages", Json, nullable=False),
            sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
            sa.PrimaryKeyConstraint(*key),
        )


def downgrade() -> None:
    for name in ("duty_report_version", "duty_report", "claim_step", "claim"):
        op.drop_table(name)
