"""How a conference begins: its term, its roster with the faults of a real one, and its staff."""

from datetime import date
from pathlib import Path

import openpyxl
from sqlalchemy import func, select

from app.auth.accounts.service import Grant, create_account, grant_role
from app.auth.permissions import Role
from app.core.db import Database
from app.core.sql import table
from app.people.models import Seat
from app.people.organizations.service import create_organization
from app.people.roster.imports import import_roster
from app.people.service import create_term, id_of
from tests.story import workbooks
from tests.story.cast import Person

CITY = "政协云川市委员会"
PASSWORD = "云川的春天2026来得早"


def found_the_conference(database: Database) -> int:
    with database.transaction() as db:
        city = create_organization(db, CITY, "city")
        create_term(db, id_of(city), 16, date(2023, 1, 1), date(2027, 12, 31))
        return id_of(city)


def import_the_roster(database: Database, folder: Path) -> dict[str, str]:
    """First with the faults of a real roster, then mended; returns the one-time passwords by phone."""
    rows, roster, secrets = workbooks.members(), folder / "名册.xlsx", folder / "初始密码.xlsx"
    spoilt, faults = workbooks.spoilt(rows)
    workbooks.write_roster(roster, spoilt)
    report = import_roster(database, roster, create_groups=True, passwords=secrets)
    said = "\n".join(report.lines())
    for place, word in faults.items():
        line = next((line for line in said.splitlines() if place in line), "")
        assert word in line, f"{place}: {said}"
    assert seats(database) == 0, "a roster with faults imports nothing at all"

    workbooks.write_roster(roster, rows)
    report = import_roster(database, roster, create_groups=True, passwords=secrets)
    assert report.ok, report.lines()
    assert seats(database) == workbooks.SIZE
    again = import_roster(database, roster)
    assert (again.counts["新增"], again.counts["更新"], again.counts["不变"]) == (0, 0, workbooks.SIZE)

    sheet = openpyxl.load_workbook(secrets).active
    assert sheet is not None
    header, *lines = sheet.iter_rows(values_only=True)
    phone, password = header.index("手机号码"), header.index("初始密码")
    return {str(line[phone]): str(line[password]) for line in lines}


def seats(database: Database) -> int:
    with database.read.connect() as conn:
        return conn.scalar(select(func.count()).select_from(table(Seat))) or 0


def hire(database: Database, organization_id: int, address: str, name: str, phone: str, role: Role) -> Person:
    """Somebody of the secretariat, or a leader, with an account."""
    with database.transaction() as db:
        account = create_account(
            db,
            phone=phone,
            name=name,
            organization_id=organization_id,
            password=PASSWORD,
            must_change=False,
        )
        grant_role(db, id_of(account), Grant(organization_id, role))
    person = Person(name, phone, PASSWORD, address)
    person.log_in()
    return person
