"""Import of acts done outside the platform: every row is checked before any is written; again and again.

Rows are written some at a time, so that members can write meanwhile; whoever is killed imports the workbook again.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import Session

from app.core import clock
from app.core.db import Database
from app.core.excel.headers import Column
from app.core.excel.parsers import line
from app.core.excel.reader import Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.jobs.short_transactions import parts, write
from app.duty.forms import ACTIVITIES, FORM_LABELS, OPINIONS, PROPOSALS, SERVICES, SPEECHES
from app.duty.imports.words import (
    KINDS_TO_IMPORT,
    said_amount,
    said_day,
    said_form,
    said_kind,
    said_level,
    said_quantity,
    said_role,
    without_year,
    year_of,
)
from app.duty.imports.writing import VOIDED, Done, plan_of, write_rows
from app.duty.kinds import KINDS
from app.duty.measures.rules import MEASURES, Measure
from app.people.models import Organization
from app.people.roster.member_matching import COLUMNS as MEMBER_COLUMNS
from app.people.roster.member_matching import Members
from app.people.roster.plan import organization_named
from app.people.service import id_of

COLUMNS = (
    *MEMBER_COLUMNS,
    Column("kind", ("类别", "履职类别", "类型", "履职类型", "履职形式", "项目类别"), required=True),
    Column(
        "form", ("形式", "活动形式", "活动类型", "会议类型", "提案形式", "信息形式", "发言形式", "服务类型")
    ),
    Column(
        "title",
        ("事项名称", "事项", "履职事项", "名称", "内容", "履职内容", "活动名称", "会议名称", "题目", "主题"),
        required=True,
    ),
    Column("held_on", ("日期", "时间", "活动日期", "履职日期", "活动时间", "履职时间"), required=True),
    Column("place", ("地点", "活动地点", "会议地点")),
    Column("quantity", ("数量", "半天数", "次数")),
    *(Column(measure, (rule.label, *rule.words)) for measure, rule in MEASURES.items()),
    Column("role", ("角色", "参与角色", "承担角色")),
    Column("level", ("层级", "级别")),
    Column("note", ("备注", "说明")),
)
#: Rows of one transaction.
CHUNK = 50


def _forms_in_words() -> str:
    """Which kinds have which forms, in Chinese."""
    nouns = {
        "会议活动": ACTIVITIES,
        "提案": PROPOSALS,
        "社情民意信息": OPINIONS,
        "发言": SPEECHES,
        "服务": SERVICES,
    }
    return "；".join(f"{noun}：{'、'.join(forms.values())}" for noun, forms in nouns.items())


def _takers(measure: Measure) -> str:
    """Which kinds take a measure, in Chinese."""
    kinds = "、".join(kind.label for kind in KINDS.values() if measure in kind.measures)
    return f"{kinds}可填，单位为{MEASURES[measure].unit}"


def template(path: Path) -> None:
    """Write an empty workbook for acts outside the platform with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("委员编号、手机号码", "", "有同名委员时至少填一项"),
        ("姓名", "是", "与名册一致"),
        ("类别", "是", "、".join(KINDS_TO_IMPORT)),
        ("形式", "", "积分办法分形式计分时填。" + _forms_in_words()),
        ("事项名称", "是", "如 在十五届四次全会上的大会发言"),
        ("日期", "是", "如 2024-03-15，写到哪一天，须在任期内"),
        ("数量", "", "会议活动填半天数；不填为 1"),
        *((rule.label, "", _takers(measure)) for measure, rule in MEASURES.items()),
        ("角色", "", "主要 或 参与；不填为主要"),
        ("层级", "", "县、市、省、全国；不填为市"),
    ]
    write_workbook(path, {"平台外履职": [[c.names[0] for c in COLUMNS]], "填表说明": rows})


