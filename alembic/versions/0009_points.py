"""Points: rulesets, scores, and snapshots of boards."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ruleset",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("created_by", Id, nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("scored_to", Id, nullable=True),
        sa.Column("tried_at", Utc(), nullable=True),
        sa.Column("published_by", Id, nullable=True),
        sa.Column("published_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "duty_year", "version"),
    )
    op.create_table(
        "score",
        sa.Column("ruleset_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("figures_version", sa.Integer(), nullable=False),
        sa.Column("points", Id, nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("minimums_met", sa.Boolean(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("computed_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["ruleset_id"], ["ruleset.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("ruleset_id", "seat_id"),
    )
    op.create_index("ix_score_points", "score", ["ruleset_id", "points"])
    op.create_table(
        "board_snapshot",
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("board", sa.String(10), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("ruleset_id", Id, nullable=True),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("taken_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["ruleset_id"], ["ruleset.id"]),
        sa.PrimaryKeyConstraint("organization_id", "board", "month"),
    )


def downgrade() -> None:
    op.drop_table("board_snapshot")
    op.drop_index("ix_score_points", "score")
    op.drop_table("score")
    op.drop_table("ruleset")
