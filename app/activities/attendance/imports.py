"""Import of attendance sheets: all is checked before anything is written; blank cells say nothing.

A corrected sheet corrects the attendance. It is written some marks at a time, so that members can write meanwhile;
whoever is killed imports the sheet again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update
from sqlmodel import Session

from app.activities.attendance.marks import AttendanceMark, marks_of
from app.activities.attendance.service import record
from app.activities.attendance.sheet import Meeting, Reading, read_sheet, template
from app.activities.models import Activity, Attendance
from app.activities.rules import KIND_LABELS, RECORDED, STATE_LABELS, AttendanceState
from app.core import clock
from app.core.db import Database
from app.core.excel.reader import Source, UnreadableWorkbookError
from app.core.excel.report import ImportReport, Progress
from app.core.jobs.short_transactions import parts, write
from app.core.sql import advisory_lock, table
from app.duty import service as duty
from app.people.models import Organization
from app.people.roster.member_matching import Members
from app.people.roster.plan import organization_named
from app.people.service import id_of

__all__ = ["import_attendance", "template"]

_OPENS = timedelta(hours=9)
#: Marks of one transaction.
CHUNK = 100
_a, _t = table(Activity), table(Attendance)


def import_attendance(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    year: int | None = None,
    marks: Sequence[str] = (),
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import attendance sheets of one organization, or only say what would come of it (`check`).

    `year` is meant where dates in the sheet name none; `marks` explain unusual ones (`●=出席`).
    Raises `UnreadableWorkbookError` when the file is no readable attendance sheet.
    """
    report = ImportReport(checked=check)
    try:
        explained = marks_of(marks)
    except ValueError as e:
        raise UnreadableWorkbookError(f"{e}。") from e
    with database.read.connect() as conn, Session(conn) as db:
        place = organization_named(db, organization)
        members = Members(conn, id_of(place))
        today = clock.local_day(clock.now(), place.timezone)
        meetings = read_sheet(path, Reading(members, today, year, explained), report)
        report.understood = [_understood(meeting) for meeting in meetings]
        counts = _planned(db, place, meetings) if report.ok and check else Counter[str]()
    if not report.ok:
        return report
    if not check:
        counts = _write(database, place, meetings, progress)
    report.counts = {label: counts[label] for label in ("新增活动", "新增人次", "更正", "不变")}
    return report


def _understood(meeting: Meeting) -> str:
    came = Counter(mark.state for mark in meeting.marks.values())
    counts = "，".join(f"{STATE_LABELS[state]} {came[state]}" for state in RECORDED)
    what = f"{KIND_LABELS[meeting.kind]}“{meeting.title}”，{meeting.half_days} 个半天"
    return f"{meeting.held_on} {what}{'，必须参加' if meeting.must_attend else ''}：{counts}。"


def _planned(db: Session, place: Organization, meetings: Sequence[Meeting]) -> Counter[str]:
    """What writing would come to."""
    known, counts = _known(db, place, meetings), Counter[str]()
    for meeting in meetings:
        row = known.get((meeting.title, meeting.held_on))
        counts += _plan(db.connection(), row.id if row else None, meeting, meeting.marks).counts()
    return counts


def _write(
    database: Database, place: Organization, meetings: Sequence[Meeting], progress: Progress
) -> Counter[str]:
    counts = Counter[str]()
    for number, meeting in enumerate(meetings, 1):
        for seats in parts(list(meeting.marks), CHUNK) if meeting.marks else [[]]:
            counts += write(database, partial(_attend, place=place, meeting=meeting, seats=seats))
        progress("写入", number, len(meetings))
    return counts


def _known(db: Session, place: Organization, meetings: Sequence[Meeting]) -> dict[tuple[str, date], Activity]:
    """Running activities of those days by title and local day."""
    if not meetings:
        return {}
    days = [meeting.held_on for meeting in meetings]
    first, last = clock.day_starts(min(days), place.timezone), clock.day_starts(max(days), place.timezone)
    rows = db.scalars(
        select(Activity).where(
            _a.c.organization_id == place.id,
            _a.c.starts_at >= first,
            _a.c.starts_at < last + timedelta(days=1),
            _a.c.cancelled_at.is_(None),
        )
    )
    return {(row.title, clock.local_day(row.starts_at, place.timezone)): row for row in rows}


