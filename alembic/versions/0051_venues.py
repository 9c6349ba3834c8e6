"""Venues of consultation with their members and targets; an activity may be held at one."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "venue",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("branch", sa.String(40), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("convener_id", Id, nullable=True),
        sa.Column("convener_name", sa.String(50), nullable=False),
        sa.Column("opening_hours", sa.String(120), nullable=False),
        sa.Column("code", sa.String(12), nullable=False, unique=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["parent_id"], ["venue.id"]),
        sa.ForeignKeyConstraint(["convener_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_venue_organization", "venue", ["organization_id", "branch"])
    op.create_index("ix_venue_parent_id", "venue", ["parent_id"])
    op.create_index("ix_venue_convener_id", "venue", ["convener_id"])
    op.create_table(
        "venue_member",
        sa.Column("venue_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("venue_id", "seat_id", "starts_on"),
    )
    op.create_index("ix_venue_member_seat_id", "venue_member", ["seat_id"])
    op.create_table(
        "venue_target",
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id", "year", "level"),
    )
    with op.batch_alter_table("activity") as activity:
        activity.add_column(sa.Column("venue_id", Id, nullable=True))
        activity.create_foreign_key("fk_activity_venue", "venue", ["venue_id"], ["id"])
        activity.create_index("ix_activity_venue", ["venue_id", "starts_at"])


def downgrade() -> None:
    with op.batch_alter_table("activity") as activity:
        activity.drop_index("ix_activity_venue")
        activity.drop_column("venue_id")
    for name in ("venue_target", "venue_member", "venue"):
        op.drop_table(name)
