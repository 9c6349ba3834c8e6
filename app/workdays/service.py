"""What staff change about the working days of their organization, and the shell about those of all; it is audited."""

from collections.abc import Sequence
from datetime import date
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.watch import tell
from app.core import clock, outbox
from app.core.errors import Invalid, NotFound
from app.core.sql import insert, table
from app.people.models import Organization
from app.workdays.models import WorkdayOverride
from app.workdays.schemas import DatedWorkdayIn, WorkdayIn

_o = table(WorkdayOverride)


def override(db: Session, actor: Actor, day: date, given: WorkdayIn) -> None:
    """Say what `day` is in the actor's organization, whatever the official calendar says."""
    override_many(db, actor, [DatedWorkdayIn(day=day, **given.model_dump())])


def override_many(db: Session, actor: Actor, given: Sequence[DatedWorkdayIn]) -> None:
    """Say what some days are in the actor's organization, each named once."""
    _write(db.connection(), actor.organization_id, actor.account_id, given)
    _changed(db, actor.organization_id, actor.account_id)
    audit(db, actor, "workday.overridden", **_in_log(given))


def restore(db: Session, actor: Actor, day: date) -> None:
    """Take back what the actor's organization said of `day`."""
    was = _remove(db.connection(), _o.c.organization_id == actor.organization_id, day)
    _changed(db, actor.organization_id, actor.account_id)
    audit(db, actor, "workday.restored", day=str(day), was_workday=was)


def override_national(db: Session, given: Sequence[DatedWorkdayIn]) -> None:
    """At the shell: say what some days are for every organization that says nothing of its own."""
    _write(db.connection(), None, None, given)
    _tell_all(db, "workday.overridden", national=True, **_in_log(given))


def restore_national(db: Session, day: date) -> None:
    """At the shell: take back what was said of `day` for every organization."""
    was = _remove(db.connection(), _o.c.organization_id.is_(None), day)
    _tell_all(db, "workday.restored", national=True, day=str(day), was_workday=was)


def _write(
    conn: Connection, organization_id: int | None, account_id: int | None, given: Sequence[DatedWorkdayIn]
) -> None:
    if len({of.day for of in given}) < len(given):
        raise Invalid("同一天只能出现一次。", code="day_twice")
    by = {"organization_id": organization_id, "set_by": account_id, "set_at": clock.now()}
    new = insert(conn, _o)
    changed = {name: new.excluded[name] for name in ("is_workday", "name", "set_by", "set_at")}
    if organization_id is None:
        upsert = new.on_conflict_do_update(
            index_elements=["day"], index_where=_o.c.organization_id.is_(None), set_=changed
        )
    else:
        upsert = new.on_conflict_do_update(index_elements=["organization_id", "day"], set_=changed)
    # in the order of days, so that two writers of the same days do not deadlock
    rows = [of.model_dump() | by for of in sorted(given, key=lambda of: of.day)]
    conn.execute(upsert, rows)


def _remove(conn: Connection, of: ColumnElement[bool], day: date) -> bool:
    was: bool | None = conn.scalar(delete(_o).where(of, _o.c.day == day).returning(_o.c.is_workday))
    if was is None:
        raise NotFound
    return was


def _changed(db: Session, organization_id: int, account_id: int | None = None) -> None:
    """Have running deadlines recalculated after the commit; packages above do it."""
    # nobody's account has the number 0: the shell has none
    by = account_id or 0
    outbox.enqueue(db, "workdays.changed", token_hex(16), organization_id=organization_id, account_id=by)


def _in_log(given: Sequence[DatedWorkdayIn]) -> dict[str, Any]:
    return {
        "working": sorted(str(of.day) for of in given if of.is_workday),
        "off": sorted(str(of.day) for of in given if not of.is_workday),
    }


def _tell_all(db: Session, action: str, **detail: Any) -> None:
    """National days move the deadlines of every organization: it stands in the log of each."""
    for organization_id in db.scalars(select(table(Organization).c.id)).all():
        _changed(db, organization_id)
        tell(db, action, organization_id=organization_id, **detail)
