"""The office and the unit are told once when the day of an answer has gone by."""

from datetime import date
from functools import partial

from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session

from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, staff_who_may
from app.cases.lifecycle import OPEN
from app.cases.models import DutyCase
from app.core import clock
from app.core.db import Database
from app.core.jobs.short_transactions import write
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.models import Organization

_c, _o = table(DutyCase), table(Organization)


def tell(database: Database) -> None:
    """Tell of what is late in every organization; a worker calls it every hour."""
    with database.read.connect() as conn:
        for of, zone in conn.execute(select(_o.c.id, _o.c.timezone)).all():
            today = clock.local_day(clock.now(), zone)
            late = conn.scalars(select(_c.c.id).where(_c.c.organization_id == of, *_untold(today))).all()
            for case_id in late:
                write(database, partial(_tell, case_id=case_id, today=today))


def _untold(today: date) -> tuple[ColumnElement[bool], ...]:
    return _c.c.state.in_(OPEN), _c.c.due_on < today, _c.c.late_told_at.is_(None)


def _tell(db: Session, case_id: int, today: date) -> None:
    """Tell of one case, unless it was answered, moved or told of meanwhile."""
    conn = db.connection()
    told = update(_c).where(_c.c.id == case_id, *_untold(today)).values(late_told_at=clock.now())
    row = conn.execute(told.returning(_c)).one_or_none()
    if row is None:
        return
    of = row.organization_id
    units = accounts_in_role(conn, of, Role.UNIT_OFFICER, [row.unit_id]) if row.unit_id else []
    staff = staff_who_may(conn, of, Permission.CASE_MANAGE)
    sentence = f"“{row.title}”应于{clock.in_words(row.due_on)}前答复，已经超期{(today - row.due_on).days}天"
    notify(db, of, {*staff, *units}, NoticeKind.CASE_LATE, sentence, ("case", case_id))
