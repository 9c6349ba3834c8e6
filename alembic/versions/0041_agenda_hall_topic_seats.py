"""Agendas and papers of activities, seats in the hall, members invited to a topic by name."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("time", sa.String(30), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("speaker", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.PrimaryKeyConstraint("activity_id", "position"),
    )
    op.create_table(
        "activity_paper",
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("file_key", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.PrimaryKeyConstraint("activity_id", "position"),
    )
    op.create_table(
        "hall_plan",
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("aisles", Json, nullable=False),
        sa.Column("front_rows", sa.Integer(), nullable=False),
        sa.Column("order", sa.String(12), nullable=False),
        sa.Column("made_by", Id, nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("activity_id"),
    )
    op.create_table(
        "hall_place",
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("chair", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("activity_id", "seat_id"),
        sa.UniqueConstraint("activity_id", "row", "chair"),
    )
    op.create_table(
        "topic_seat",
        sa.Column("topic_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("topic_id", "seat_id"),
    )


def downgrade() -> None:
    for name in ("topic_seat", "hall_place", "hall_plan", "activity_paper", "agenda_item"):
        op.drop_table(name)
