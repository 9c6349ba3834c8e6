"""Organizations have duty years with a history, and a history of their settings; bulletins keep both years' first days.

A published ruleset that began its year on a day of its own takes the organization's years along: points, which were
shown by them, stay; the other figures follow. The worker files the records anew.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from app.core import clock
from app.core.sql import Id, Json, Utc

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_organization = sa.table(
    "organization",
    sa.column("id", Id),
    sa.column("duty_year_starts", sa.String),
    sa.column("duty_years", Json),
)
_ruleset = sa.table(
    "ruleset",
    sa.column("organization_id", Id),
    sa.column("duty_year", sa.Integer),
    sa.column("state", sa.String),
    sa.column("rules", Json),
)
_bulletin = sa.table(
    "bulletin", sa.column("id", Id), sa.column("starts_on", sa.Date), sa.column("before_starts_on", sa.Date)
)
_job = sa.table(
    "job",
    sa.column("kind", sa.String),
    sa.column("payload", Json),
    sa.column("unique_key", sa.String),
    sa.column("run_at", Utc),
    sa.column("attempts", sa.Integer),
)


def upgrade() -> None:
    op.create_table(
        "setting_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("changed_by", Id, nullable=True),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"]),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_setting_change", "setting_change", ["organization_id", "key", "id"])
    op.add_column("organization", sa.Column("duty_years", Json, nullable=True))
    op.add_column("bulletin", sa.Column("before_starts_on", sa.Date(), nullable=True))
    conn = op.get_bind()
    for row in conn.execute(sa.select(_organization.c.id, _organization.c.duty_year_starts)).all():
        years = _years(conn, row.id, row.duty_year_starts)
        conn.execute(sa.update(_organization).where(_organization.c.id == row.id).values(duty_years=years))
        if len(years) > 1:
            _refile(conn, row.id)
    for row in conn.execute(sa.select(_bulletin.c.id, _bulletin.c.starts_on)).all():
        before = _year_before(row.starts_on)
        conn.execute(sa.update(_bulletin).where(_bulletin.c.id == row.id).values(before_starts_on=before))
    with op.batch_alter_table("organization") as batch:
        batch.alter_column("duty_years", existing_type=Json, nullable=False)
        batch.drop_column("duty_year_starts")
    with op.batch_alter_table("bulletin") as batch:
        batch.alter_column("before_starts_on", existing_type=sa.Date(), nullable=False)


def _years(conn: sa.Connection, organization_id: int, starts: str) -> list[dict[str, object]]:
    """The rules of an organization's years: its own, and where a published ruleset had another one, that."""
    rules: list[dict[str, object]] = [{"year": 0, "starts": starts}]
    published = sa.select(_ruleset.c.duty_year, _ruleset.c.rules).where(
        _ruleset.c.organization_id == organization_id, _ruleset.c.state == "published"
    )
    for row in conn.execute(published.order_by(_ruleset.c.duty_year)).all():
        own = row.rules.get("year_starts") or starts
        if own != rules[-1]["starts"]:
            rules.append({"year": row.duty_year, "starts": own})
    return rules


def _refile(conn: sa.Connection, organization_id: int) -> None:
    kind, key = "organization.refile", f"organization.refile:{organization_id}:0024"
    payload = {"organization_id": organization_id}
    row = {"kind": kind, "payload": payload, "unique_key": key, "run_at": clock.now(), "attempts": 0}
    conn.execute(sa.insert(_job).values(**row))


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28) if is_leap_day else day.replace(year=day.year - 1)


def downgrade() -> None:
    """The latest rule of an organization's years holds for all of them again."""
    op.add_column("organization", sa.Column("duty_year_starts", sa.String(5), nullable=True))
    conn = op.get_bind()
    for row in conn.execute(sa.select(_organization.c.id, _organization.c.duty_years)).all():
        starts = row.duty_years[-1]["starts"]
        conn.execute(
            sa.update(_organization).where(_organization.c.id == row.id).values(duty_year_starts=starts)
        )
    with op.batch_alter_table("bulletin") as batch:
        batch.drop_column("before_starts_on")
    with op.batch_alter_table("organization") as batch:
        batch.alter_column("duty_year_starts", existing_type=sa.String(5), nullable=False)
        batch.drop_column("duty_years")
    op.drop_index("ix_setting_change", "setting_change")
    op.drop_table("setting_change")
