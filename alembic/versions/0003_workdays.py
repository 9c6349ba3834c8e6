"""Working days: what staff enter for a new year or correct."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "workday_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("set_by", Id, nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("day"),
    )


def downgrade() -> None:
    op.drop_table("workday_override")
