"""Import of contacts from a workbook: all or nothing; a contact that is there already takes the days of its row."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeAlias

from sqlalchemy import Connection, bindparam, select, update
from sqlmodel import Session

from app.contacts import service
from app.contacts.models import Contact
from app.contacts.rules import PARTY_LABELS, PartyKind, meet
from app.core.db import Database
from app.core.excel.headers import Column
from app.core.excel.parsers import full_day, line, narrow, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.sql import AnyRow, advisory_lock, table
from app.people.bodies.imports import seat_finder
from app.people.duty_years import local_time
from app.people.models import Seat
from app.people.queries import present_term
from app.people.roster.plan import organization_named
from app.people.service import id_of

_c, _s = table(Contact), table(Seat)
_Key: TypeAlias = tuple[int, str, int | None, str]
_CHANGE = update(_c).where(_c.c.id == bindparam("known")).values(version=_c.c.version + 1)
COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("member", ("联系委员", "委员", "委员姓名", "姓名"), required=True),
    Column("kind", ("类别", "对象类别", "联系对象类别"), required=True),
    Column("name", ("联系对象", "对象", "联系对象名称", "名称"), required=True),
    Column("place", ("地点", "地址", "所在地")),
    Column("starts_on", ("开始日期", "联系起始")),
    Column("ends_on", ("截止日期", "联系截止")),
)
_KINDS = {label: kind for kind, label in PARTY_LABELS.items()} | {
    "村(社区)": PartyKind.VILLAGE,  # cells are made narrow
    "村": PartyKind.VILLAGE,
    "社区": PartyKind.VILLAGE,
    "村社区": PartyKind.VILLAGE,
    "群众": PartyKind.RESIDENT,
}


def template(path: Path) -> None:
    """Write an empty list of contacts with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("联系委员", "是", "由谁联系，本届委员的姓名；同名的写成 王伟（教育界）"),
        ("类别", "是", "、".join(PARTY_LABELS.values())),
        ("联系对象", "是", "委员写姓名，企业和村（社区）写全称，群众代表写姓名"),
        ("地点", "", "联系对象在哪里；联系委员时不填"),
        ("开始日期", "", "如 2026-03-01；不填为今天"),
        ("截止日期", "", "不再联系时填写；再次导入同一行即可补上"),
    ]
    write_workbook(path, {"联系对象": [[row[0] for row in rows[1:]]], "填表说明": rows})


def import_contacts(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the contacts of one organization. Raises `UnreadableWorkbookError`."""
    report = ImportReport(checked=check)
    rows = list[Row]()
    for found in read_tables(path, COLUMNS, report):
        report.understood.append(found.understood(COLUMNS))
        rows += found.entries(("member", "kind", "name"), report)
    with Session(database.read) as db:
        place = id_of(organization_named(db, organization))
        find = seat_finder(db.connection(), present_term(db.connection(), place))
    said = [(row, values) for row in rows if (values := _read(row, find)) is not None]
    with Session(database.read) if check else database.transaction() as db:
        conn = db.connection()
        if not check:
            advisory_lock(conn, f"contacts {place}")
        planned = _planned(conn, place, said)
        new = [columns for known, columns in planned if known is None]
        changed = [columns | {"known": known} for known, columns in planned if known is not None]
        report.counts = {"新增": len(new), "更新": len(changed)}
        if report.ok and not check:
            if changed:
                conn.execute(_CHANGE, changed)
            service.tell(db, place, service.write(db, place, new))
    progress("写入", len(rows), len(rows))
    return report


class _Book(NamedTuple):
    """What an import is compared with: contacts by who looks after whom, and the days of every seat."""

    contacts: dict[_Key, list[AnyRow]]
    seats: dict[int, tuple[date, date]]

    @classmethod
    def of(cls, conn: Connection, organization_id: int) -> Self:
        contacts = defaultdict(list)
        for row in conn.execute(select(_c).where(_c.c.organization_id == organization_id).order_by(_c.c.id)):
            contacts[_key(row._asdict())].append(row)
        held = select(_s.c.id, _s.c.starts_on, _s.c.ends_on).where(_s.c.organization_id == organization_id)
        return cls(contacts, {id: (starts, ends) for id, starts, ends in conn.execute(held)})

    def holds(self, seat_id: int, day: date) -> bool:
        starts_on, ends_on = self.seats[seat_id]
        return starts_on <= day <= ends_on


def _planned(
    conn: Connection, place: int, said: list[tuple[Row, dict[str, Any]]]
) -> list[tuple[int | None, dict[str, Any]]]:
    """The contact that each row changes, none where it is new, and its columns; what is wrong becomes a fault."""
    today, book = local_time(conn, place).today(), _Book.of(conn, place)
    planned, seen = list[tuple[int | None, dict[str, Any]]](), defaultdict[_Key, list[dict[str, Any]]](list)
    changed = set[int]()
    for row, values in said:
        alike = book.contacts.get(_key(values), [])
        said_days = values["starts_on"] or today, values["ends_on"]
        there = next((one for one in reversed(alike) if meet(said_days, (one.starts_on, one.ends_on))), None)
        columns = _columns(values, there, today)
        seats = filter(None, (columns["seat_id"], columns["party_seat_id"]))
        days = columns["starts_on"], columns["ends_on"]
        before = seen[_key(columns)]
        before.append(columns)
        overlaps = any(meet(days, (one["starts_on"], one["ends_on"])) for one in before[:-1])
        if overlaps or (there and there.id in changed):
            row.fault("name", "前面已经有了同样的一行")
        elif not all(book.holds(seat_id, columns["starts_on"]) for seat_id in seats):
            row.fault("member", "开始日期当天不在任，请核对日期")
        elif wrong := service.fault(columns, [one for one in alike if one is not there]):
            row.fault("name", wrong.rstrip("。"))
        elif there:
            changed.add(there.id)
            planned.append((there.id, columns))
        else:
            planned.append((None, columns))
    return planned


def _read(row: Row, find: Callable[[str], int]) -> dict[str, Any] | None:
    """What a row says, without the days that it leaves open; None when a name is wrong or missing."""

    def seat(cell: Cell) -> int:
        return find(text(cell))

    kind = row.read("kind", _kind, required=True)
    of_member = kind is PartyKind.MEMBER
    values = {
        "seat_id": row.read("member", seat, required=True),
        "kind": kind,
        "party_seat_id": row.read("name", seat, required=True) if of_member else None,
        "name": "" if of_member else row.read("name", line(60), required=True),
        "place": "" if of_member else row.read("place", line(120)),
        "starts_on": row.read("starts_on", full_day),
        "ends_on": row.read("ends_on", full_day),
    }
    named = (values["seat_id"], kind, values["party_seat_id"] if of_member else values["name"])
    return None if None in named else values


def _columns(values: dict[str, Any], there: AnyRow | None, today: date) -> dict[str, Any]:
    """A row with what it leaves open: as it was, else from today on and without a place."""
    before = there._asdict() if there else {"starts_on": today, "ends_on": None, "place": ""}
    return {
        key: before[key] if value is None and key in {"starts_on", "ends_on", "place"} else value
        for key, value in values.items()
    }


def _key(columns: Mapping[str, Any]) -> _Key:
    """Who looks after whom."""
    return columns["seat_id"], columns["kind"], columns["party_seat_id"], columns["name"]


def _kind(cell: Cell) -> PartyKind:
    said = narrow(cell)
    if said not in _KINDS:
        raise ValueError(f"没有类别“{said}”，可填：{'、'.join(PARTY_LABELS.values())}")
    return _KINDS[said]
