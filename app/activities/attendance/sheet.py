"""The attendance sheet of a year as offices keep it: members by activities, √ came, △ on leave, × absent.

Above or below the line of names stand the date, kind, half-days and place of each activity; what is missing is
read from the activity's title.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from app.activities.attendance.marks import AttendanceMark, read_mark
from app.activities.rules import KIND_LABELS, KIND_WORDS, ActivityKind, AttendanceState
from app.core.excel.headers import Column, header_name
from app.core.excel.parsers import full_day, line, narrow, text, whole
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport
from app.core.excel.tables import Row, SheetTable, read_tables
from app.core.excel.writer import write_workbook
from app.people.roster.member_matching import COLUMNS as MEMBER_COLUMNS
from app.people.roster.member_matching import Members

T = TypeVar("T")
COLUMNS = (
    Column("serial", ("序号", "编号")),
    *MEMBER_COLUMNS,
    Column("sector", ("界别", "所属界别")),
    Column("committees", ("专委会", "专门委员会")),
    Column("post", ("职务", "政协职务")),
    Column("employer", ("单位", "工作单位", "工作单位及职务")),
)
_SUMS = re.compile(r"合计|小计|总计|次数|出席率|参会率|得分|积分|备注|签名")
_LINES = {
    "held_on": ("日期", "时间", "活动日期", "会议日期"),
    "kind": ("类别", "类型", "活动类别", "会议类别"),
    "half_days": ("半天数", "半天", "计半天数"),
    "place": ("地点", "活动地点"),
    "must_attend": ("必须参加", "必到"),
}
_LINE_OF = {label: key for key, labels in _LINES.items() for label in labels}
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}
_WHOLE_DAY = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")
_MONTH_DAY = re.compile(r"(\d{1,2})[月.](\d{1,2})日?")
_YEAR = re.compile(r"(20\d{2})年")
_MOST_HALF_DAYS = 60
#: The rest of several days after the first one: 10-13日, 10日至2月1日.
_UNTIL = re.compile(r"\s*[-–—~～至到]\s*(?:\d{1,2}[月./])?\d{1,2}日?")
_LENGTH = re.compile(r"[\d一二三四五六七八九十两半]+个?(?:半天|整天|天)|半天|[上下]午")
_EMPTY_BRACKETS = re.compile("[(\uff08]\\s*[)\uff09]")
_BEGINNING_OF_BRACKETS = re.compile("([(\uff08])[\\s,\uff0c\u3001;\uff1b]+")


@dataclass
class Meeting:
    """One column of the sheet."""

    title: str
    held_on: date
    kind: ActivityKind
    half_days: int
    place: str
    must_attend: bool
    marks: dict[int, AttendanceMark] = field(default_factory=dict)


def template(path: Path) -> None:
    """Write an attendance sheet with two sample columns' headings and a sheet of instructions."""
    rows: list[list[Any]] = [
        ["序号", "委员编号", "姓名", "界别", "十五届四次全体会议", "重点提案视察"],
        ["日期", "", "", "", "2025-01-10", "2025-06-18"],
        ["类别", "", "", "", "全体会议", "视察"],
        ["半天数", "", "", "", 6, 1],
        ["地点", "", "", "", "", ""],
    ]
    help_rows = [
        ("项", "说明"),
        ("每次活动占一列", "列名为活动名称；下面几行写日期、类别、半天数、地点"),
        ("出席", "√（也可写“出席”）；只出席一部分写 √ 和半天数，如 √3"),
        ("请假", "△（也可写“请假”），原因写在括号里，如 △（出差）"),
        ("缺席", "×（也可写“缺席”）"),
        ("未受邀", "留空"),
        ("类别", "、".join(_KINDS) + "；不填时按活动名称判断"),
        ("必须参加", "可加一行“必须参加”，填“是”"),
    ]
    write_workbook(path, {"出席情况": rows, "填表说明": help_rows})


@dataclass(frozen=True)
class Reading:
    """What a sheet is read by: the members, the last day there is, the year and marks that the operator names."""

    members: Members
    today: date
    year: int | None
    marks: Mapping[str, AttendanceState]


def read_sheet(path: Source, reading: Reading, report: ImportReport) -> list[Meeting]:
    """Every activity with its marks by seat; faults go into `report`. Raises `UnreadableWorkbookError`."""
    meetings: dict[tuple[str, date], Meeting] = {}
    first: dict[int, Row] = {}
    for found in read_tables(path, COLUMNS, report):
        for meeting in _meetings(found, reading, first, report):
            known = meetings.setdefault((meeting.title, meeting.held_on), meeting)
            known.marks |= meeting.marks
    return list(meetings.values())


def _meetings(
    found: SheetTable, reading: Reading, first: dict[int, Row], report: ImportReport
) -> list[Meeting]:
    lines, rows = _split(found, report)
    year = reading.year
    year = year or _year_of(found)
    meetings: dict[int, Meeting] = {}
    for index in found.others:
        if _SUMS.search(header_name(found.headers[index])):
            continue
        meeting = _meeting(found, index, lines, year)
        if meeting is not None and meeting.held_on > reading.today:
            found.fault(found.header_row, index, f"{meeting.held_on} 还没有到")
        elif meeting is not None:
            meetings[index] = meeting
    for row in rows:
        _read_marks(row, meetings, reading, first)
    return list(meetings.values())


