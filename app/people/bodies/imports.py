"""Import of bodies from a workbook: all or nothing; imported again, what a row leaves out stays."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlmodel import Session

from app.core.db import Database
from app.core.excel.headers import Column
from app.core.excel.parsers import line, narrow, parts, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.sql import table
from app.people.bodies.models import Body, BodySpokesperson
from app.people.bodies.queries import bodies_by_name
from app.people.bodies.rules import BODY_LABELS, ROSTER_KINDS, BodyKind, kind_of, phone
from app.people.bodies.service import add_members, create_body, speak_for
from app.people.models import Committee, Person, Seat, Sector
from app.people.queries import present_term
from app.people.roster.plan import organization_named
from app.people.service import id_of

_b = table(Body)
COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("name", ("单位名称", "参加单位", "提出单位", "单位", "名称"), required=True),
    Column("kind", ("类别", "单位类别")),
    Column("head", ("负责人", "主委", "召集人", "主任")),
    Column("spokespersons", ("代表", "可以代表的委员", "代表委员")),
    Column("members", ("成员", "成员名单", "组员")),
    Column("contact_name", ("联系人",)),
    Column("contact_phone", ("联系电话", "电话", "联系人电话")),
)
_KINDS = {label: kind for kind, label in BODY_LABELS.items()} | {
    "党派": BodyKind.PARTY,
    "团体": BodyKind.PEOPLE,
}


@dataclass(frozen=True)
class _Entry:
    """One row: a body as it should be."""

    row: Row
    name: str
    kind: BodyKind | None
    head: str | None
    spokespersons: list[str]
    members: list[str]
    contact: dict[str, str | None]


def template(path: Path) -> None:
    """Write an empty list of bodies with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("单位名称", "是", "全称，不重复；界别、专委会与名册里的名称一致"),
        ("类别", "", "、".join(BODY_LABELS.values()) + "；不填时按名称判断"),
        ("负责人", "", "本届委员的姓名；集体提案由负责人确认后提交"),
        ("代表", "", "可以以单位名义起草提案的委员，用顿号隔开；同名的写成 王伟（教育界）"),
        ("成员", "", "本届委员的姓名，用顿号隔开；再次导入时只加入新的成员，离开的在系统里登记"),
        ("联系人", "", "承办单位联系的人，可以不是委员"),
        ("联系电话", "", "手机或固定电话；单元格请设为文本格式"),
    ]
    names = ["单位名称", "类别", "负责人", "代表", "成员", "联系人", "联系电话"]
    write_workbook(path, {"参加单位": [names], "填表说明": rows})


