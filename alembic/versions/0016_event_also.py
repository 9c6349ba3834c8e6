"""Events that belong to two channels are one row: the list's channel, and that of the thing alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("also", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("event", "also")
