"""Import of venues from a workbook: all or nothing; a venue that is there already takes what its row says."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update
from sqlmodel import Session

from app.auth.models import Account
from app.consultations.venues import service
from app.consultations.venues.models import Venue, VenueMember
from app.consultations.venues.rules import KIND_LABELS, LEVEL_LABELS, VenueKind, VenueLevel
from app.core.db import Database
from app.core.excel.headers import Column
from app.core.excel.parsers import line, narrow, parts, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport, Progress
from app.core.excel.tables import Row, read_tables
from app.core.excel.writer import write_workbook
from app.core.sql import AnyRow, table
from app.people.bodies.imports import seat_finder
from app.people.duty_years import local_time
from app.people.models import Seat
from app.people.queries import present_term, seats_in
from app.people.roster.plan import organization_named
from app.people.service import id_of

_v, _m, _s, _account = table(Venue), table(VenueMember), table(Seat), table(Account)
#: The names from the top of the tree down to a venue.
_Names: TypeAlias = tuple[str, ...]
_SAID = ("level", "kind", "place", "opening_hours", "is_public", "convener_id", "convener_name")
_CHANGE = (
    update(_v)
    .where(_v.c.id == bindparam("known"))
    .values({"version": _v.c.version + 1, **{name: bindparam(f"new_{name}") for name in _SAID}})
)
COLUMNS = (
    Column("serial", ("序号", "编号")),
    Column("parent", ("上级场所", "上级", "所属场所")),
    Column("name", ("名称", "场所名称", "议事场所"), required=True),
    Column("level", ("层级", "级别"), required=True),
    Column("kind", ("类别", "场所类别"), required=True),
    Column("place", ("地点", "地址")),
    Column("convener", ("召集人", "负责人")),
    Column("opening_hours", ("开放时间",)),
    Column("is_public", ("对外公开", "公开")),
    Column("members", ("派驻委员", "委员")),
)
_LEVELS = {
    **dict.fromkeys(("市", "市级"), VenueLevel.CITY),
    **dict.fromkeys(("县(市、区)", "县", "区", "县级", "区县"), VenueLevel.COUNTY),
    **dict.fromkeys(("乡镇(街道)", "乡镇", "街道", "乡", "镇"), VenueLevel.TOWNSHIP),
    **dict.fromkeys(("村(社区)", "村", "社区"), VenueLevel.VILLAGE),
}
_KINDS = {label: kind for kind, label in KIND_LABELS.items()}


def template(path: Path) -> None:
    """Write an empty list of venues with a sheet of instructions."""
    rows = [
        ("列", "必填", "说明"),
        ("上级场所", "", "上级场所的名称；有同名的，从最上级写起，用“/”隔开"),
        ("名称", "是", "同一上级下不重名"),
        ("层级", "是", "、".join(LEVEL_LABELS.values())),
        ("类别", "是", "、".join(KIND_LABELS.values())),
        ("地点", "", "门牌地址"),
        ("召集人", "", "姓名；用账号登录的召集人，导入后在系统里选择"),
        ("开放时间", "", "如 每周三上午"),
        ("对外公开", "", "是或否；公开的场所有一个网页，不登录也能看"),
        ("派驻委员", "", "本届委员的姓名，用顿号隔开；再次导入时只加入新的委员"),
    ]
    write_workbook(path, {"议事场所": [[row[0] for row in rows[1:]]], "填表说明": rows})


def import_venues(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    check: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the venues of one organization. Raises `UnreadableWorkbookError`."""
    report = ImportReport(checked=check)
    rows = list[Row]()
    for found in read_tables(path, COLUMNS, report):
        report.understood.append(found.understood(COLUMNS))
        rows += found.entries(("name", "level", "kind"), report)
    with Session(database.read) as db:
        place = id_of(organization_named(db, organization))
        find = seat_finder(db.connection(), present_term(db.connection(), place))
    said = [(row, values) for row in rows if (values := _read(row, find)) is not None]
    with Session(database.read) if check else database.transaction() as db:
        if not check:
            service.hold(db, place)
        book = _Book(db.connection(), place)
        planned = book.planned(said)
        report.counts = {
            "新增": sum(one.there is None for one in planned),
            "更新": sum(one.there is not None for one in planned),
        }
        if report.ok and not check:
            _write(db, place, book, planned)
    progress("写入", len(rows), len(rows))
    return report


class _Planned(NamedTuple):
    """A venue as it should be: its names, the venue that is there, its columns, and who is posted besides."""

    names: _Names
    there: AnyRow | None
    columns: dict[str, Any]
    members: list[int]


