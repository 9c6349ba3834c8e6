"""Borders between organizations: working days, accounts and persons belong to one organization each."""

import sqlalchemy as sa
from alembic import op

from app.core.sql import Id, Utc

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

_day = sa.table(
    "workday_override",
    sa.column("organization_id", Id),
    sa.column("day", sa.Date),
    sa.column("is_workday", sa.Boolean),
    sa.column("name", sa.String),
    sa.column("set_by", Id),
    sa.column("set_at", Utc()),
)
_entry = sa.table(
    "audit_entry",
    sa.column("id", Id),
    sa.column("organization_id", Id),
    sa.column("account_id", Id),
    sa.column("action", sa.String),
    sa.column("at", Utc()),
)
_account = sa.table("account", sa.column("id", Id), sa.column("organization_id", Id))
_role = sa.table(
    "account_role", sa.column("account_id", Id), sa.column("organization_id", Id), sa.column("id", Id)
)
_organization = sa.table("organization", sa.column("id", Id))
_person = sa.table(
    "person",
    sa.column("id", Id),
    sa.column("organization_id", Id),
    sa.column("account_id", Id),
    sa.column("name", sa.String),
    sa.column("phone", sa.String),
    sa.column("employer", sa.String),
)
_seat = sa.table("seat", sa.column("person_id", Id), sa.column("organization_id", Id))


def upgrade() -> None:
    conn = op.get_bind()
    _homes(conn)
    _workdays(conn)
    _free_unique("account", "phone")
    with op.batch_alter_table("account") as batch:
        batch.alter_column("organization_id", existing_type=Id, nullable=False)
        batch.create_unique_constraint("uq_account_phone", ["organization_id", "phone"])
        batch.create_index("ix_account_phone", ["phone"])
    _free_unique("person", "phone")
    _free_unique("person", "account_id")
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("organization_id", Id, nullable=True))
    _persons(conn)
    with op.batch_alter_table("person") as batch:
        batch.alter_column("organization_id", existing_type=Id, nullable=False)
        batch.create_foreign_key("fk_person_organization", "organization", ["organization_id"], ["id"])
        batch.create_unique_constraint("uq_person_phone", ["organization_id", "phone"])
        batch.create_unique_constraint("uq_person_account", ["account_id", "organization_id"])


