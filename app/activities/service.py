"""Verbs of activities. A correction voids what was recorded and records anew."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Session

from app.activities import codes, queries
from app.activities.models import Activity, Attendance
from app.activities.rules import RECORDED, STATE_LABELS, State, may_sign_in
from app.activities.schemas import ActivityIn, ActivityOut, ActivityPatch, Marking, SignIn
from app.audit.service import log as audit
from app.auth import attempts, subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.db import Database
from app.core.errors import Conflict, Invalid, NotFound, TooMany
from app.core.sql import table
from app.duty import service as duty
from app.duty.service import Act
from app.notifications.service import notify, settle
from app.people.models import Organization, Seat
from app.people.offices import scope
from app.people.queries import accounts_of, seats_in

_INVITED = {"sector_ids", "committee_ids", "seat_ids"}
_a, _t = table(Activity), table(Attendance)


def create(db: Session, actor: Actor, new: ActivityIn) -> ActivityOut:
    """Create an activity, invite its seats and tell them."""
    row = Activity(
        organization_id=actor.organization_id,
        **new.model_dump(exclude=_INVITED | {"committee_id"}),
        committee_id=scope.host(db.connection(), actor, Permission.ACTIVITY_MANAGE, new.committee_id),
        created_by=actor.account_id,
        created_at=clock.now(),
    )
    _check(row)
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    seats = _invited(db, actor, row, new.sector_ids, new.committee_ids, new.seat_ids)
    if not seats:
        raise Invalid("没有邀请任何委员。", code="nobody_invited")
    _invite(db, row, seats)
    _tell(db, actor, row, seats, "activity.invited", f"邀请您参加：“{row.title}”")
    live.emit(db, actor.organization_id, "activities", "activity.created", subject=("activity", row.id))
    return _out(db, actor, row.id)


def _check(row: Activity) -> None:
    if row.starts_at >= row.ends_at:
        raise Invalid("结束时间应晚于开始时间。", code="bad_period")


def _invited(
    db: Session,
    actor: Actor,
    row: Activity,
    sectors: Collection[int],
    committees: Collection[int],
    seats: Collection[int],
) -> set[int]:
    """The seats that an invitation means, of those held on the day of the activity; none named means all."""
    conn, day, s = db.connection(), clock.local_day(row.starts_at, actor.zone), table(Seat)
    found: set[int] = set()
    if sectors or committees or not seats:
        groups = seats_in(actor.organization_id, day, sectors=sectors, committees=committees)
        found |= set(conn.scalars(groups))
    named = set(conn.scalars(seats_in(actor.organization_id, day).where(s.c.id.in_(seats))))
    if named != set(seats):
        raise NotFound("邀请的委员不存在，或者活动当天不在任。", code="no_seat")
    return found | named


def _invite(db: Session, row: Activity, seats: Collection[int]) -> None:
    if seats:
        db.connection().execute(
            insert(_t), [{"activity_id": row.id, "seat_id": s, "state": State.INVITED} for s in sorted(seats)]
        )


def _tell(db: Session, actor: Actor, row: Activity, seats: Collection[int], kind: str, title: str) -> None:
    accounts = accounts_of(db.connection(), seats).values()
    notify(db, actor.organization_id, accounts, kind, title, ("activity", row.id or 0))


def edit(db: Session, actor: Actor, activity_id: int, patch: ActivityPatch) -> ActivityOut:
    """Change an activity; what is recorded of it follows its day and half-days."""
    row = _running(db, actor, activity_id, managed=True)
    before, form = (row.starts_at, row.half_days), (row.kind, row.must_attend)
    for column, value in patch.model_dump(exclude_none=True, exclude=_INVITED | {"committee_id"}).items():
        setattr(row, column, value)
    if "committee_id" in patch.model_fields_set:
        row.committee_id = scope.host(db.connection(), actor, Permission.ACTIVITY_MANAGE, patch.committee_id)
    _check(row)
    db.add(row)
    db.flush()
    if (row.starts_at, row.half_days) != before:
        _rerecord(db, actor, row, before[1])
    elif (row.kind, row.must_attend) != form:
        duty.touch(db, *db.scalars(select(_t.c.seat_id).where(_t.c.activity_id == activity_id)))
    if _INVITED & patch.model_fields_set:
        lists = (patch.sector_ids or [], patch.committee_ids or [], patch.seat_ids or [])
        _reinvite(db, actor, row, _invited(db, actor, row, *lists))
    live.emit(db, actor.organization_id, "activities", "activity.changed", subject=("activity", activity_id))
    return _out(db, actor, activity_id)


def _rerecord(db: Session, actor: Actor, row: Activity, half_days_before: int) -> None:
    conn, mine = db.connection(), _t.c.activity_id == row.id
    whole = mine & (_t.c.state == State.ATTENDED) & (_t.c.half_days == half_days_before)
    conn.execute(update(_t).where(whole).values(half_days=row.half_days))
    duty.void(db, ("activity", row.id or 0), "活动时间更正", actor.account_id)
    for state in RECORDED:
        settled = select(_t.c.seat_id, _t.c.half_days).where(mine, _t.c.state == state)
        record(db, row, state, {r.seat_id: r.half_days for r in conn.execute(settled)}, by=actor.account_id)


def _reinvite(db: Session, actor: Actor, row: Activity, wanted: set[int]) -> None:
    conn = db.connection()
    states = {r.seat_id: r.state for r in conn.execute(select(_t).where(_t.c.activity_id == row.id))}
    gone = [s for s, state in states.items() if s not in wanted and state == State.INVITED]
    conn.execute(delete(_t).where(_t.c.activity_id == row.id, _t.c.seat_id.in_(gone)))
    added = wanted - states.keys()
    _invite(db, row, added)
    _tell(db, actor, row, added, "activity.invited", f"邀请您参加：“{row.title}”")


def record(
    db: Session,
    row: Activity,
    state: State,
    half_days: dict[int, int],
    *,
    source: str = "platform",
    by: int | None = None,
) -> None:
    """Write the ledger of seats (with what counts for each) that are in a settled state."""
    o = table(Organization)
    level = db.scalar(select(o.c.level).where(o.c.id == row.organization_id)) or "city"
    acts = [
        Act(
            seat,
            RECORDED[state],
            ("activity", row.id or 0),
            row.starts_at,
            quantity=counted if state == State.ATTENDED else 1,
            level=level,
        )
        for seat, counted in half_days.items()
    ]
    duty.record_all(db, row.organization_id, acts, source=source, by=by)


def _running(db: Session, actor: Actor, activity_id: int, *, managed: bool = False) -> Activity:
    """An activity that is on, for those who see it or (`managed`) those who work on it."""
    if managed:
        queries.require_managed(db.connection(), actor, activity_id)
    subjects.require(db.connection(), actor, "activity", activity_id)
    row = db.get_one(Activity, activity_id, with_for_update=True)
    if row.cancelled_at is not None:
        raise Conflict("活动已经取消。", code="activity_cancelled", state="cancelled")
    return row


def sign_in(database: Database, actor: Actor, activity_id: int, seen: SignIn, key: bytes) -> ActivityOut:
    """The actor attends, from an hour before the start until the end; repeating changes nothing.

    Trying is counted in its own transaction, so that a wrong code is no free guess.
    """
    with database.transaction() as db:
        wait = attempts.spend(db, f"sign-in:{actor.account_id}", *codes.TRIES)
    if wait:
        raise TooMany("签到尝试过于频繁，请稍后再试，或请工作人员登记。", retry_after=wait)
    with database.transaction() as db:
        return _sign_in(db, actor, activity_id, seen, key)


def _sign_in(db: Session, actor: Actor, activity_id: int, seen: SignIn, key: bytes) -> ActivityOut:
    now, ago = clock.now(), timedelta(seconds=seen.seconds_ago)
    row, seat_id = _running(db, actor, activity_id), actor.own_seat
    state = _state(db, activity_id, seat_id)
    if state == State.ATTENDED:
        return _out(db, actor, activity_id)
    if ago > codes.LATE:
        raise Conflict("扫码已经超过 30 分钟，请联系工作人员登记。", code="read_too_long_ago", state="late")
    if not may_sign_in(row.starts_at, row.ends_at, now - ago):
        raise Conflict(
            "现在不是签到时间：开始前 60 分钟到结束前可以签到。", code="sign_in_closed", state="closed"
        )
    if not codes.is_valid(seen.code, key, activity_id, now - ago):
        raise Invalid("签到码不对或已经更换，请看会场屏幕上现在的签到码。", code="wrong_code")
    if state == State.ABSENT:
        raise Conflict("已经记为缺席，请联系工作人员更正。", code="attendance_settled", state=state)
    _settle(db, actor, row, {seat_id}, State.ATTENDED, half_days=row.half_days)
    if not codes.is_valid(seen.code, key, activity_id, now):
        audit(db, actor, "attendance.signed_late", ("activity", activity_id), seconds_ago=seen.seconds_ago)
    return _out(db, actor, activity_id)


def excuse(db: Session, actor: Actor, activity_id: int, reason: str) -> ActivityOut:
    """The actor asks for leave before the start, with a reason."""
    row, seat_id = _running(db, actor, activity_id), actor.own_seat
    state = _state(db, activity_id, seat_id)
    if clock.now() >= row.starts_at:
        raise Conflict("活动已经开始，请联系工作人员请假。", code="activity_started", state="started")
    if state != State.INVITED:
        raise Conflict(f"当前为“{STATE_LABELS[state]}”，不能再请假。", code="attendance_settled", state=state)
    _settle(db, actor, row, {seat_id}, State.EXCUSED, reason=reason)
    return _out(db, actor, activity_id)


def _state(db: Session, activity_id: int, seat_id: int) -> State:
    mine = (_t.c.activity_id == activity_id) & (_t.c.seat_id == seat_id)
    state = db.scalar(select(_t.c.state).where(mine).with_for_update())
    if state is None:
        raise NotFound("您不在这次活动的邀请名单里。", code="not_invited")
    return State(state)


def mark(db: Session, actor: Actor, activity_id: int, marking: Marking) -> ActivityOut:
    """Staff settle or correct the attendance of some seats."""
    row, seats = _running(db, actor, activity_id, managed=True), set(marking.seat_ids)
    if marking.state == State.EXCUSED and not marking.reason:
        raise Invalid("请假需要填写原因。", code="reason_required")
    if marking.half_days and (marking.state != State.ATTENDED or marking.half_days > row.half_days):
        raise Invalid("半天数只用于出席，且不超过活动的半天数。", code="bad_half_days")
    here = _t.c.activity_id == activity_id
    known = db.scalar(select(func.count()).select_from(_t).where(here, _t.c.seat_id.in_(seats)))
    if known != len(seats):
        raise NotFound("有的委员不在邀请名单里。", code="not_invited")
    if marking.state in {State.ATTENDED, State.ABSENT} and clock.now() < row.starts_at:
        raise Conflict("活动还没有开始，不能登记出席或缺席。", code="activity_not_started", state="upcoming")
    half_days = (marking.half_days or row.half_days) if marking.state == State.ATTENDED else 0
    _settle(db, actor, row, seats, marking.state, half_days=half_days, reason=marking.reason)
    audit(db, actor, "attendance.marked", ("activity", activity_id), state=marking.state, seats=len(seats))
    return _out(db, actor, activity_id)


def _settle(
    db: Session,
    actor: Actor,
    row: Activity,
    seats: Collection[int],
    state: State,
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
        if before.state != State.INVITED:
            duty.void(db, subject, "更正考勤", actor.account_id, seat_id=before.seat_id)
    conn.execute(
        update(_t)
        .where(here)
        .values(
            state=state,
            half_days=half_days,
            reason=reason,
            decided_at=None if state == State.INVITED else clock.now(),
            decided_by=None if state == State.INVITED else actor.account_id,
        )
    )
    if state != State.INVITED:
        record(db, row, state, {r.seat_id: half_days for r in changed}, by=actor.account_id)
    if state == State.ABSENT:
        title = f"“{row.title}”记为缺席；如有误或需补假，请联系工作人员"
        _tell(db, actor, row, {r.seat_id for r in changed}, "activity.absent", title)
    live.emit(db, actor.organization_id, "activities", "attendance.changed", subject=subject)


def close(db: Session, actor: Actor, activity_id: int) -> ActivityOut:
    """After the end: everybody who is still only invited was absent."""
    row, now = _running(db, actor, activity_id, managed=True), clock.now()
    if now < row.ends_at:
        state, label = ("upcoming", "还没有开始") if now < row.starts_at else ("running", "正在进行")
        raise Conflict(f"活动{label}，结束后才能结束考勤。", code="activity_not_ended", state=state)
    waiting = select(_t.c.seat_id).where(_t.c.activity_id == activity_id, _t.c.state == State.INVITED)
    seats = set(db.scalars(waiting))
    if seats:
        _settle(db, actor, row, seats, State.ABSENT)
    settle(db, ("activity", activity_id))
    audit(db, actor, "activity.closed", ("activity", activity_id), absent=len(seats))
    return _out(db, actor, activity_id)


def cancel(db: Session, actor: Actor, activity_id: int, reason: str) -> ActivityOut:
    """Call an activity off: nothing of it counts, and the invited are told why."""
    row = _running(db, actor, activity_id, managed=True)
    row.cancelled_at = clock.now()
    db.add(row)
    db.flush()
    subject = ("activity", activity_id)
    duty.void(db, subject, f"活动取消：{reason}"[:200], actor.account_id)
    here = _t.c.activity_id == activity_id
    seats = set(db.scalars(select(_t.c.seat_id).where(here)))
    waits = update(_t).where(here, _t.c.state == State.INVITED)
    db.connection().execute(waits.values(state=State.CALLED_OFF))
    settle(db, subject)
    _tell(db, actor, row, seats, "activity.cancelled", f"活动取消：“{row.title}”（{reason}）")
    audit(db, actor, "activity.cancelled", subject, reason=reason)
    live.emit(db, actor.organization_id, "activities", "activity.cancelled", subject=subject)
    return _out(db, actor, activity_id)


def _out(db: Session, actor: Actor, activity_id: int) -> ActivityOut:
    return ActivityOut.model_validate(queries.activity(db.connection(), actor, activity_id))
