"""Offices of the secretariat: what each may do, for the organization or one committee; things have a host committee."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

#: What a committee may be host of.
HOSTED = ("topic", "activity", "reading_topic")


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("areas", Json, nullable=False),
        sa.Column("committee_id", Id, sa.ForeignKey("committee.id"), nullable=True),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "name", name="uq_office_name"),
    )
    _refer("account_role", "office_id", "office")
    op.create_index("ix_account_role_office", "account_role", ["office_id"])
    for table in HOSTED:
        _refer(table, "committee_id", "committee")


def _refer(table: str, column: str, to: str) -> None:
    """A column that refers to another table, without rewriting a row on either database."""
    reference = sa.ForeignKey(f"{to}.id", name=f"fk_{table}_{to}")
    op.add_column(table, sa.Column(column, Id, reference, nullable=True), inline_references=True)


def downgrade() -> None:
    for table in HOSTED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("committee_id")
    op.execute("DELETE FROM account_role WHERE office_id IS NOT NULL")
    op.drop_index("ix_account_role_office", "account_role")
    with op.batch_alter_table("account_role") as batch:
        batch.drop_column("office_id")
    op.drop_table("office")
