"""Lineage: what came of what."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lineage_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("from_type", sa.String(20), nullable=False),
        sa.Column("from_id", Id, nullable=False),
        sa.Column("to_type", sa.String(20), nullable=False),
        sa.Column("to_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("from_type", "from_id", "to_type", "to_id"),
    )
    op.create_index("ix_lineage_link_to", "lineage_link", ["to_type", "to_id"])


def downgrade() -> None:
    op.drop_index("ix_lineage_link_to", "lineage_link")
    op.drop_table("lineage_link")
