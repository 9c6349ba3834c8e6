"""Import of acts done outside the platform: every row is checked, all is written or nothing; again and again."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.core import clock
from app.core.cells import line
from app.core.db import Database
from app.core.import_report import Progress, Report
from app.core.sheet_writer import write_workbook
from app.core.sql import insert_new, table
from app.core.workbook import Column, Row, read_tables
from app.duty import service
from app.duty.import_words import (
    KINDS_TO_IMPORT,
    said_day,
    said_kind,
    said_level,
    said_quantity,
    said_role,
    without_year,
    year_of,
)
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord, OutsideAct
from app.duty.service import Act
from app.people.models import Organization
from app.people.recognise import COLUMNS as MEMBER_COLUMNS
from app.people.recognise import Members
from app.people.roster_plan import organization_named
from app.people.service import id_of

COLUMNS = (
    *MEMBER_COLUMNS,
    Column("kind", ("类别", "履职类别", "类型", "履职类型", "履职形式", "项目类别"), required=True),
    Column(
        "title",
        ("事项名称", "事项", "履职事项", "名称", "内容", "履职内容", "活动名称", "会议名称", "题目", "主题"),
        required=True,
    ),
    Column("held_on", ("日期", "时间", "活动日期", "履职日期", "活动时间", "履职时间"), required=True),
    Column("place", ("地点", "活动地点", "会议地点")),
    Column("quantity", ("数量", "半天数", "次数")),
    Column("role", ("角色", "参与角色", "承担角色")),
    Column("level", ("层级", "级别")),
    Column("note", ("备注", "说明")),
)


@dataclass(frozen=True)
class _Done:
    """One row: what a seat did outside the platform."""

    seat_id: int
    kind: str
    title: str
    held_on: date
    place: str
    quantity: int
    role: str
    level: str
    note: str | None
    said_kind: str

    def act_ref(self, organization_id: int) -> str:
        """Names the act itself, which several members may have a part in."""
        return _hash("act", organization_id, self.kind, self.title, self.held_on, self.place)

    def ref(self) -> str:
        """Names this seat's part in the act."""
        return _hash("row", self.seat_id, self.kind, self.title, self.held_on, self.place)

    def said(self) -> tuple[str, int, str, str | None]:
        """What may be corrected by importing the row again."""
        return self.role, self.quantity, self.level, self.note


def _hash(*parts: object) -> str:
    return "import:" + sha256("|".join(map(str, parts)).encode()).hexdigest()[:40]


def template(path: Path) -> None:
    """Write an empty workbook for acts outside the platform with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("委员编号、手机号码", "", "有同名委员时至少填一项"),
        ("姓名", "是", "与名册一致"),
        ("类别", "是", "、".join(KINDS_TO_IMPORT)),
        ("事项名称", "是", "如 在十五届四次全会上的大会发言"),
        ("日期", "是", "如 2024-03-15，写到哪一天，须在任期内"),
        ("数量", "", "会议活动填半天数；不填为 1"),
        ("角色", "", "主要 或 参与；不填为主要"),
        ("层级", "", "县、市、省、全国；不填为市"),
    ]
    write_workbook(path, {"平台外履职": [[c.names[0] for c in COLUMNS]], "填表说明": rows})


def import_duty(
    database: Database,
    path: Path,
    organization: str | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Import acts of members of one organization, or only say what would come of it (`check`).

    A row that was imported before is left as it is. Raises `UnreadableWorkbookError` when the file is no readable
    workbook of acts.
    """
    report = Report(checked=check)
    tables = read_tables(path, COLUMNS, report)
    rows = [row for found in tables for row in found.entries(("name", "kind", "title"), report)]
    with database.transaction() as db:
        place = organization_named(db, organization)
        done = _read(db.connection(), place, rows, progress)
        report.understood = [
            *(found.understood(COLUMNS) for found in tables),
            *_understood(place, rows, done),
        ]
        if report.ok:
            plan = _plan(db.connection(), place, done, report)
            if not check:
                _write(db, place, plan, progress)
    return report


def _understood(place: Organization, rows: Sequence[Row], done: Collection[_Done]) -> list[str]:
    """How kinds and years were understood, in Chinese."""
    said = Counter((one.said_kind, KINDS[one.kind].label) for one in done)
    years = Counter((clock.duty_year(one.held_on, place.duty_year_starts), one.kind) for one in done)
    lines = [f"类别“{word}”→ {label} {n} 条。" for (word, label), n in sorted(said.items())]
    for year in sorted({year for year, _ in years}):
        of_kinds = [f"{KINDS[kind].label} {years[year, kind]}" for kind in KINDS if (year, kind) in years]
        lines.append(f"{year} 履职年度：{'，'.join(of_kinds)}。")
    bare = sum(without_year(row.cell("held_on")) and bool(year_of(row.table.sheet)) for row in rows)
    return [*lines, *([f"{bare} 个日期没有写年份，按工作表的名称取。"] if bare else [])]


