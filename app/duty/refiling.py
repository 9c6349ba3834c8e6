"""Refiles the records of an organization once its duty years have changed, some in each transaction.

`duty_record.duty_year` is a copy of what the organization's years say of the record's day. What is frozen (published
bulletins, issued cards, snapshots of boards) keeps the days that it was made for.
"""

from functools import partial

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from app.core import clock, live, outbox
from app.core.db import Database
from app.core.jobs.short_transactions import parts, write
from app.core.outbox import Payload, Write
from app.core.sql import table
from app.duty.models import DutyRecord
from app.people.duty_years import local_time
from app.people.models import Seat
from app.people.organizations.changes import REFILE
from app.people.service import renew_cards

#: Records that are looked at, and seats whose figures are recomputed, in one transaction.
RECORDS, SEATS = 500, 250
_r, _s = table(DutyRecord), table(Seat)
_FILE = (
    update(_r)
    .where(_r.c.id == bindparam("record"))
    .values(occurred_on=bindparam("day"), duty_year=bindparam("year"))
)


@outbox.handles_outside(REFILE, lane="batch")
def refile(database: Database, payload: Payload) -> Write:
    """File every record under the day and duty year that it has now, then have all figures recomputed."""
    organization_id = int(payload["organization_id"])
    _file_all(database, organization_id)
    with database.read.connect() as conn:
        seats = select(_s.c.id).where(_s.c.organization_id == organization_id).order_by(_s.c.id)
        seat_ids = list(conn.scalars(seats))
    for some in parts(seat_ids, SEATS):
        write(database, partial(renew_cards, seats=_s.c.id.in_(some)))
    _file_all(
        database, organization_id
    )  # what began before the change and was committed after the first look
    return lambda db: live.emit(db, organization_id, "ledger", "records.filed")


def _file_all(database: Database, organization_id: int) -> None:
    after = 0
    while True:
        with database.read.connect() as conn:
            local = local_time(conn, organization_id)
            columns = (_r.c.id, _r.c.occurred_at, _r.c.occurred_on, _r.c.duty_year)
            mine = (_r.c.organization_id == organization_id) & (_r.c.id > after)
            rows = conn.execute(select(*columns).where(mine).order_by(_r.c.id).limit(RECORDS)).all()
        moved = []
        for row in rows:
            day = clock.local_day(row.occurred_at, local.zone)
            year = local.years.of(day)
            if (day, year) != (row.occurred_on, row.duty_year):
                moved.append({"record": row.id, "day": day, "year": year})
        if moved:
            write(database, partial(_file, rows=moved))
        if len(rows) < RECORDS:
            return
        after = rows[-1].id


def _file(db: Session, rows: list[dict[str, object]]) -> None:
    db.connection().execute(_FILE, rows)
