"""Import of projects from a workbook: all or nothing; a project that is open already takes what its row says."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.core.db import Database
from app.core.excel.headers import Column
from app.core.excel.parsers import full_day, line, parts, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.sql import AnyRow, advisory_lock, table
from app.people.bodies.imports import seat_finder
from app.people.bodies.queries import bodies_by_name
from app.people.duty_years import local_time
from app.people.models import Seat
from app.people.queries import present_term
from app.people.roster.plan import organization_named
from app.people.service import id_of
from app.projects import service
from app.projects.lifecycle import ProjectState
from app.projects.models import Project, ProjectMember
from app.projects.queries import members_of

_p, _m, _s = table(Project), table(ProjectMember), table(Seat)
COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("title", ("项目名称", "项目", "名称", "办实事项目"), required=True),
    Column("campaign", ("活动名称", "专项", "活动"), required=True),
    Column("body", ("承担单位", "参加单位", "服务团", "小组")),
    Column("leader", ("牵头委员", "负责人", "牵头人")),
    Column("members", ("参加委员", "成员", "成员名单")),
    Column("place", ("地点", "所在地", "服务地点")),
    Column("plan", ("实施计划", "计划", "内容")),
    Column("starts_on", ("开始日期", "起始日期")),
    Column("ends_on", ("截止日期", "结束日期")),
)


def template(path: Path) -> None:
    """Write an empty list of projects with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("项目名称", "是", "如 梅关镇银龄义诊；同一活动里不重复"),
        ("活动名称", "是", "项目属于哪项活动，如 双助、我为群众办实事"),
        ("承担单位", "", "本届参加单位的名称，如某服务团、片区工作组；它的成员都算参加"),
        ("牵头委员", "", "本届委员的姓名；同名的写成 王伟（教育界）"),
        ("参加委员", "", "承担单位以外的委员，用顿号隔开"),
        ("地点", "", "在哪里办"),
        ("实施计划", "", "准备做什么，写在一个单元格里"),
        ("开始日期", "", "如 2026-03-01；不填为今天"),
        ("截止日期", "", "还没有定的不填"),
    ]
    write_workbook(path, {"办实事项目": [[row[0] for row in rows[1:]]], "填表说明": rows})


def import_projects(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the projects of one organization. Raises `UnreadableWorkbookError`."""
    report = ImportReport(checked=check)
    rows = list[Row]()
    for found in read_tables(path, COLUMNS, report):
        report.understood.append(found.understood(COLUMNS))
        rows += found.entries(("title", "campaign"), report)
    with Session(database.read) as db:
        conn, place = db.connection(), id_of(organization_named(db, organization))
        term = present_term(conn, place)
        find, bodies = seat_finder(conn, term), bodies_by_name(conn, term)
    said = [(row, values) for row in rows if (values := _read(row, find, bodies)) is not None]
    with Session(database.read) if check else database.transaction() as db:
        conn = db.connection()
        if not check:
            advisory_lock(conn, f"projects {place}")
        today = local_time(conn, place).today()
        planned = _planned(conn, place, said, today)
        new = [columns for known, columns in planned if known is None]
        changed = {known: columns for known, columns in planned if known is not None and columns}
        report.counts = {
            "新增": len(new),
            "更新": len(changed),
            "不变": len(planned) - len(new) - len(changed),
        }
        if report.ok and not check:
            before = members_of(conn, changed, today)
            service.change(db, changed)
            written = service.write(db, place, new)
            service.tell_joined(db, place, [*changed, *written], today, before)
    progress("写入", len(rows), len(rows))
    return report


def _read(row: Row, find: Callable[[str], int], bodies: dict[str, int]) -> dict[str, Any] | None:
    """What a row says, None where it leaves something open; None when its names are wrong or missing."""

    def seat(cell: Cell) -> int:
        return find(text(cell))

    def body(cell: Cell) -> int:
        name = text(cell)
        if name not in bodies:
            raise ValueError(f"本届没有参加单位“{name}”")
        return bodies[name]

    values = {
        "title": row.read("title", line(120), required=True),
        "campaign": row.read("campaign", line(60), required=True),
        "body_id": row.read("body", body),
        "leader_seat_id": row.read("leader", seat),
        "member_ids": row.read("members", lambda cell: sorted({find(name) for name in parts(cell)})),
        "place": row.read("place", line(120)),
        "plan": row.read("plan", line(5_000)),
        "starts_on": row.read("starts_on", full_day),
        "ends_on": row.read("ends_on", full_day),
    }
    return None if None in (values["title"], values["campaign"]) else values


def _planned(
    conn: Connection, place: int, said: list[tuple[Row, dict[str, Any]]], today: date
) -> list[tuple[int | None, dict[str, Any]]]:
    """The project that each row changes, none where it is new, and its columns, empty where nothing is new.

    What is wrong becomes a fault.
    """
    there, named = _open_projects(conn, place)
    held = select(_s.c.id, _s.c.starts_on, _s.c.ends_on).where(_s.c.organization_id == place)
    seats = {id: (starts, ends) for id, starts, ends in conn.execute(held)}
    planned, seen = list[tuple[int | None, dict[str, Any]]](), set[tuple[str, str]]()
    for row, values in said:
        key = values["campaign"], values["title"]
        known = there.get(key)
        columns = _columns(values, known, named, today)
        days = columns["starts_on"], columns["ends_on"] or date.max
        who = [*columns["member_ids"], *filter(None, [columns["leader_seat_id"]])]
        if key in seen:
            row.fault("title", "前面已经有了同样的一行")
        elif days[1] < days[0]:
            row.fault("ends_on", "截止日期早于开始日期")
        elif not all(seats[one][0] <= days[1] and seats[one][1] >= days[0] for one in who):
            row.fault("starts_on", "项目期间有委员不在任，请核对日期")
        seen.add(key)
        same = known is not None and columns == _columns(dict.fromkeys(values), known, named, today)
        planned.append((known.id if known else None, {} if same else columns))
    return planned


def _open_projects(
    conn: Connection, place: int
) -> tuple[dict[tuple[str, str], AnyRow], dict[int, list[int]]]:
    """The open projects by campaign and title, held until the commit, and who is named in each."""
    of = (_p.c.organization_id == place) & (_p.c.state == ProjectState.OPEN)
    held = conn.execute(select(_p).where(of).order_by(_p.c.id).with_for_update())
    rows = {(row.campaign, row.title): row for row in held}
    named: dict[int, list[int]] = {}
    for row in conn.execute(select(_m).join(_p, _p.c.id == _m.c.project_id).where(of).order_by(_m.c.seat_id)):
        named.setdefault(row.project_id, []).append(row.seat_id)
    return rows, named


def _columns(
    values: dict[str, Any], known: AnyRow | None, named: dict[int, list[int]], today: date
) -> dict[str, Any]:
    """A row with what it leaves open: as it was, else empty and from today on."""
    before: dict[str, Any] = {"starts_on": today, "place": "", "plan": "", "member_ids": [], "targets": {}}
    if known is not None:
        before = {**known._mapping, "member_ids": named.get(known.id, [])}  # noqa: SLF001
    said = {name: before.get(name) if value is None else value for name, value in values.items()}
    return said | {"targets": before["targets"]}
