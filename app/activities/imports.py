"""Import of attendance sheets: all or nothing; a corrected sheet corrects the attendance, blank cells say nothing."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlmodel import Session

from app.activities.marks import Mark, marks_of
from app.activities.models import Activity, Attendance
from app.activities.rules import KIND_LABELS, RECORDED, STATE_LABELS, State
from app.activities.service import new_code, record
from app.activities.sheet import Meeting, Reading, read_sheet, template
from app.core import clock
from app.core.db import Database
from app.core.import_report import Progress, Report
from app.core.sheets import UnreadableWorkbookError
from app.core.sql import table
from app.duty import service as duty
from app.people.models import Organization
from app.people.recognise import Members
from app.people.roster_plan import organization_named
from app.people.service import id_of

__all__ = ["import_attendance", "template"]

_OPENS = timedelta(hours=9)
_a, _t = table(Activity), table(Attendance)


def import_attendance(
    database: Database,
    path: Path,
    organization: str | None = None,
    *,
    year: int | None = None,
    marks: Sequence[str] = (),
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Import attendance sheets of one organization, or only say what would come of it (`check`).

    `year` is meant where dates in the sheet name none; `marks` explain unusual ones (`●=出席`).
    Raises `UnreadableWorkbookError` when the file is no readable attendance sheet.
    """
    report = Report(checked=check)
    try:
        explained = marks_of(marks)
    except ValueError as e:
        raise UnreadableWorkbookError(f"{e}。") from e
    with suppress(_OnlyCheckedError), database.transaction() as db:
        place = organization_named(db, organization)
        members = Members(db.connection(), id_of(place))
        today = clock.local_day(clock.now(), place.timezone)
        meetings = read_sheet(path, Reading(members, today, year, explained), report)
        report.understood = [_understood(meeting) for meeting in meetings]
        if report.ok:
            _write(db, place, meetings, report, progress)
        if check:
            raise _OnlyCheckedError
    return report


class _OnlyCheckedError(Exception):
    """Takes back what was written to see what would come of it."""


def _understood(meeting: Meeting) -> str:
    came = Counter(mark.state for mark in meeting.marks.values())
    counts = "，".join(f"{STATE_LABELS[state]} {came[state]}" for state in RECORDED)
    what = f"{KIND_LABELS[meeting.kind]}“{meeting.title}”，{meeting.half_days} 个半天"
    return f"{meeting.held_on} {what}{'，必须参加' if meeting.must_attend else ''}：{counts}。"


def _write(
    db: Session, place: Organization, meetings: Sequence[Meeting], report: Report, progress: Progress
) -> None:
    known = _known(db, place, meetings)
    new = added = corrected = 0
    for number, meeting in enumerate(meetings, 1):
        row = known.get((meeting.title, meeting.held_on))
        if row is None:
            new += 1
            row = _create(db, place, meeting)
        more, changed = _attend(db, row, meeting)
        added += more
        corrected += changed
        progress("写入", number, len(meetings))
    total = sum(len(meeting.marks) for meeting in meetings)
    report.counts = {"新增活动": new, "新增人次": added, "更正": corrected}
    report.counts["不变"] = total - added - corrected


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
        sign_in_code=new_code(),
        created_at=clock.now(),
    )
    db.add(row)
    db.flush()
    return row


def _ends(starts_at: datetime, half_days: int) -> datetime:
    """Noon of the last day, or five in the afternoon."""
    return starts_at + timedelta(days=(half_days - 1) // 2, hours=3 if half_days % 2 else 8)


def _attend(db: Session, row: Activity, meeting: Meeting) -> tuple[int, int]:
    """Bring the attendance of one activity in line with the sheet: how many were added, how many corrected."""
    conn, now = db.connection(), clock.now()
    if (row.kind, row.half_days, row.must_attend) != (meeting.kind, meeting.half_days, meeting.must_attend):
        row.kind, row.half_days, row.must_attend = meeting.kind, meeting.half_days, meeting.must_attend
        db.flush()
        # points may differ by what the activity is, also of those whose attendance stays
        duty.touch(db, *db.scalars(select(_t.c.seat_id).where(_t.c.activity_id == row.id)))
    here = _t.c.activity_id == row.id
    columns = (_t.c.seat_id, _t.c.state, _t.c.half_days, _t.c.reason)
    was = {r.seat_id: (r.state, r.half_days, r.reason) for r in conn.execute(select(*columns).where(here))}
    settled: dict[State, dict[int, int]] = {state: {} for state in RECORDED}
    added, corrected = [], 0
    for seat, mark in meeting.marks.items():
        half_days = _counts(mark, meeting)
        said = {"state": mark.state, "half_days": half_days, "reason": mark.reason, "decided_at": now}
        if seat not in was:
            added.append({"activity_id": row.id, "seat_id": seat, **said})
        elif was[seat] != (mark.state, half_days, mark.reason):
            duty.void(db, ("activity", row.id or 0), "重新导入更正", None, seat_id=seat)
            conn.execute(update(_t).where(here, _t.c.seat_id == seat).values(**said, decided_by=None))
            corrected += 1
        else:
            continue
        settled[mark.state][seat] = half_days
    if added:
        conn.execute(insert(_t), added)
    for state, half_days_of in settled.items():
        record(db, row, state, half_days_of)
    return len(added), corrected


def _counts(mark: Mark, meeting: Meeting) -> int:
    return (mark.half_days or meeting.half_days) if mark.state == State.ATTENDED else 0
