"""Verbs of activities; those of attendance are in their own folder."""

from sqlalchemy import select, update
from sqlmodel import Session

from app.activities.attendance.service import out, rerecord, running
from app.activities.invitations import invite, invited, reinvite
from app.activities.models import Activity, Attendance
from app.activities.program.service import write_agenda, write_papers
from app.activities.rules import EXPECTED, AttendanceState
from app.activities.schemas import ActivityDetail, ActivityIn, ActivityPatch
from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.errors import Invalid, Stale
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats, settle
from app.people.offices import scope

_INVITED = {"sector_ids", "committee_ids", "body_ids", "seat_ids"}
_PROGRAM = {"agenda", "papers"}
#: In a patch, null takes them away.
_NULLABLE = {"committee_id", "venue_id"}
_t = table(Attendance)


def create(db: Session, actor: Actor, new: ActivityIn) -> ActivityDetail:
    """Create an activity, invite its seats and tell them."""
    row = Activity(
        organization_id=actor.organization_id,
        **new.model_dump(exclude=_INVITED | _PROGRAM | {"committee_id"}),
        committee_id=scope.host(db.connection(), actor, Permission.ACTIVITY_MANAGE, new.committee_id),
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    _check(db, actor, row)
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    seats = invited(db, actor, row, new)
    if not seats:
        raise Invalid("没有邀请任何委员。", code="nobody_invited")
    write_agenda(db, row.id, new.agenda)
    write_papers(db, actor, row.id, new.papers)
    invite(db, actor, row, seats)
    live.emit(db, actor.organization_id, "activities", "activity.created", subject=("activity", row.id))
    return out(db, actor, row.id)


def _check(db: Session, actor: Actor, row: Activity) -> None:
    if row.starts_at >= row.ends_at:
        raise Invalid("结束时间应晚于开始时间。", code="bad_period")
    if row.venue_id and not subjects.visible(db.connection(), actor, "venue", [row.venue_id]):
        raise Invalid("没有这个议事场所。", code="unknown_venue")


def edit(db: Session, actor: Actor, activity_id: int, version: int, patch: ActivityPatch) -> ActivityDetail:
    """Change an activity over a version; what is recorded of it follows its day and half-days."""
    row = running(db, actor, activity_id, managed=True)
    if row.version != version:
        raise Stale(current=out(db, actor, activity_id).model_dump(mode="json"))
    row.version += 1
    before, form = (row.starts_at, row.half_days), (row.kind, row.must_attend)
    for column, value in patch.model_dump(exclude_none=True, exclude=_INVITED | _PROGRAM | _NULLABLE).items():
        setattr(row, column, value)
    if "committee_id" in patch.model_fields_set:
        row.committee_id = scope.host(db.connection(), actor, Permission.ACTIVITY_MANAGE, patch.committee_id)
    if "venue_id" in patch.model_fields_set:
        row.venue_id = patch.venue_id
    _check(db, actor, row)
    db.add(row)
    db.flush()
    if (row.starts_at, row.half_days) != before:
        rerecord(db, actor, row, before[1])
    elif (row.kind, row.must_attend) != form:
        duty.invalidate_figures(db, *db.scalars(select(_t.c.seat_id).where(_t.c.activity_id == activity_id)))
    _edit_program(db, actor, row, patch)
    if _INVITED & patch.model_fields_set:
        reinvite(db, actor, row, invited(db, actor, row, patch))
    live.emit(db, actor.organization_id, "activities", "activity.changed", subject=("activity", activity_id))
    return out(db, actor, activity_id)


def _edit_program(db: Session, actor: Actor, row: Activity, patch: ActivityPatch) -> None:
    """Replace the agenda and the papers; those who are expected are notified of changed papers."""
    activity_id = row.id or 0
    if patch.agenda is not None:
        write_agenda(db, activity_id, patch.agenda)
    if patch.papers is not None and write_papers(db, actor, activity_id, patch.papers):
        expected = select(_t.c.seat_id).where(_t.c.activity_id == activity_id, _t.c.state.in_(EXPECTED))
        title, subject = f"“{row.title}”的会议材料有更新", ("activity", activity_id)
        notify_seats(
            db, actor.organization_id, set(db.scalars(expected)), NoticeKind.ACTIVITY_PAPERS, title, subject
        )


def cancel(db: Session, actor: Actor, activity_id: int, reason: str) -> ActivityDetail:
    """Call an activity off: nothing of it counts, and the invited are told why."""
    row = running(db, actor, activity_id, managed=True)
    row.cancelled_at = clock.now()
    db.add(row)
    db.flush()
    subject = ("activity", activity_id)
    duty.void(db, subject, f"活动取消：{reason}"[:200], actor.account_id)
    here = _t.c.activity_id == activity_id
    seats = set(db.scalars(select(_t.c.seat_id).where(here)))
    waits = update(_t).where(here, _t.c.state == AttendanceState.INVITED)
    db.connection().execute(waits.values(state=AttendanceState.CALLED_OFF))
    settle(db, subject)
    title = f"活动取消：“{row.title}”（{reason}）"
    notify_seats(db, actor.organization_id, seats, NoticeKind.ACTIVITY_CANCELLED, title, subject)
    audit(db, actor, "activity.cancelled", subject, reason=reason)
    live.emit(db, actor.organization_id, "activities", "activity.cancelled", subject=subject)
    return out(db, actor, activity_id)
