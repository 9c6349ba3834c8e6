"""Proposals and opinion reports know the device that saved their text last, for the list of drafts of its author."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("proposal", "opinion_report"):
        op.add_column(name, sa.Column("edited_on", sa.String(200), nullable=True))


def downgrade() -> None:
    for name in ("proposal", "opinion_report"):
        op.drop_column(name, "edited_on")
