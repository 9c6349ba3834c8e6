"""Brands of bodies, bodies invited to activities, and bodies in bulletins."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "body", sa.Column("brand_title", sa.String(40), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        "body", sa.Column("brand_text", sa.String(1000), nullable=False, server_default=sa.text("''"))
    )
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
    op.create_table(
        "bulletin_body",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("body", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "duty_year", "seat_id", "body"),
    )
    op.create_table(
        "bulletin_proposal",
        sa.Column("bulletin_id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("duty_year", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(60), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletin.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"]),
        sa.PrimaryKeyConstraint("bulletin_id", "proposal_id"),
    )
    # bodies have longer names than sectors and committees
    with op.batch_alter_table("bulletin_count") as batch:
        batch.alter_column("name", existing_type=sa.String(40), type_=sa.String(60), nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM bulletin_count WHERE dimension = 'body'")
    with op.batch_alter_table("bulletin_count") as batch:
        batch.alter_column("name", existing_type=sa.String(60), type_=sa.String(40), nullable=False)
    op.drop_table("bulletin_proposal")
    op.drop_table("bulletin_body")
    op.drop_table("activity_body")
    for name in ("brand_version", "brand_text", "brand_title"):
        op.drop_column("body", name)
