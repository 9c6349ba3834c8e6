"""Projects, and the claims of what was done in them."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("body_id", Id, nullable=True),
        sa.Column("leader_seat_id", Id, nullable=True),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("targets", Json, nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"]),
        sa.ForeignKeyConstraint(["leader_seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_project_organization", "project", ["organization_id", "state", "id"])
    op.create_index("ix_project_body", "project", ["body_id"])
    op.create_table(
        "project_member",
        sa.Column("project_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("project_id", "seat_id"),
    )
    op.create_index("ix_project_member_seat_id", "project_member", ["seat_id"])
    op.create_table(
        "project_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("project_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_project_step_project", "project_step", ["project_id", "id"])
    reference = sa.ForeignKey("project.id", name="fk_claim_project")
    op.add_column("claim", sa.Column("project_id", Id, reference, nullable=True), inline_references=True)
    op.create_index("ix_claim_project", "claim", ["project_id"])


def downgrade() -> None:
    op.drop_index("ix_claim_project", "claim")
    with op.batch_alter_table("claim") as batch:
        batch.drop_column("project_id")
    for name in ("project_step", "project_member", "project"):
        op.drop_table(name)