def _read(conn: Connection, place: Organization, rows: Sequence[Row], progress: Progress) -> list[_Done]:
    members, today = Members(conn, id_of(place)), clock.local_day(clock.now(), place.timezone)
    first: dict[str, Row] = {}
    done = []
    for number, row in enumerate(rows, 1):
        one = _row(row, members, today, place.level)
        if one is not None:
            if one.ref() in first:
                before = first[one.ref()]
                sheet = "" if before.table is row.table else f"工作表“{before.table.sheet}”"
                row.fault("title", f"与{sheet}第 {before.number} 行重复")
            first.setdefault(one.ref(), row)
            done.append(one)
        if number % 100 == 0 or number == len(rows):
            progress("核对", number, len(rows))
    return done


def _row(row: Row, members: Members, today: date, level: str) -> _Done | None:
    year = year_of(row.table.sheet)
    held_on = row.read("held_on", lambda cell: said_day(cell, year), required=True)
    if held_on and held_on > today:
        row.fault("held_on", f"{held_on} 还没有到")
        held_on = None
    kind = row.read("kind", said_kind, required=True)
    title = row.read("title", line(120), required=True)
    place = row.read("place", line(120))
    quantity = row.read("quantity", said_quantity)
    role = row.read("role", said_role)
    reached = row.read("level", said_level)
    note = row.read("note", line(500))
    seat_id = members.seat(row, held_on)
    if seat_id is None or kind is None or title is None or held_on is None:
        return None
    return _Done(
        seat_id,
        kind.kind,
        title,
        held_on,
        place or "",
        quantity or 1,
        role or kind.role or "lead",
        reached or level,
        note,
        kind.said,
    )


class _Plan(NamedTuple):
    """The rows that are new, and those that say something else than before."""

    new: list[_Done]
    corrected: list[_Done]


def _plan(conn: Connection, place: Organization, done: Collection[_Done], report: Report) -> _Plan:
    """What is to be written, counted in the report."""
    known = _known(conn, id_of(place), done)
    new = [one for one in done if one.ref() not in known]
    corrected = [one for one in done if known.get(one.ref()) not in {None, one.said()}]
    voided = sum(one.ref() in known and known[one.ref()] is None for one in done)
    unchanged = len(done) - len(new) - len(corrected) - voided
    report.counts = {"新增": len(new), "更正": len(corrected), "不变": unchanged}
    if voided:
        report.counts["已作废而保持作废"] = voided
    return _Plan(new, corrected)


def _write(db: Session, place: Organization, plan: _Plan, progress: Progress) -> None:
    conn, organization_id = db.connection(), id_of(place)
    ids: dict[str, int] = {}
    acts = []
    rows = plan.new + plan.corrected
    for number, one in enumerate(rows, 1):
        ref = one.act_ref(organization_id)
        if ref not in ids:
            ids[ref] = _act(conn, organization_id, one, ref)
        subject = ("outside_act", ids[ref])
        if number > len(plan.new):
            service.void(db, subject, "重新导入更正", None, kinds=[one.kind], seat_id=one.seat_id)
        noon = clock.day_starts(one.held_on, place.timezone) + timedelta(hours=12)
        role, quantity, level, note = one.said()
        acts.append(Act(one.seat_id, one.kind, subject, noon, role, quantity, level, one.ref(), note))
        if number % 100 == 0 or number == len(rows):
            progress("写入", number, len(rows))
    service.record_all(db, organization_id, acts, source="import")


_Said = tuple[str, int, str, str | None]


def _known(conn: Connection, organization_id: int, done: Collection[_Done]) -> dict[str, _Said | None]:
    """What rows that were imported before say; None for those that were voided, which stay so."""
    if not done:
        return {}
    r, days = table(DutyRecord), [one.held_on for one in done]
    rows = conn.execute(
        select(r.c.source_ref, r.c.voided_at, r.c.role, r.c.quantity, r.c.level, r.c.note)
        .where(
            r.c.organization_id == organization_id,
            r.c.occurred_on.between(min(days), max(days)),
            r.c.source == "import",
        )
        .order_by(r.c.id)
    )
    return {
        row.source_ref: None if row.voided_at else (row.role, row.quantity, row.level, row.note)
        for row in rows
    }


def _act(conn: Connection, organization_id: int, one: _Done, ref: str) -> int:
    a = table(OutsideAct)
    row = {
        "organization_id": organization_id,
        "kind": one.kind,
        "title": one.title,
        "held_on": one.held_on,
        "place": one.place,
        "source_ref": ref,
    }
    insert_new(conn, a, row, ["source_ref"])
    return int(conn.execute(select(a.c.id).where(a.c.source_ref == ref)).scalar_one())
