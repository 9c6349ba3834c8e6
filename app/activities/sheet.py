"""The attendance sheet of a year as offices keep it: members by activities, √ came, △ on leave, × absent.

Above or below the line of names stand the date, kind, half-days and place of each activity; what is missing is
read from the activity's title.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from app.activities.rules import KIND_LABELS, ActivityKind, State
from app.core.cells import full_day, line, narrow, text, whole
from app.core.sheets import Cell, blank, write_workbook
from app.core.workbook import Column, Report, Row, Table, header_name, read_tables
from app.people.recognise import COLUMNS as MEMBER_COLUMNS
from app.people.recognise import Members

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
_MARKS = {
    State.ATTENDED: "√✓✔☑vV1",
    State.EXCUSED: "△▲Δ",
    State.ABSENT: "×✗✘xX╳0",
}
_WORDS = {
    State.ATTENDED: ("出席", "到", "参加", "已签到", "实到"),
    State.EXCUSED: ("请假", "假", "事假", "病假", "公假"),
    State.ABSENT: ("缺席", "旷会", "未到", "缺"),
}
_SAID = {mark: state for state, marks in _MARKS.items() for mark in marks} | {
    word: state for state, words in _WORDS.items() for word in words
}
_MARK = re.compile(r"(\D+?|[01])(\d{1,2})?(?:\((.*)\))?")
_NOT_INVITED = {"", "/", "-", "—", "–", "无", "免"}
_GUESSES = (
    ("全体会议|全会|大会|开幕会|闭幕会", ActivityKind.PLENARY),
    ("常委会|常务委员会", ActivityKind.STANDING_COMMITTEE),
    ("培训|学习|读书班|讲座", ActivityKind.TRAINING),
    ("视察", ActivityKind.INSPECTION),
    ("调研|考察", ActivityKind.RESEARCH),
    ("协商|议政|座谈", ActivityKind.CONSULTATION),
    ("专委会|委员会|主任会议", ActivityKind.COMMITTEE_MEETING),
)
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}
_WHOLE_DAY = re.compile(r"(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?")
_MONTH_DAY = re.compile(r"(\d{1,2})[月.](\d{1,2})日?")
_YEAR = re.compile(r"(20\d{2})年")
_MOST_HALF_DAYS = 60


@dataclass(frozen=True)
class Mark:
    """What one cell says of a seat."""

    state: State
    half_days: int | None = None
    reason: str | None = None


@dataclass
class Meeting:
    """One column of the sheet."""

    title: str
    held_on: date
    kind: ActivityKind
    half_days: int
    place: str
    must_attend: bool
    marks: dict[int, Mark] = field(default_factory=dict)


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


def read_sheet(path: Path, members: Members, today: date, year: int | None, report: Report) -> list[Meeting]:
    """Every activity with its marks by seat; faults go into `report`. Raises `UnreadableWorkbookError`."""
    return [m for found in read_tables(path, COLUMNS, report) for m in _meetings(found, members, today, year)]


def _meetings(found: Table, members: Members, today: date, year: int | None) -> list[Meeting]:
    lines, rows = _split(found)
    year = year or _year_of(found)
    meetings: dict[int, Meeting] = {}
    for index in found.others:
        if _SUMS.search(header_name(found.headers[index])):
            continue
        meeting = _meeting(found, index, lines, year)
        if meeting is not None and meeting.held_on > today:
            found.fault(found.header_row, index, f"{meeting.held_on} 还没有到")
        elif meeting is not None:
            meetings[index] = meeting
    first: dict[int, Row] = {}
    for row in rows:
        _read_marks(row, meetings, members, first)
    return list(meetings.values())


def _read_marks(row: Row, meetings: dict[int, Meeting], members: Members, first: dict[int, Row]) -> None:
    seats: dict[date, int | None] = {}
    for index, meeting in meetings.items():
        mark = row.read_at(index, _mark)
        if mark is None or mark.state == State.INVITED:
            continue
        if mark.half_days and mark.half_days > meeting.half_days:
            row.table.fault(row.number, index, f"半天数超过活动的 {meeting.half_days}")
        if seats and None in seats.values():
            continue  # whom the row means is said once
        if meeting.held_on not in seats:
            seats[meeting.held_on] = members.seat(row, meeting.held_on)
        seat = seats[meeting.held_on]
        if seat is not None:
            meeting.marks[seat] = mark
            first.setdefault(seat, row)
    again = [first[seat] for seat in seats.values() if seat and first[seat] is not row]
    if again:
        row.fault("name", f"与第 {again[0].number} 行重复")


def _split(found: Table) -> tuple[dict[str, Row], list[Row]]:
    """The lines that describe the activities, and the rows of members."""
    lines: dict[str, Row] = {}
    rows = []
    known = sorted(found.columns.values())
    for row in found.above + found.rows:
        labels = [header_name(row.cells[i].value) for i in known if i in row.cells]
        key = next((_LINE_OF[label] for label in labels if label in _LINE_OF), None)
        if key is not None:
            lines[key] = row
        elif row.number > found.header_row and not blank(row.cell("name")):
            rows.append(row)
    return lines, rows


def _year_of(found: Table) -> int | None:
    titles = [str(cell.value) for row in found.above for cell in row.cells.values()] + [found.sheet]
    return next((int(match[1]) for title in titles if (match := _YEAR.search(title))), None)


def _meeting(found: Table, index: int, lines: dict[str, Row], year: int | None) -> Meeting | None:
    def said(key: str, parse: Callable[[Cell], T]) -> T | None:
        return lines[key].read_at(index, parse) if key in lines else None

    before = len(found.faults)
    title = " ".join(found.headers[index].split())
    held_on = said("held_on", lambda cell: _day(cell, year))
    if held_on is None and len(found.faults) == before:
        held_on, title = _dated(title, year)
        if held_on is None:
            found.fault(found.header_row, index, "不知道日期：请在“日期”一行填写，或写在活动名称里")
    kind = said("kind", _kind) or _guessed(title)
    if kind is None:
        found.fault(found.header_row, index, f"认不出活动类别，请在“类别”一行填写：{'、'.join(_KINDS)}")
    if len(title) > 120:  # noqa: PLR2004 - the column's width
        found.fault(found.header_row, index, "活动名称太长：最多 120 个字")
    half_days, place = said("half_days", _half_days), said("place", line(120))
    must = said("must_attend", text) in {"是", "√", "必到"}
    if held_on is None or kind is None or len(found.faults) > before:
        return None
    return Meeting(title, held_on, kind, half_days or 1, place or "", must)


def _guessed(words: str) -> ActivityKind | None:
    return next((kind for pattern, kind in _GUESSES if re.search(pattern, words)), None)


def _day(cell: Cell, year: int | None) -> date:
    found = narrow(cell) if isinstance(cell.value, str) else ""
    if (match := _WHOLE_DAY.match(found)) or (year and (match := _MONTH_DAY.match(found))):
        return _real(match, year)  # the first day of several
    return full_day(cell)


def _real(match: re.Match[str], year: int | None) -> date:
    parts = [int(part) for part in match.groups()]
    try:
        return date(*([year or 0] if len(parts) == 2 else []), *parts)  # noqa: PLR2004 - month and day
    except ValueError:
        raise ValueError(f"没有“{match[0]}”这一天") from None


def _dated(title: str, year: int | None) -> tuple[date | None, str]:
    """The day in a title, and the title without it."""
    match = _WHOLE_DAY.search(title) or (_MONTH_DAY.search(title) if year else None)
    if match is None:
        return None, title
    rest = title[: match.start()] + title[match.end() :]
    try:
        return _real(match, year), re.sub(r"[((]\s*[))]", "", rest).strip()
    except ValueError:
        return None, title


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


def _mark(cell: Cell) -> Mark:
    found = narrow(cell)
    if found in _NOT_INVITED:
        return Mark(State.INVITED)
    match = _MARK.fullmatch(found)
    state = _SAID.get(match[1]) if match else None
    if match is None or state is None or (match[2] and state != State.ATTENDED):
        raise ValueError(f"认不出“{found}”；请用 √ 出席、△ 请假、× 缺席，未受邀留空")
    return Mark(state, int(match[2]) if match[2] else None, match[3] or None)