def _create(db: Session, place: Organization, meeting: Meeting) -> Activity:
    starts_at = clock.day_starts(meeting.held_on, place.timezone) + _OPENS
    row = Activity(
        organization_id=id_of(place),
        kind=meeting.kind,
        title=meeting.title,
        place=meeting.place,
        starts_at=starts_at,
        ends_at=_ends(starts_at, meeting.half_days),
        half_days=meeting.half_days,
        must_attend=meeting.must_attend,
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    return row


def _ends(starts_at: datetime, half_days: int) -> datetime:
    """Noon of the last day, or five in the afternoon."""
    return starts_at + timedelta(days=(half_days - 1) // 2, hours=3 if half_days % 2 else 8)


class _Plan(NamedTuple):
    """Marks of one meeting by seat: those that are new, and those that say something else than before."""

    new_activity: bool
    added: dict[int, AttendanceMark]
    corrected: dict[int, AttendanceMark]
    unchanged: int

    def counts(self) -> Counter[str]:
        """How many of each, by their Chinese labels."""
        rows = {"新增人次": len(self.added), "更正": len(self.corrected), "不变": self.unchanged}
        return Counter({"新增活动": int(self.new_activity)} | rows)


def _plan(conn: Connection, activity_id: int | None, meeting: Meeting, seats: Collection[int]) -> _Plan:
    columns = (_t.c.seat_id, _t.c.state, _t.c.half_days, _t.c.reason)
    rows = conn.execute(select(*columns).where(_t.c.activity_id == activity_id, _t.c.seat_id.in_(seats)))
    was = {row.seat_id: (row.state, row.half_days, row.reason) for row in rows}
    marks = {seat: meeting.marks[seat] for seat in seats}
    said = {seat: (mark.state, _counts(mark, meeting), mark.reason) for seat, mark in marks.items()}
    added = {seat: mark for seat, mark in marks.items() if seat not in was}
    corrected = {seat: mark for seat, mark in marks.items() if was.get(seat, said[seat]) != said[seat]}
    return _Plan(activity_id is None, added, corrected, len(marks) - len(added) - len(corrected))


def _attend(db: Session, place: Organization, meeting: Meeting, seats: Collection[int]) -> Counter[str]:
    """Bring the attendance of some seats in line with the sheet; how many were added, how many corrected."""
    conn, now = db.connection(), clock.now()
    advisory_lock(conn, f"attendance import:{place.id}")
    row = _known(db, place, [meeting]).get((meeting.title, meeting.held_on))
    plan = _plan(conn, row.id if row else None, meeting, seats)
    row = row or _create(db, place, meeting)
    if (row.kind, row.half_days, row.must_attend) != (meeting.kind, meeting.half_days, meeting.must_attend):
        row.kind, row.half_days, row.must_attend = meeting.kind, meeting.half_days, meeting.must_attend
        db.flush()
        # points may differ by what the activity is, also of those whose attendance stays
        duty.invalidate_figures(db, *db.scalars(select(_t.c.seat_id).where(_t.c.activity_id == row.id)))
    settled: dict[AttendanceState, dict[int, int]] = {state: {} for state in RECORDED}
    added = []
    for seat, mark in (plan.added | plan.corrected).items():
        half_days = settled[mark.state][seat] = _counts(mark, meeting)
        said = {"state": mark.state, "half_days": half_days, "reason": mark.reason, "decided_at": now}
        if seat in plan.added:
            added.append({"activity_id": row.id, "seat_id": seat, **said})
            continue
        duty.void(db, ("activity", row.id or 0), "重新导入更正", None, seat_id=seat)
        here = (_t.c.activity_id == row.id) & (_t.c.seat_id == seat)
        conn.execute(update(_t).where(here).values(**said, decided_by=None))
    if added:
        conn.execute(insert(_t), added)
    for state, half_days_of in settled.items():
        record(db, row, state, half_days_of)
    return plan.counts()


def _counts(mark: AttendanceMark, meeting: Meeting) -> int:
    return (mark.half_days or meeting.half_days) if mark.state == AttendanceState.ATTENDED else 0
