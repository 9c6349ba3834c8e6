"""Internal notes of staff, saved views of the console's lists, and who has what open."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "internal_note",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mentions", Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=True),
        sa.Column("deleted_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["parent_id"], ["internal_note.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_internal_note_subject", "internal_note", ["subject_type", "subject_id", "id"])
    op.create_table(
        "saved_view",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("office_id", Id, nullable=True),
        sa.Column("desk", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.String(2000), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("edited_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_saved_view_account", "saved_view", ["account_id", "organization_id", "desk"])
    op.create_index("ix_saved_view_office", "saved_view", ["office_id", "desk"])
    op.create_table(
        "presence",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("editing", sa.Boolean(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("account_id", "subject_type", "subject_id"),
    )
    op.create_index("ix_presence_subject", "presence", ["subject_type", "subject_id"])
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
    op.create_index("ix_proposal_title", "proposal", ["organization_id", "id", "title"])


def downgrade() -> None:
    op.drop_index("ix_proposal_title", "proposal")
    for name in ("presence", "saved_view", "internal_note"):
        op.drop_table(name)
