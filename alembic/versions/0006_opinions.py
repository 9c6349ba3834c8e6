"""Opinion reports: combining, released versions, undone steps, credit for being issued; leads."""

import sqlalchemy as sa
from alembic import op

from app.core import clock
from app.core.sql import Id, Utc

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("opinion_report", schema=None) as batch_op:
        batch_op.alter_column("seat_id", existing_type=Id, nullable=True)
        batch_op.add_column(sa.Column("kind", sa.String(12), nullable=False, server_default="single"))
        batch_op.add_column(sa.Column("combined_into_id", Id, nullable=True))
        batch_op.add_column(sa.Column("released_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_foreign_key(
            "fk_opinion_report_combined_into", "opinion_report", ["combined_into_id"], ["id"]
        )
        batch_op.create_index("ix_opinion_report_combined_into", ["combined_into_id"], unique=False)
    op.execute("UPDATE opinion_report SET released_version = version")
    with op.batch_alter_table("opinion_report", schema=None) as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(12), server_default=None)
        batch_op.alter_column("released_version", existing_type=sa.Integer(), server_default=None)

    with op.batch_alter_table("opinion_step", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_id", Id, nullable=True))
        batch_op.add_column(sa.Column("undoes_id", Id, nullable=True))
        batch_op.create_foreign_key("fk_opinion_step_other", "opinion_report", ["other_id"], ["id"])
        batch_op.create_foreign_key("fk_opinion_step_undoes", "opinion_step", ["undoes_id"], ["id"])
        batch_op.create_unique_constraint("uq_opinion_step_undoes", ["undoes_id"])

    op.create_table(
        "lead",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("seat_id", Id, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("name", sa.String(50), nullable=True),
        sa.Column("contact", sa.String(60), nullable=True),
        sa.Column("code", sa.String(12), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("report_id", Id, nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("decided_by", Id, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["opinion_report.id"]),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("report_id"),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index("ix_lead_account", ["account_id", "id"], unique=False)
        batch_op.create_index("ix_lead_organization", ["organization_id", "state", "id"], unique=False)
    _credit_issued()


def _credit_issued() -> None:
    """What was issued before it counted: one record each, on the local day of its step."""
    conn = op.get_bind()
    found = conn.execute(
        sa.text(
            "SELECT r.organization_id, r.seat_id, s.at, r.id, s.tier, s.account_id, o.timezone, o.duty_year_starts"
            " FROM opinion_step s JOIN opinion_report r ON r.id = s.report_id"
            " JOIN organization o ON o.id = r.organization_id"
            " WHERE s.action = 'issue' AND r.deleted_at IS NULL"
        ).columns(at=Utc())
    ).all()
    record = sa.table(
        "duty_record",
        *(sa.column(name) for name in ("organization_id", "seat_id", "kind", "role", "subject_type")),
        *(sa.column(name) for name in ("subject_id", "level", "quantity", "source", "recorded_by")),
        sa.column("duty_year"),
        sa.column("occurred_on", sa.Date()),
        sa.column("single", sa.Boolean()),
        sa.column("occurred_at", Utc()),
        sa.column("recorded_at", Utc()),
    )
    rows = []
    for organization_id, seat_id, at, report_id, tier, by, zone, starts in found:
        day = clock.local_day(at, zone)
        rows.append(
            {
                "organization_id": organization_id,
                "seat_id": seat_id,
                "kind": "opinion.issued",
                "role": "lead",
                "subject_type": "opinion_report",
                "subject_id": report_id,
                "level": tier,
                "quantity": 1,
                "source": "platform",
                "recorded_by": by,
                "duty_year": clock.duty_year(day, starts),
                "occurred_on": day,
                "single": True,
                "occurred_at": at,
                "recorded_at": clock.now(),
            }
        )
    if rows:
        op.bulk_insert(record, rows)
        op.execute(
            "UPDATE seat SET figures_version = figures_version + 1"
            " WHERE id IN (SELECT seat_id FROM duty_record WHERE kind = 'opinion.issued')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM duty_record WHERE kind = 'opinion.issued'")
    op.drop_table("lead")
    with op.batch_alter_table("opinion_step", schema=None) as batch_op:
        batch_op.drop_constraint("fk_opinion_step_undoes", type_="foreignkey")
        batch_op.drop_constraint("fk_opinion_step_other", type_="foreignkey")
        batch_op.drop_constraint("uq_opinion_step_undoes", type_="unique")
        batch_op.drop_column("undoes_id")
        batch_op.drop_column("other_id")
    # what no member stands behind had no place before; what it was made of is on the desk again
    op.execute(
        "UPDATE opinion_report SET combined_into_id = NULL, state = 'editing' WHERE combined_into_id IS NOT NULL"
    )
    for table in ("opinion_version", "opinion_step"):
        nobodys = "SELECT id FROM opinion_report WHERE seat_id IS NULL"
        op.execute(f"DELETE FROM {table} WHERE report_id IN ({nobodys})")  # noqa: S608 - names of our own
    op.execute("DELETE FROM opinion_report WHERE seat_id IS NULL")
    with op.batch_alter_table("opinion_report", schema=None) as batch_op:
        batch_op.drop_index("ix_opinion_report_combined_into")
        batch_op.drop_constraint("fk_opinion_report_combined_into", type_="foreignkey")
        batch_op.drop_column("released_version")
        batch_op.drop_column("combined_into_id")
        batch_op.drop_column("kind")
        batch_op.alter_column("seat_id", existing_type=Id, nullable=False)