class _Book:
    """What an import is compared with: the venues that are there by their names, and who is posted at each."""

    def __init__(self, conn: Connection, place: int) -> None:
        self.today = local_time(conn, place).today()
        convener = func.coalesce(_account.c.name, _v.c.convener_name).label("convener")
        rows = conn.execute(
            select(_v, convener)
            .outerjoin(_account, _account.c.id == _v.c.convener_id)
            .where(_v.c.organization_id == place)
            .order_by(_v.c.branch)
        )
        self.there = dict[_Names, AnyRow]()
        names: dict[int | None, _Names] = {None: ()}
        for row in rows:
            names[row.id] = (*names[row.parent_id], row.name)
            self.there[names[row.id]] = row
        self.levels = {path: VenueLevel(row.level) for path, row in self.there.items()}
        self.ids = {path: row.id for path, row in self.there.items()}
        posted = select(_m.c.venue_id, _m.c.seat_id).join(_v, _v.c.id == _m.c.venue_id)
        lasting = or_(_m.c.ends_on.is_(None), _m.c.ends_on >= self.today)
        self.posted = {
            tuple(row) for row in conn.execute(posted.where(_v.c.organization_id == place, lasting))
        }
        self.in_office = set(conn.scalars(seats_in(place, self.today)))

    def planned(self, said: list[tuple[Row, dict[str, Any]]]) -> list[_Planned]:
        """What each row makes or changes, the venues above first; what is wrong becomes a fault."""
        order, found = list(VenueLevel), list[_Planned]()
        seen = set[_Names]()
        for row, values in sorted(said, key=lambda one: order.index(one[1]["level"])):
            try:
                above = self._above(values["parent"])
            except ValueError as e:
                row.fault("parent", str(e))
                continue
            names, level = (*above, values["name"]), values["level"]
            below = [of for path, of in self.levels.items() if path[:-1] == names]
            if names in seen:
                row.fault("name", "前面已经有了同样的一行")
            elif wrong := service.misplaced(level, self.levels.get(above), below):
                row.fault("level", wrong.rstrip("。"))
            elif not self.in_office.issuperset(values["members"]):
                row.fault("members", "有委员今天不在任，请核对名单")
            else:
                there = self.there.get(names)
                found.append(_Planned(names, there, _columns(values, there), values["members"]))
            seen.add(names)
            self.levels[names] = level
        return found

    def changes(self, one: _Planned, there: AnyRow) -> bool:
        """Whether a venue that is there becomes another version: by its columns, or by who is posted there."""
        joined = any((there.id, seat_id) not in self.posted for seat_id in one.members)
        return joined or any(getattr(there, name) != value for name, value in one.columns.items())

    def _above(self, written: str | None) -> _Names:
        """The venue that a cell names, from the top down or by its name alone; ValueError when it is not one."""
        if not written:
            return ()
        names = tuple(part.strip() for part in written.split("/"))
        if names in self.levels:
            return names
        found = [path for path in self.levels if path[-len(names) :] == names]
        if not found:
            raise ValueError(f"没有上级场所“{written}”")
        if len(found) > 1:
            raise ValueError(f"有 {len(found)} 个场所叫“{written}”，请从最上级写起，用“/”隔开")
        return found[0]


def _write(db: Session, place: int, book: _Book, planned: list[_Planned]) -> None:
    conn = db.connection()
    changes = [
        {"known": one.there.id, **{f"new_{name}": value for name, value in one.columns.items()}}
        for one in planned
        if one.there and book.changes(one, one.there)
    ]
    if changes:
        conn.execute(_CHANGE, changes)
    for level in VenueLevel:  # those above have their ids by then
        new = [one for one in planned if one.there is None and one.columns["level"] is level]
        made = service.write(
            db,
            place,
            [one.columns | {"name": one.names[-1], "parent_id": book.ids.get(one.names[:-1])} for one in new],
        )
        book.ids |= zip((one.names for one in new), made, strict=True)
    service.branch_out(db, place)
    stays = [
        {"venue_id": book.ids[one.names], "seat_id": seat_id, "starts_on": book.today}
        for one in planned
        for seat_id in dict.fromkeys(one.members)
        if (book.ids[one.names], seat_id) not in book.posted
    ]
    if stays:
        conn.execute(insert(_m), stays)
    named = {book.ids[one.names]: one.names[-1] for one in planned}
    told = defaultdict[int, list[int]](list)
    for stay in stays:
        told[stay["seat_id"]].append(stay["venue_id"])
    for seat_id, venues in told.items():
        where = f"“{named[venues[0]]}”" + (f"等 {len(venues)} 处" if len(venues) > 1 else "")
        service.tell_posted(db, place, [seat_id], where, venues[0])


def _read(row: Row, find: Callable[[str], int]) -> dict[str, Any] | None:
    """What a row says; None when a name is wrong or missing."""

    def seats(cell: Cell) -> list[int]:
        return [find(name) for name in parts(cell)]

    values = {
        "parent": row.read("parent", text),
        "name": row.read("name", line(50), required=True),
        "level": row.read("level", _level, required=True),
        "kind": row.read("kind", _kind, required=True),
        "place": row.read("place", line(120)),
        "convener": row.read("convener", line(50)),
        "opening_hours": row.read("opening_hours", line(120)),
        "is_public": row.read("is_public", _yes),
        "members": row.read("members", seats) or [],
    }
    return None if None in (values["name"], values["level"], values["kind"]) else values


def _columns(values: dict[str, Any], there: AnyRow | None) -> dict[str, Any]:
    """The columns of a row; what it leaves open is as it was."""
    left = {"place": "", "opening_hours": "", "is_public": False, "convener_id": None, "convener_name": ""}
    columns = {name: getattr(there, name) for name in left} if there else left
    columns |= {
        name: values[name] for name in ("place", "opening_hours", "is_public") if values[name] is not None
    }
    if values["convener"] and values["convener"] != (there and there.convener):
        columns |= {"convener_id": None, "convener_name": values["convener"]}
    return columns | {"level": values["level"], "kind": values["kind"]}


def _level(cell: Cell) -> VenueLevel:
    said = narrow(cell)
    if said not in _LEVELS:
        raise ValueError(f"没有层级“{said}”，可填：{'、'.join(LEVEL_LABELS.values())}")
    return _LEVELS[said]


def _kind(cell: Cell) -> VenueKind:
    said = narrow(cell)
    if said not in _KINDS:
        raise ValueError(f"没有类别“{said}”，可填：{'、'.join(KIND_LABELS.values())}")
    return _KINDS[said]


def _yes(cell: Cell) -> bool:
    said = narrow(cell)
    if said not in {"是", "否", "公开", "不公开"}:
        raise ValueError(f"“{said}”请写成“是”或“否”")
    return said in {"是", "公开"}