def import_bodies(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the bodies of the present term of one organization. Raises `UnreadableWorkbookError`."""
    report = ImportReport(checked=check)
    entries = list[_Entry]()
    for found in read_tables(path, COLUMNS, report):
        report.understood.append(found.understood(COLUMNS))
        entries += [entry for row in found.entries(("name",), report) if (entry := _entry(row, entries))]
    with _transaction(database, check=check) as db:
        place = id_of(organization_named(db, organization))
        conn = db.connection()
        term = present_term(conn, place)
        known = bodies_by_name(conn, term)
        seat = seat_finder(conn, term)
        planned = [_planned(conn, term, entry, seat) for entry in entries]
        there = [
            known.get(entry.name) or _of_group(conn, columns)
            for entry, (_, columns, _, _) in zip(entries, planned, strict=True)
        ]
        _check_kinds(conn, entries, planned, there)
        report.counts = {"新增": there.count(None), "更新": len(entries) - there.count(None)}
        if report.ok and not check:
            list(db.scalars(select(_b.c.id).where(_b.c.term_id == term).order_by(_b.c.id).with_for_update()))
            for body_id, (kind, columns, speakers, members) in zip(there, planned, strict=True):
                if body_id is not None:
                    _renew(db, body_id, columns, speakers)
                made = body_id or create_body(db, place, term, kind, spokespersons=speakers, **columns)
                add_members(db, db.get_one(Body, made), [columns["head_seat_id"], *speakers, *members])
    progress("写入", len(entries), len(entries))
    return report


def _entry(row: Row, before: list[_Entry]) -> _Entry | None:
    name = row.read("name", line(60), required=True)
    if name is None:
        return None
    if any(entry.name == name for entry in before):
        row.fault("name", f"“{name}”前面已经有了")
    return _Entry(
        row,
        name,
        row.read("kind", _kind),
        row.read("head", text),
        row.read("spokespersons", parts) or [],
        row.read("members", parts) or [],
        {
            "contact_name": row.read("contact_name", line(50)),
            "contact_phone": row.read("contact_phone", lambda cell: phone(text(cell))),
        },
    )


def _planned(
    conn: Connection, term: int, entry: _Entry, seat: Callable[[str], int]
) -> tuple[BodyKind, dict[str, Any], list[int], list[int]]:
    """Kind, columns, spokespersons and members of a row; who is not found becomes a fault."""

    def seats(key: str, names: list[str]) -> list[int]:
        found = []
        for name in names:
            try:
                found.append(seat(name))
            except ValueError as e:
                entry.row.fault(key, str(e))
        return found

    heads, speakers = (
        seats("head", [entry.head] if entry.head else []),
        seats("spokespersons", entry.spokespersons),
    )
    members = seats("members", entry.members)
    columns: dict[str, Any] = entry.contact | {"head_seat_id": next(iter(heads), None)}
    for kind, model, column in (
        (BodyKind.SECTOR, Sector, "sector_id"),
        (BodyKind.COMMITTEE, Committee, "committee_id"),
    ):
        of = table(model)
        names = [
            entry.name,
            *(entry.name.removesuffix(end) for end in ("界", "界别")),
        ]  # 教育 is called 教育界
        group = conn.scalar(select(of.c.id).where(of.c.term_id == term, of.c.name.in_(names)))
        if group is not None and entry.kind in {None, kind}:
            if members:
                entry.row.fault("members", "界别和专委会的成员在委员名册里维护")
            return kind, columns | {column: group}, speakers, []
        if entry.kind is kind:
            entry.row.fault("name", f"本届没有名为“{entry.name}”的{BODY_LABELS[kind]}")
    return entry.kind or kind_of(entry.name), columns | {"name": entry.name}, speakers, members


def _check_kinds(
    conn: Connection,
    entries: list[_Entry],
    planned: list[tuple[BodyKind, dict[str, Any], list[int], list[int]]],
    there: list[int | None],
) -> None:
    """A body stays what it is, and sectors and committees have their members in the roster."""
    kinds = dict(conn.execute(select(_b.c.id, _b.c.kind).where(_b.c.id.in_(filter(None, there)))).all())
    for entry, body_id, (_, _, _, members) in zip(entries, there, planned, strict=True):
        kind = kinds.get(body_id)
        if kind is not None and entry.kind is not None and entry.kind != kind:
            entry.row.fault("kind", f"“{entry.name}”已登记为{BODY_LABELS[kind]}")
        if kind in ROSTER_KINDS and members:
            entry.row.fault("members", "界别和专委会的成员在委员名册里维护")


def _of_group(conn: Connection, columns: dict[str, Any]) -> int | None:
    """The body of a sector or committee, whatever it is called."""
    b = table(Body)
    for name in ("sector_id", "committee_id"):
        if name in columns:
            return conn.scalar(select(b.c.id).where(b.c[name] == columns[name]))
    return None


def seat_finder(conn: Connection, term: int) -> Callable[[str], int]:
    """Finds the seat that a name means; ValueError in Chinese when it is none or one of several."""
    s, p, x = table(Seat), table(Person), table(Sector)
    rows = conn.execute(
        select(s.c.id, p.c.name, x.c.name.label("sector"))
        .join(p, p.c.id == s.c.person_id)
        .join(x, x.c.id == s.c.sector_id)
        .where(s.c.term_id == term)
    ).all()

    def find(written: str) -> int:
        name, _, sector = written.rstrip(")）").replace("（", "(").partition("(")
        found = [row for row in rows if row.name == name.strip() and sector.strip() in {"", row.sector}]
        if not found:
            raise ValueError(f"本届名册里没有“{written}”")
        if len(found) > 1:
            sectors = dict.fromkeys(row.sector for row in found)
            if len(sectors) < len(found):
                raise ValueError(f"有几位委员叫“{name}”，界别也相同，请先空着，导入后在系统里选择")
            told = "或".join(f"{name}（{sector}）" for sector in sectors)
            raise ValueError(f"有 {len(found)} 位委员叫“{name}”，请写成 {told}")
        return int(found[0].id)

    return find


def _renew(db: Session, body_id: int, columns: dict[str, Any], speakers: list[int]) -> None:
    b, k = table(Body), table(BodySpokesperson)
    names = ("head_seat_id", "contact_name", "contact_phone")
    if said := {name: columns[name] for name in names if columns[name] is not None}:
        db.execute(update(b).where(b.c.id == body_id).values(said))
    if speakers:
        db.execute(delete(k).where(k.c.body_id == body_id))
        speak_for(db, body_id, speakers)


def _transaction(database: Database, *, check: bool) -> AbstractContextManager[Session]:
    """Who only checks reads: no writer waits for it."""
    return Session(database.read) if check else database.transaction()


def _kind(cell: Cell) -> BodyKind:
    said = narrow(cell)
    if said not in _KINDS:
        raise ValueError(f"没有类别“{said}”，可填：{'、'.join(BODY_LABELS.values())}")
    return _KINDS[said]
