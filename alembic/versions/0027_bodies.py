"""Collective proposals belong to bodies; forms say more; staff enter what comes on paper."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Json, Utc

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_proposal = sa.table(
    "proposal",
    *(sa.column(name, Id) for name in ("id", "organization_id", "term_id", "body_id")),
    *(sa.column(name, sa.String) for name in ("kind", "collective", "period")),
    sa.column("submitted_at", Utc()),
)
_body = sa.table(
    "body",
    *(sa.column(name, Id) for name in ("id", "organization_id", "term_id", "sector_id", "committee_id")),
    *(sa.column(name, sa.String) for name in ("kind", "name")),
    sa.column("position", sa.Integer),
)
_sector, _committee = (
    sa.table(name, sa.column("id", Id), sa.column("term_id", Id), sa.column("name", sa.String))
    for name in ("sector", "committee")
)
_organization = sa.table("organization", sa.column("id", Id), sa.column("timezone", sa.String))
_activity = sa.table(
    "activity",
    sa.column("organization_id", Id),
    sa.column("kind", sa.String),
    *(sa.column(name, Utc()) for name in ("starts_at", "ends_at", "cancelled_at")),
)

#: As the names of bodies were told apart when this was written.
_KINDS = (
    (
        "party",
        re.compile(
            "^(中国国民党革命委员会|中国民主同盟|中国民主建国会|中国民主促进会|中国农工民主党|中国致公党|九三学社"
            "|台湾民主自治同盟|民革|民盟|民建|民进|农工党|致公党|台盟)"
        ),
    ),
    ("commerce", re.compile("工商(业)?联")),
    (
        "people",
        re.compile(
            "共青团|团(市|县|区|省)委|工会|妇联|妇女联合会|青联|青年联合会|科协|科学技术协会|侨联|台联|文联|残联"
        ),
    ),
)
_PAPER = ("entered_by", "handed_in_by", "handed_in_on")


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("term_id", Id, sa.ForeignKey("term.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("sector_id", Id, sa.ForeignKey("sector.id"), nullable=True),
        sa.Column("committee_id", Id, sa.ForeignKey("committee.id"), nullable=True),
        sa.Column("head_seat_id", Id, sa.ForeignKey("seat.id"), nullable=True),
        sa.Column("contact_name", sa.String(50), nullable=True),
        sa.Column("contact_phone", sa.String(30), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("term_id", "name"),
        sa.UniqueConstraint("sector_id"),
        sa.UniqueConstraint("committee_id"),
    )
    op.create_index("ix_body_head_seat_id", "body", ["head_seat_id"])
    op.create_table(
        "body_spokesperson",
        sa.Column("body_id", Id, sa.ForeignKey("body.id"), nullable=False),
        sa.Column("seat_id", Id, sa.ForeignKey("seat.id"), nullable=False),
        sa.PrimaryKeyConstraint("body_id", "seat_id"),
    )
    op.create_index("ix_body_spokesperson_seat_id", "body_spokesperson", ["seat_id"])
    _refer("proposal", "body_id", "body")
    for name in ("proposal", "opinion_report", "lead"):
        _refer(name, "entered_by", "account")
        op.add_column(name, sa.Column("handed_in_by", sa.String(50), nullable=True))
        op.add_column(name, sa.Column("handed_in_on", sa.Date(), nullable=True))
    _refer("opinion_report", "body_id", "body")
    op.add_column("proposal", sa.Column("publish_consent", sa.Boolean(), nullable=True))
    op.add_column("proposal", sa.Column("publish_reason", sa.String(200), nullable=True))
    op.add_column("proposal", sa.Column("suggested_unit_ids", Json, nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("research", sa.String(500), nullable=True))
    op.add_column("proposal", sa.Column("activity_ids", Json, nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("period", sa.String(12), nullable=True))
    op.add_column("proposal_version", sa.Column("form", Json, nullable=True))
    op.create_index("ix_proposal_body", "proposal", ["body_id", "id"])
    conn = op.get_bind()
    _bodies(conn)
    _periods(conn)
    op.drop_column("proposal", "collective")


def _refer(table: str, column: str, to: str) -> None:
    """Add a column that refers to another table, without rewriting its own."""
    kind = Id.compile(op.get_bind().dialect)
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} REFERENCES {to} (id)")


def _bodies(conn: sa.Connection) -> None:
    """A body for each name that collective proposals of a term have, in the order in which they came up."""
    named = sa.select(_proposal.c.organization_id, _proposal.c.term_id, _proposal.c.collective).where(
        _proposal.c.kind == "collective", _proposal.c.collective.is_not(None)
    )
    rows = conn.execute(named.group_by(*named.selected_columns).order_by(sa.func.min(_proposal.c.id))).all()
    made: dict[tuple[int, str, int | str], int] = {}
    for position, (organization_id, term_id, text) in enumerate(rows):
        name = " ".join(text.split())
        if not name:
            continue
        column, group_id, its_name = _group(conn, term_id, name)
        key = (term_id, column or "name", group_id or name)
        if key not in made:
            values = {
                "organization_id": organization_id,
                "term_id": term_id,
                "kind": column.removesuffix("_id") if column else _kind(name),
                "name": None if its_name == name else name,
                "position": position,
                **({column: group_id} if column else {}),
            }
            made[key] = conn.execute(sa.insert(_body).values(values).returning(_body.c.id)).scalar_one()
        same = (_proposal.c.term_id == term_id) & (_proposal.c.collective == text)
        conn.execute(
            sa.update(_proposal).where(same, _proposal.c.kind == "collective").values(body_id=made[key])
        )


def _group(conn: sa.Connection, term_id: int, name: str) -> tuple[str | None, int | None, str | None]:
    """The sector or committee of a term that a name means: 教育, 教育界 and 教育界别 are one."""
    for column, group, plain in (
        ("committee_id", _committee, lambda text: text),
        ("sector_id", _sector, lambda text: re.sub("(界别|界)$", "", text)),
    ):
        for row in conn.execute(sa.select(group.c.id, group.c.name).where(group.c.term_id == term_id)):
            if plain(row.name) == plain(name):
                return column, row.id, row.name
    return None, None, None


def _kind(name: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "group")


def _periods(conn: sa.Connection) -> None:
    """What was submitted on the days of a plenary came during it, everything else between sessions."""
    submitted = _proposal.c.submitted_at.is_not(None)
    conn.execute(sa.update(_proposal).where(submitted).values(period="between"))
    plenaries = sa.select(_activity, _organization.c.timezone).join(
        _organization, _organization.c.id == _activity.c.organization_id
    )
    plenary = (_activity.c.kind == "plenary") & _activity.c.cancelled_at.is_(None)
    for row in conn.execute(plenaries.where(plenary)).all():
        begins, ends = (_midnight(moment, row.timezone) for moment in (row.starts_at, row.ends_at))
        during = (_proposal.c.submitted_at >= begins) & (_proposal.c.submitted_at < ends + timedelta(days=1))
        own = _proposal.c.organization_id == row.organization_id
        conn.execute(sa.update(_proposal).where(own, during).values(period="during"))


def _midnight(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def downgrade() -> None:
    op.add_column("proposal", sa.Column("collective", sa.String(60), nullable=True))
    names = sa.select(sa.func.coalesce(_body.c.name, _sector.c.name, _committee.c.name)).select_from(
        _body.outerjoin(_sector, _sector.c.id == _body.c.sector_id).outerjoin(
            _committee, _committee.c.id == _body.c.committee_id
        )
    )
    op.execute(
        sa.update(_proposal)
        .where(_proposal.c.body_id.is_not(None))
        .values(collective=names.where(_body.c.id == _proposal.c.body_id).scalar_subquery())
    )
    op.drop_index("ix_proposal_body", "proposal")
    op.drop_column("proposal_version", "form")
    gone = {
        "proposal": (
            "body_id",
            *_PAPER,
            "publish_consent",
            "publish_reason",
            "suggested_unit_ids",
            "research",
        ),
        "opinion_report": ("body_id", *_PAPER),
        "lead": _PAPER,
    }
    for table, columns in gone.items():
        with op.batch_alter_table(table) as batch:
            for column in (*columns, *(("activity_ids", "period") if table == "proposal" else ())):
                batch.drop_column(column)
    op.drop_table("body_spokesperson")
    op.drop_table("body")
