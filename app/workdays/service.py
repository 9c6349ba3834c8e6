"""What staff change about the calendar of working days; the audit log hears of it."""

from datetime import date

from sqlalchemy import delete
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Invalid, NotFound
from app.core.sql import insert, table
from app.workdays.models import WorkdayOverride
from app.workdays.schemas import DatedWorkdayIn, WorkdayIn

_o = table(WorkdayOverride)


def override(db: Session, actor: Actor, day: date, wanted: WorkdayIn) -> None:
    """Say what `day` is, whatever the official calendar says."""
    override_many(db, actor, [DatedWorkdayIn(day=day, **wanted.model_dump())])


def override_many(db: Session, actor: Actor, wanted: list[DatedWorkdayIn]) -> None:
    """Say what some days are, each named once."""
    if len({of.day for of in wanted}) < len(wanted):
        raise Invalid("同一天只能出现一次。", code="day_twice")
    conn = db.connection()
    # in the order of days, so that two writers of the same days cannot wait for each other
    given = sorted(wanted, key=lambda of: of.day)
    by = {"set_by": actor.account_id, "set_at": clock.now()}
    new = insert(conn, _o)
    changed = {name: new.excluded[name] for name in ("is_workday", "name", *by)}
    conn.execute(
        new.on_conflict_do_update(index_elements=["day"], set_=changed),
        [of.model_dump() | by for of in given],
    )
    working = [str(of.day) for of in given if of.is_workday]
    off = [str(of.day) for of in given if not of.is_workday]
    audit(db, actor, "workday.overridden", working=working, off=off)


def restore(db: Session, actor: Actor, day: date) -> None:
    """Let the official calendar speak for `day` again."""
    gone = delete(_o).where(_o.c.day == day).returning(_o.c.is_workday)
    was = db.connection().scalar(gone)
    if was is None:
        raise NotFound
    audit(db, actor, "workday.restored", day=str(day), was_workday=was)
