"""Handling of proposals by units: assignments, deadlines, replies, ratings, commitments; steps that can be undone."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal_assignment",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("note", sa.String(500), nullable=True),
        sa.Column("assigned_at", Utc(), nullable=False),
        sa.Column("replied_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proposal_id", "unit_id"),
    )
    with op.batch_alter_table("proposal_assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proposal_assignment_unit", ["unit_id", "state", "proposal_id"], unique=False
        )

    op.create_table(
        "proposal_inspection",
        sa.Column("id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposal_inspection", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_inspection_proposal", ["proposal_id", "id"], unique=False)

    op.create_table(
        "proposal_consultation",
        sa.Column("id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("assignment_id", Id, nullable=False),
        sa.Column("phase", sa.String(12), nullable=False),
        sa.Column("form", sa.String(12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["proposal_assignment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposal_consultation", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_consultation_proposal", ["proposal_id", "id"], unique=False)

    op.create_table(
        "proposal_reply",
        sa.Column("id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("assignment_id", Id, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("result_class", sa.String(20), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("adopted", sa.Integer(), nullable=True),
        sa.Column("commitment", sa.String(500), nullable=True),
        sa.Column("commitment_due_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(120), nullable=True),
        sa.Column("saved_by", Id, nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("submitted_at", Utc(), nullable=True),
        sa.Column("replied_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["proposal_assignment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assignment_id", "round"),
    )
    with op.batch_alter_table("proposal_reply", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_reply_proposal", ["proposal_id", "id"], unique=False)

    op.create_table(
        "proposal_commitment",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("assignment_id", Id, nullable=False),
        sa.Column("reply_id", Id, nullable=False),
        sa.Column("result_class", sa.String(20), nullable=False),
        sa.Column("body", sa.String(500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["proposal_assignment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["proposal_reply.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposal_commitment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proposal_commitment_organization", ["organization_id", "state", "due_on", "id"], unique=False
        )
        batch_op.create_index("ix_proposal_commitment_proposal", ["proposal_id"], unique=False)

    op.create_table(
        "proposal_rating",
        sa.Column("reply_id", Id, nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("seat_id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("attitude", sa.String(12), nullable=False),
        sa.Column("result", sa.String(12), nullable=False),
        sa.Column("remark", sa.String(500), nullable=True),
        sa.Column("private_remark", sa.String(500), nullable=True),
        sa.Column("rated_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["proposal_reply.id"],
        ),
        sa.ForeignKeyConstraint(
            ["seat_id"],
            ["seat.id"],
        ),
        sa.PrimaryKeyConstraint("reply_id", "stage", "seat_id"),
    )
    with op.batch_alter_table("proposal_rating", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_rating_proposal", ["proposal_id"], unique=False)

    op.create_table(
        "proposal_commitment_note",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("body", sa.String(500), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["proposal_commitment.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposal_commitment_note", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_commitment_note", ["commitment_id", "id"], unique=False)

    op.create_table(
        "proposal_deadline",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("assignment_id", Id, nullable=True),
        sa.Column("commitment_id", Id, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(300), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["proposal_assignment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["proposal_commitment.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("proposal_deadline", schema=None) as batch_op:
        batch_op.create_index(
            "ix_proposal_deadline_due", ["organization_id", "met_on", "due_on", "id"], unique=False
        )
        batch_op.create_index("ix_proposal_deadline_proposal", ["proposal_id", "id"], unique=False)

    op.create_table(
        "proposal_deadline_reminder",
        sa.Column("deadline_id", Id, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("sent_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"],
            ["proposal_deadline.id"],
        ),
        sa.PrimaryKeyConstraint("deadline_id", "due_on", "stage"),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("replied_at", Utc(), nullable=True))
        batch_op.add_column(sa.Column("supervisor_id", Id, nullable=True))
        batch_op.add_column(sa.Column("supervised_month", sa.Date(), nullable=True))
        batch_op.create_foreign_key("fk_proposal_supervisor", "account", ["supervisor_id"], ["id"])

    with op.batch_alter_table("proposal_signer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_from_id", Id, nullable=True))
        batch_op.create_foreign_key("fk_proposal_signer_merged_from", "proposal", ["merged_from_id"], ["id"])

    with op.batch_alter_table("proposal_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assignment_id", Id, nullable=True))
        batch_op.add_column(sa.Column("undoes_id", Id, nullable=True))
        batch_op.add_column(sa.Column("before", Json, nullable=True))
        batch_op.create_unique_constraint("uq_proposal_step_undoes", ["undoes_id"])
        batch_op.create_foreign_key(
            "fk_proposal_step_assignment", "proposal_assignment", ["assignment_id"], ["id"]
        )
        batch_op.create_foreign_key("fk_proposal_step_undoes", "proposal_step", ["undoes_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("proposal_step") as batch_op:
        batch_op.drop_constraint("fk_proposal_step_undoes", type_="foreignkey")
        batch_op.drop_constraint("fk_proposal_step_assignment", type_="foreignkey")
        batch_op.drop_constraint("uq_proposal_step_undoes", type_="unique")
        for name in ("before", "undoes_id", "assignment_id"):
            batch_op.drop_column(name)
    with op.batch_alter_table("proposal_signer") as batch_op:
        batch_op.drop_constraint("fk_proposal_signer_merged_from", type_="foreignkey")
        batch_op.drop_column("merged_from_id")
    with op.batch_alter_table("proposal") as batch_op:
        batch_op.drop_constraint("fk_proposal_supervisor", type_="foreignkey")
        for name in ("supervised_month", "supervisor_id", "replied_at", "round"):
            batch_op.drop_column(name)
    for name in (
        "deadline_reminder",
        "deadline",
        "commitment_note",
        "rating",
        "commitment",
        "reply",
        "consultation",
        "inspection",
        "assignment",
    ):
        op.drop_table(f"proposal_{name}")
