"""Edits of activities and changes of seatings are guarded by versions."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("activity", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("activity", sa.Column("hall_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("activity", "hall_version")
    op.drop_column("activity", "version")