def _free_unique(table: str, column: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        names = {"uq": "uq_%(table_name)s_%(column_0_name)s_before"}
        with op.batch_alter_table(table, naming_convention=names) as batch:
            batch.drop_constraint(f"uq_{table}_{column}_before", type_="unique")
    else:
        op.drop_constraint(f"{table}_{column}_key", table, type_="unique")


def _homes(conn: sa.Connection) -> None:
    """An account that nobody looked after belongs where its first role is."""
    first = (
        sa.select(_role.c.organization_id)
        .where(_role.c.account_id == _account.c.id)
        .order_by(_role.c.id)
        .limit(1)
    )
    any_ = sa.select(sa.func.min(_organization.c.id)).scalar_subquery()
    home = sa.func.coalesce(first.scalar_subquery(), any_)
    conn.execute(sa.update(_account).where(_account.c.organization_id.is_(None)).values(organization_id=home))


def _workdays(conn: sa.Connection) -> None:
    """A day belongs to the organization in which it was set, by the log; else to that of the account."""
    rows = conn.execute(
        sa.select(
            *(c for c in _day.c if c.name != "organization_id"), _account.c.organization_id.label("home")
        ).join(_account, _account.c.id == _day.c.set_by)
    ).all()
    owned = []
    for row in rows:
        logged = (
            sa.select(_entry.c.organization_id)
            .where(
                _entry.c.account_id == row.set_by,
                _entry.c.action == "workday.overridden",
                _entry.c.at >= row.set_at,
            )
            .order_by(_entry.c.id)
            .limit(1)
        )
        values = {c: getattr(row, c) for c in ("day", "is_workday", "name", "set_by", "set_at")}
        owned.append(values | {"organization_id": conn.scalar(logged) or row.home})
    op.drop_table("workday_override")
    op.create_table(
        "workday_override",
        sa.Column("id", Id, nullable=False),
        sa.Column("organization_id", Id, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("set_by", Id, nullable=True),
        sa.Column("set_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"]),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_workday_override", "workday_override", ["organization_id", "day"], unique=True)
    national = sa.text("organization_id IS NULL")
    op.create_index(
        "uq_workday_override_national",
        "workday_override",
        ["day"],
        unique=True,
        sqlite_where=national,
        postgresql_where=national,
    )
    if owned:
        conn.execute(sa.insert(_day), owned)


def _persons(conn: sa.Connection) -> None:
    """One person for each organization with a seat: the first keeps what was written down, others know name, phone, employer."""
    seats = sa.select(_seat.c.person_id, _seat.c.organization_id).distinct()
    where: dict[int, list[int]] = {}
    for person_id, organization_id in conn.execute(
        seats.order_by(_seat.c.person_id, _seat.c.organization_id)
    ):
        where.setdefault(person_id, []).append(organization_id)
    homes = {
        a.id: a.organization_id for a in conn.execute(sa.select(_account.c.id, _account.c.organization_id))
    }
    lowest = conn.scalar(sa.select(sa.func.min(_organization.c.id)))
    for person in conn.execute(sa.select(_person).order_by(_person.c.id)).all():
        home, found = homes.get(person.account_id), where.get(person.id, [])
        first = home if home in found or not found else found[0]
        conn.execute(
            sa.update(_person).where(_person.c.id == person.id).values(organization_id=first or lowest)
        )
        for organization_id in found:
            if organization_id == first:
                continue
            copy = {c: getattr(person, c) for c in ("account_id", "name", "phone", "employer")}
            made = conn.scalar(
                sa.insert(_person).values(organization_id=organization_id, **copy).returning(_person.c.id)
            )
            theirs = (_seat.c.person_id == person.id) & (_seat.c.organization_id == organization_id)
            conn.execute(sa.update(_seat).where(theirs).values(person_id=made))


def downgrade() -> None:
    """Fails where two organizations opened accounts for one phone: before, there was no room for both."""
    conn = op.get_bind()
    first = sa.select(sa.func.min(_person.c.id)).group_by(_person.c.phone)
    kept = {
        phone: id
        for id, phone in conn.execute(sa.select(_person.c.id, _person.c.phone).where(_person.c.id.in_(first)))
    }
    for person_id, phone in conn.execute(sa.select(_person.c.id, _person.c.phone)).all():
        if person_id != kept[phone]:
            conn.execute(sa.update(_seat).where(_seat.c.person_id == person_id).values(person_id=kept[phone]))
            conn.execute(sa.delete(_person).where(_person.c.id == person_id))
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("uq_person_phone", type_="unique")
        batch.drop_constraint("uq_person_account", type_="unique")
        batch.drop_constraint("fk_person_organization", type_="foreignkey")
        batch.drop_column("organization_id")
        batch.create_unique_constraint("person_phone_key", ["phone"])
        batch.create_unique_constraint("person_account_id_key", ["account_id"])
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint("uq_account_phone", type_="unique")
        batch.drop_index("ix_account_phone")
        batch.alter_column("organization_id", existing_type=Id, nullable=True)
        batch.create_unique_constraint("account_phone_key", ["phone"])
    columns = [c for c in _day.c if c.name != "organization_id"]
    days = {row.day: row for row in conn.execute(sa.select(*columns).where(_day.c.set_by.is_not(None)))}
    op.drop_table("workday_override")
    op.create_table(
        "workday_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("set_by", Id, nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"]),
        sa.PrimaryKeyConstraint("day"),
    )
    if days:
        conn.execute(
            sa.insert(_day), [{c.name: getattr(row, c.name) for c in columns} for row in days.values()]
        )
