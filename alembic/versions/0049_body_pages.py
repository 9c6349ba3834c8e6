"""Brands of bodies, and bodies invited to activities."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0049"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("body", sa.Column("brand_title", sa.String(40), nullable=False, server_default=sa.text("''")))
    op.add_column("body", sa.Column("brand_text", sa.String(1000), nullable=False, server_default=sa.text("''")))
    op.add_column("body", sa.Column("brand_version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "activity_body",
        sa.Column("activity_id", Id, nullable=False),
        sa.Column("body_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"]),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.PrimaryKeyConstraint("activity_id", "body_id"),
    )
    op.create_index("ix_activity_body_body_id", "activity_body", ["body_id"])


def downgrade() -> None:
    op.drop_table("activity_body")
    for name in ("brand_version", "brand_text", "brand_title"):
        op.drop_column("body", name)
