"""Verbs of attendance: signing in, leave, marks, the end. A correction voids what was recorded and records again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlmodel import Session

from app.activities import codes, queries
from app.activities.models import Activity, Attendance
from app.activities.rules import RECORDED, STATE_LABELS, AttendanceState, may_sign_in
from app.activities.schemas import ActivityDetail, Marking, SignIn
from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.sessions import attempts
from app.core import clock, live
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, TooMany
from app.core.sql import table
from app.duty import service as duty
from app.duty.service import DutyAct
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats, settle
from app.people.models import Organization

_t, _o = table(Attendance), table(Organization)


def rerecord(db: Session, actor: Actor, row: Activity, half_days_before: int) -> None:
    """Void what was recorded of an activity and record it again, over another day or number of half-days."""
    conn, mine = db.connection(), _t.c.activity_id == row.id
    whole = mine & (_t.c.state == AttendanceState.ATTENDED) & (_t.c.half_days == half_days_before)
    conn.execute(update(_t).where(whole).values(half_days=row.half_days))
    duty.void(db, ("activity", row.id or 0), "活动时间更正", actor.account_id)
    for state in RECORDED:
        settled = select(_t.c.seat_id, _t.c.half_days).where(mine, _t.c.state == state)
        record(db, row, state, {r.seat_id: r.half_days for r in conn.execute(settled)}, by=actor.account_id)


def record(
    db: Session,
    row: Activity,
    state: AttendanceState,
    half_days: dict[int, int],
    *,
    source: str = "platform",
    by: int | None = None,
) -> None:
    """Write the ledger of seats (with what counts for each) that are in a settled state."""
    level = db.scalar(select(_o.c.level).where(_o.c.id == row.organization_id)) or "city"
    acts = [
        DutyAct(
            seat,
            RECORDED[state],
            ("activity", row.id or 0),
            row.starts_at,
            quantity=counted if state == AttendanceState.ATTENDED else 1,
            level=level,
        )
        for seat, counted in half_days.items()
    ]
    duty.record_all(db, row.organization_id, acts, source=source, by=by)


def running(db: Session, actor: Actor, activity_id: int, *, managed: bool = False) -> Activity:
    """An activity that is on, for those who see it or (`managed`) those who work on it."""
    if managed:
        queries.require_managed(db.connection(), actor, activity_id)
    subjects.require(db.connection(), actor, "activity", activity_id)
    row = db.get_one(Activity, activity_id, with_for_update=True)
    if row.cancelled_at is not None:
        raise Conflict("活动已经取消。", code="activity_cancelled", state="cancelled")
    return row


def out(db: Session, actor: Actor, activity_id: int) -> ActivityDetail:
    """The activity as the actor sees it."""
    return ActivityDetail.model_validate(queries.activity(db.connection(), actor, activity_id))


def sign_in(database: Database, actor: Actor, activity_id: int, seen: SignIn, key: bytes) -> ActivityDetail:
    """The actor attends, from an hour before the start until the end; repeating changes nothing.

    Trying is counted in its own transaction, so that a wrong code is no free guess.
    """
    with database.transaction() as db:
        wait = attempts.spend(db, f"sign-in:{actor.account_id}", *codes.TRIES)
    if wait:
        raise TooMany("签到尝试过于频繁，请稍后再试，或请工作人员登记。", retry_after=wait)
    with database.transaction() as db:
        return _sign_in(db, actor, activity_id, seen, key)


def _sign_in(db: Session, actor: Actor, activity_id: int, seen: SignIn, key: bytes) -> ActivityDetail:
    now, ago = clock.now(), timedelta(seconds=seen.seconds_ago)
    row, seat_id = running(db, actor, activity_id), actor.own_seat
    state = _state(db, activity_id, seat_id)
    if state == AttendanceState.ATTENDED:
        return out(db, actor, activity_id)
    if ago > codes.LATE:
        raise Conflict("扫码已经超过 30 分钟，请联系工作人员登记。", code="read_too_long_ago", state="late")
    _check_doors(row, state, now - ago)
    if not codes.is_valid(seen.code, key, activity_id, now - ago):
        raise Invalid("签到码不对或已经更换，请看会场屏幕上现在的签到码。", code="wrong_code")
    _settle(db, actor, row, {seat_id}, AttendanceState.ATTENDED, half_days=row.half_days)
    if not codes.is_valid(seen.code, key, activity_id, now):
        audit(db, actor, "attendance.signed_late", ("activity", activity_id), seconds_ago=seen.seconds_ago)
    return out(db, actor, activity_id)


def _check_doors(row: Activity, state: AttendanceState, moment: datetime) -> None:
    if not may_sign_in(row.starts_at, row.ends_at, moment):
        raise Conflict(
            "现在不是签到时间：开始前 60 分钟到结束前可以签到。", code="sign_in_closed", state="closed"
        )
    if state == AttendanceState.ABSENT:
        raise Conflict("已经记为缺席，请联系工作人员更正。", code="attendance_settled", state=state)


def join(db: Session, actor: Actor, activity_id: int) -> ActivityDetail:
    """The actor attends by entering the meeting online, when others may sign in; repeating changes nothing."""
    row, seat_id = running(db, actor, activity_id), actor.own_seat
    state = _state(db, activity_id, seat_id)
    if state == AttendanceState.ATTENDED:
        return out(db, actor, activity_id)
    if not (row.online_link or row.online_number):
        raise Conflict("这次活动不在线上举行，请到现场签到。", code="not_online", state="on_site")
    _check_doors(row, state, clock.now())
    _settle(db, actor, row, {seat_id}, AttendanceState.ATTENDED, half_days=row.half_days)
    return out(db, actor, activity_id)


def excuse(db: Session, actor: Actor, activity_id: int, reason: str) -> ActivityDetail:
    """The actor asks for leave before the start, with a reason."""
    row, seat_id = running(db, actor, activity_id), actor.own_seat
    state = _state(db, activity_id, seat_id)
    if clock.now() >= row.starts_at:
        raise Conflict("活动已经开始，请联系工作人员请假。", code="activity_started", state="started")
    if state != AttendanceState.INVITED:
        raise Conflict(f"当前为“{STATE_LABELS[state]}”，不能再请假。", code="attendance_settled", state=state)
    _settle(db, actor, row, {seat_id}, AttendanceState.EXCUSED, reason=reason)
    return out(db, actor, activity_id)


def _state(db: Session, activity_id: int, seat_id: int) -> AttendanceState:
    mine = (_t.c.activity_id == activity_id) & (_t.c.seat_id == seat_id)
    state = db.scalar(select(_t.c.state).where(mine).with_for_update())
    if state is None:
        raise NotFound("您不在这次活动的邀请名单里。", code="not_invited")
    return AttendanceState(state)


def mark(db: Session, actor: Actor, activity_id: int, marking: Marking) -> ActivityDetail:
    """Staff settle or correct the attendance of some seats."""
    row, seats = running(db, actor, activity_id, managed=True), set(marking.seat_ids)
    if marking.state == AttendanceState.EXCUSED and not marking.reason:
        raise Invalid("请假需要填写原因。", code="reason_required")
    if marking.half_days and (marking.state != AttendanceState.ATTENDED or marking.half_days > row.half_days):
        raise Invalid("半天数只用于出席，且不超过活动的半天数。", code="bad_half_days")
    here = _t.c.activity_id == activity_id
    known = db.scalar(select(func.count()).select_from(_t).where(here, _t.c.seat_id.in_(seats)))
    if known != len(seats):
        raise NotFound("有的委员不在邀请名单里。", code="not_invited")
    if marking.state in {AttendanceState.ATTENDED, AttendanceState.ABSENT} and clock.now() < row.starts_at:
        raise Conflict("活动还没有开始，不能登记出席或缺席。", code="activity_not_started", state="upcoming")
    half_days = (marking.half_days or row.half_days) if marking.state == AttendanceState.ATTENDED else 0
    _settle(db, actor, row, seats, marking.state, half_days=half_days, reason=marking.reason)
    audit(db, actor, "attendance.marked", ("activity", activity_id), state=marking.state, seats=len(seats))
    return out(db, actor, activity_id)


def _settle(
    db: Session,
    actor: Actor,
    row: Activity,
    seats: Collection[int],
    state: AttendanceState,
    *,
    half_days: int = 0,
    reason: str | None = None,
) -> None:
    """Bring seats into a state and the ledger in line; what was recorded otherwise is voided first."""
    conn, subject = db.connection(), ("activity", row.id or 0)
    here = (_t.c.activity_id == row.id) & _t.c.seat_id.in_(seats)
    was = conn.execute(select(_t.c.seat_id, _t.c.state, _t.c.half_days).where(here).with_for_update()).all()
    changed = [r for r in was if (r.state, r.half_days) != (state, half_days)]
    for before in changed:
        if before.state != AttendanceState.INVITED:
            duty.void(db, subject, "更正考勤", actor.account_id, seat_id=before.seat_id)
    conn.execute(
        update(_t)
        .where(here)
        .values(
            state=state,
            half_days=half_days,
            reason=reason,
            decided_at=None if state == AttendanceState.INVITED else clock.now(),
            decided_by=None if state == AttendanceState.INVITED else actor.account_id,
        )
    )
    if state != AttendanceState.INVITED:
        record(db, row, state, {r.seat_id: half_days for r in changed}, by=actor.account_id)
    if state == AttendanceState.ABSENT:
        title = f"“{row.title}”记为缺席；如有误或需补假，请联系工作人员"
        absent = {r.seat_id for r in changed}
        notify_seats(db, actor.organization_id, absent, NoticeKind.ACTIVITY_ABSENT, title, subject)
    live.emit(db, actor.organization_id, "activities", "attendance.changed", subject=subject)


def close(db: Session, actor: Actor, activity_id: int) -> ActivityDetail:
    """After the end: everybody who is still only invited was absent."""
    row, now = running(db, actor, activity_id, managed=True), clock.now()
    if now < row.ends_at:
        state, label = ("upcoming", "还没有开始") if now < row.starts_at else ("running", "正在进行")
        raise Conflict(f"活动{label}，结束后才能结束考勤。", code="activity_not_ended", state=state)
    waiting = select(_t.c.seat_id).where(
        _t.c.activity_id == activity_id, _t.c.state == AttendanceState.INVITED
    )
    if seats := set(db.scalars(waiting)):
        _settle(db, actor, row, seats, AttendanceState.ABSENT)
    settle(db, ("activity", activity_id))
    audit(db, actor, "activity.closed", ("activity", activity_id), absent=len(seats))
    return out(db, actor, activity_id)