def import_duty(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import acts of members of one organization, or only say what would come of it (`check`).

    A row that was imported before is left as it is. Raises `UnreadableWorkbookError` when the file is no readable
    workbook of acts.
    """
    report = ImportReport(checked=check)
    tables = read_tables(path, COLUMNS, report)
    rows = [row for found in tables for row in found.entries(("name", "kind", "title"), report)]
    with database.read.connect() as conn, Session(conn) as db:
        place = organization_named(db, organization)
        done = _read(conn, place, rows, progress)
        report.understood = [
            *(found.understood(COLUMNS) for found in tables),
            *_understood(place, rows, done),
        ]
        counts = plan_of(conn, place, done).counts() if report.ok and check else Counter[str]()
    if not report.ok:
        return report
    if not check:
        written = 0
        for some in parts(done, CHUNK):
            counts += write(database, partial(write_rows, place=place, done=some))
            written += len(some)
            progress("写入", written, len(done))
    report.counts = {label: counts[label] for label in ("新增", "更正", "不变")}
    if counts[VOIDED]:
        report.counts[VOIDED] = counts[VOIDED]
    return report


def _understood(place: Organization, rows: Sequence[Row], done: Collection[Done]) -> list[str]:
    """How kinds and years were understood, in Chinese."""
    said = Counter(
        (one.said_kind, KINDS[one.kind].label + (f"（{FORM_LABELS[one.form]}）" if one.form else ""))
        for one in done
    )
    years = Counter((place.duty_years.of(one.held_on), one.kind) for one in done)
    lines = [f"类别“{word}”→ {label} {n} 条。" for (word, label), n in sorted(said.items())]
    for year in sorted({year for year, _ in years}):
        of_kinds = [f"{KINDS[kind].label} {years[year, kind]}" for kind in KINDS if (year, kind) in years]
        lines.append(f"{place.duty_years.label(year)}：{'，'.join(of_kinds)}。")
    bare = sum(without_year(row.cell("held_on")) and bool(year_of(row.table.sheet)) for row in rows)
    return [*lines, *([f"{bare} 个日期没有写年份，按工作表的名称取。"] if bare else [])]


def _read(conn: Connection, place: Organization, rows: Sequence[Row], progress: Progress) -> list[Done]:
    members, today = Members(conn, id_of(place)), clock.local_day(clock.now(), place.timezone)
    first: dict[str, Row] = {}
    forms: dict[str, tuple[str, int]] = {}
    done = []
    for number, row in enumerate(rows, 1):
        one = _row(row, members, today, place.level)
        if one is not None:
            if one.ref() in first:
                before = first[one.ref()]
                sheet = "" if before.table is row.table else f"工作表“{before.table.sheet}”"
                row.fault("title", f"与{sheet}第 {before.number} 行重复")
            first.setdefault(one.ref(), row)
            if one.form and forms.setdefault(act := one.act_ref(0), (one.form, row.number))[0] != one.form:
                row.fault("form", f"与第 {forms[act][1]} 行是同一事项，形式却不同")
            done.append(one)
        if number % 100 == 0 or number == len(rows):
            progress("核对", number, len(rows))
    return done


def _row(row: Row, members: Members, today: date, level: str) -> Done | None:
    year = year_of(row.table.sheet)
    held_on = row.read("held_on", lambda cell: said_day(cell, year), required=True)
    if held_on and held_on > today:
        row.fault("held_on", f"{held_on} 还没有到")
        held_on = None
    kind = row.read("kind", said_kind, required=True)
    form = row.read("form", lambda cell: said_form(cell, kind.kind)) if kind else None
    title = row.read("title", line(120), required=True)
    place = row.read("place", line(120))
    quantity = row.read("quantity", said_quantity)
    amounts = _amounts(row, kind.kind) if kind else {}
    role = row.read("role", said_role)
    reached = row.read("level", said_level)
    note = row.read("note", line(500))
    seat_id = members.seat(row, held_on)
    if seat_id is None or kind is None or title is None or held_on is None:
        return None
    return Done(
        seat_id,
        kind.kind,
        form or kind.form,
        title,
        held_on,
        place or "",
        quantity or 1,
        role or kind.role or "lead",
        reached or level,
        note,
        kind.said,
        amounts,
    )


def _amounts(row: Row, kind: str) -> dict[Measure, int]:
    found = {}
    for measure in MEASURES:
        amount = row.read(measure, partial(said_amount, kind=kind, measure=measure))
        if amount is not None:
            found[measure] = amount
    return found
