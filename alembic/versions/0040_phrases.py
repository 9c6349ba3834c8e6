"""Phrases of an office for the reasons of its decisions."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phrase_list",
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("organization_id", "kind"),
    )


def downgrade() -> None:
    op.drop_table("phrase_list")
