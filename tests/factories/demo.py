"""The demo city as tests see it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select

from app.auth.models import AccountRole
from app.auth.permissions import Role
from app.core.db import Database
from app.core.sql import table
from app.demo.city.roster import DemoLogin
from app.people.models import Person
from tests.factories.city import City, Who

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


class Filled(NamedTuple):
    """A demo city in a database, its files, and who can log in."""

    database: Database
    files: Path
    logins: list[DemoLogin]


class DemoCity(City):
    """The demo city with an app in front of it, in which nobody is made by hand."""

    def __post_init__(self) -> None:
        self.organization_id = 1

    def acting_as(self, role: Role, seat_id: int | None = None) -> Who:
        """The first account with a role, or the one of a seat."""
        r = table(AccountRole)
        found = select(r.c.account_id).where(r.c.role == role).order_by(r.c.id)
        if seat_id:
            found = found.where(r.c.seat_id == seat_id)
        with self.database.read.connect() as conn:
            account_id = conn.scalars(found).first()
        assert account_id
        return self.acting_as_account(account_id, seat_id)

    def acting_as_account(self, account_id: int, seat_id: int | None = None) -> Who:
        """An account with a session of its own."""
        return self.log_in(Who(account_id, "", "", self.anonymous(), seat_id=seat_id or 0))


def seat_of(conn: Connection, login: DemoLogin) -> int:
    p = table(Person)  # persons, their accounts and their seats have the same ids
    return conn.execute(select(p.c.id).where(p.c.phone == f"+86{login.phone}")).scalar_one()
