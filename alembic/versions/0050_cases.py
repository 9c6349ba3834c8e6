"""Cases: calls of members and problems of companies, with their track."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_company_name", "company", ["organization_id", "name"], unique=True)
    op.create_table(
        "duty_case",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("seat_id", Id, nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("company_id", Id, nullable=True),
        sa.Column("problem_class", sa.String(12), nullable=True),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.Column("judgement", sa.String(12), nullable=True),
        sa.Column("late_told_at", Utc(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duty_case_organization", "duty_case", ["organization_id", "state", "due_on"])
    op.create_index("ix_duty_case_unit", "duty_case", ["unit_id", "state"])
    op.create_index("ix_duty_case_account", "duty_case", ["account_id", "id"])
    op.create_index("ix_duty_case_company", "duty_case", ["company_id"])
    op.create_table(
        "case_step",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("from_state", sa.String(12), nullable=False),
        sa.Column("to_state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undoes_id", Id, nullable=True, unique=True),
        sa.ForeignKeyConstraint(["case_id"], ["duty_case.id"]),
        sa.ForeignKeyConstraint(["undoes_id"], ["case_step.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_step_case", "case_step", ["case_id", "id"])


def downgrade() -> None:
    for name in ("case_step", "duty_case", "company"):
        op.drop_table(name)
