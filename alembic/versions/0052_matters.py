"""Matters with their track and notes; suggestions have a day by which they are answered."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matter",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("venue_id", Id, nullable=True),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("seat_id", Id, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("company", sa.String(120), nullable=False),
        sa.Column("name", sa.String(50), nullable=True),
        sa.Column("contact", sa.String(200), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=True, unique=True),
        sa.Column("into_id", Id, nullable=True),
        sa.Column("activity_id", Id, nullable=True),
        sa.Column("met_at", Utc(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("judgement", sa.String(12), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("released_title", sa.String(120), nullable=True),
        sa.Column("released_problem", sa.Text(), nullable=True),
        sa.Column("released_result", sa.Text(), nullable=True),
        sa.Column("released_at", Utc(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["into_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_matter_organization", "matter", ["organization_id", "state", "id"])
    op.create_index("ix_matter_venue", "matter", ["venue_id", "state"])
    op.create_index("ix_matter_account", "matter", ["account_id", "id"])
    op.create_index("ix_matter_activity", "matter", ["activity_id"])
    op.create_index("ix_matter_into", "matter", ["into_id"])
    op.create_index("ix_matter_released", "matter", ["organization_id", "released_at"])
    op.create_table(
        "matter_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("matter_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undoes_id", Id, nullable=True, unique=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["undoes_id"], ["matter_step.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_matter_step_matter", "matter_step", ["matter_id", "id"])
    op.create_table(
        "matter_note",
        sa.Column("id", Id, nullable=False),
        sa.Column("matter_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_matter_note_matter", "matter_note", ["matter_id", "id"])
    with op.batch_alter_table("finding") as finding:
        finding.add_column(sa.Column("due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("finding") as finding:
        finding.drop_column("due_on")
    for name in ("matter_note", "matter_step", "matter"):
        op.drop_table(name)