def _read_marks(row: Row, meetings: dict[int, Meeting], reading: Reading, first: dict[int, Row]) -> None:
    seats: dict[date, int | None] = {}
    for index, meeting in meetings.items():
        mark = row.read_at(index, lambda cell: read_mark(cell, reading.marks))
        if mark is None or mark.state == AttendanceState.INVITED:
            continue
        if mark.half_days and mark.half_days > meeting.half_days:
            row.table.fault(row.number, index, f"半天数超过活动的 {meeting.half_days}")
        if seats and None in seats.values():
            continue  # whom the row means is said once
        if meeting.held_on not in seats:
            seats[meeting.held_on] = reading.members.seat(row, meeting.held_on)
        seat = seats[meeting.held_on]
        if seat is not None:
            meeting.marks[seat] = mark
            first.setdefault(seat, row)
    again = [first[seat] for seat in seats.values() if seat and first[seat] is not row]
    if again:
        sheet = "" if again[0].table.sheet == row.table.sheet else f"工作表“{again[0].table.sheet}”"
        row.fault("name", f"与{sheet}第 {again[0].number} 行重复")


def _split(found: SheetTable, report: ImportReport) -> tuple[dict[str, Row], list[Row]]:
    """The lines that describe the activities, and the rows of members."""
    lines: dict[str, Row] = {}
    rows = []
    known = sorted(found.columns.values())
    members = found.entries(("name",), report)
    for row in found.above + found.rows:
        labels = [header_name(row.cells[i].value) for i in known if i in row.cells]
        key = next((_LINE_OF[label] for label in labels if label in _LINE_OF), None)
        if key is not None:
            lines[key] = row
        elif row in members:
            rows.append(row)
    return lines, rows


def _year_of(found: SheetTable) -> int | None:
    titles = [str(cell.value) for row in found.above for cell in row.cells.values()] + [found.sheet]
    return next((int(match[1]) for title in titles if (match := _YEAR.search(title))), None)


def _meeting(found: SheetTable, index: int, lines: dict[str, Row], year: int | None) -> Meeting | None:
    def said(key: str, parse: Callable[[Cell], T]) -> T | None:
        return lines[key].read_at(index, parse) if key in lines else None

    before = len(found.faults)
    header = " ".join(found.headers[index].split())
    held_on, title, several = said("held_on", lambda cell: _day(cell, year)), header, False
    if held_on is not None:
        several = _several_days(lines["held_on"].cells[index])
    elif len(found.faults) == before:
        held_on, title, several = _dated(header, year)
        if held_on is None:
            found.fault(found.header_row, index, "不知道日期：请在“日期”一行填写，或写在活动名称里")
    kind = said("kind", _kind) or _guessed(title)
    if kind is None:
        found.fault(found.header_row, index, f"认不出活动类别，请在“类别”一行填写：{'、'.join(_KINDS)}")
    if len(title) > 120:  # noqa: PLR2004 - the column's width
        found.fault(found.header_row, index, "活动名称太长：最多 120 个字")
    half_days, place = said("half_days", _half_days), said("place", line(120))
    if half_days is None and (several or _LENGTH.search(header)):
        found.fault(found.header_row, index, "不知道算几个半天：请加“半天数”一行填写")
    must = said("must_attend", text) in {"是", "√", "必到"}
    if held_on is None or kind is None or len(found.faults) > before:
        return None
    return Meeting(title, held_on, kind, half_days or 1, place or "", must)


def _guessed(words: str) -> ActivityKind | None:
    return next((kind for kind, pattern in KIND_WORDS.items() if re.search(pattern, words)), None)


def _day(cell: Cell, year: int | None) -> date:
    found = narrow(cell) if isinstance(cell.value, str) else ""
    if (match := _WHOLE_DAY.match(found)) or (year and (match := _MONTH_DAY.match(found))):
        return _real(match, year)  # the first day of several
    return full_day(cell)


def _several_days(cell: Cell) -> bool:
    words = narrow(cell)
    match = _WHOLE_DAY.match(words) or _MONTH_DAY.match(words)
    return match is not None and _UNTIL.match(words, match.end()) is not None


def _real(match: re.Match[str], year: int | None) -> date:
    parts = [int(part) for part in match.groups()]
    try:
        return date(*([year or 0] if len(parts) == 2 else []), *parts)  # noqa: PLR2004 - month and day
    except ValueError:
        raise ValueError(f"没有“{match[0]}”这一天") from None


def _dated(title: str, year: int | None) -> tuple[date | None, str, bool]:
    """The first day in a title, the title without its days, and whether they are several."""
    match = _WHOLE_DAY.search(title) or (_MONTH_DAY.search(title) if year else None)
    if match is None:
        return None, title, False
    until = _UNTIL.match(title, match.end())
    rest = title[: match.start()] + title[(until or match).end() :]
    rest = _EMPTY_BRACKETS.sub("", _BEGINNING_OF_BRACKETS.sub(r"\1", rest))
    try:
        return _real(match, year), rest.strip(), until is not None
    except ValueError:
        return None, title, False


def _kind(cell: Cell) -> ActivityKind:
    found = narrow(cell)
    guess = _KINDS.get(found) or _guessed(found)
    if guess is None:
        raise ValueError(f"没有活动类别“{found}”，可填：{'、'.join(_KINDS)}")
    return guess


def _half_days(cell: Cell) -> int:
    found = whole(cell)
    if not 1 <= found <= _MOST_HALF_DAYS:
        raise ValueError(f"应在 1 到 {_MOST_HALF_DAYS} 之间")
    return found
