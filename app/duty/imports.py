"""Import of acts done outside the platform: every row is checked, all is written or nothing; again and again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, select
from sqlmodel import Session

from app.core import clock
from app.core.cells import day, line, narrow, text, whole
from app.core.db import Database
from app.core.sheets import Cell, blank, write_workbook
from app.core.sql import insert_new, table
from app.core.workbook import Column, Progress, Report, Row, read_tables
from app.duty import service
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord, OutsideAct
from app.duty.service import Act
from app.people.models import Level, Organization
from app.people.recognise import COLUMNS as MEMBER_COLUMNS
from app.people.recognise import Members
from app.people.roster_plan import organization_named
from app.people.service import id_of

COLUMNS = (
    *MEMBER_COLUMNS,
    Column("kind", ("类别", "履职类别", "类型"), required=True),
    Column("title", ("事项名称", "事项", "名称", "内容", "活动名称"), required=True),
    Column("held_on", ("日期", "时间", "活动日期", "履职日期"), required=True),
    Column("place", ("地点", "活动地点")),
    Column("quantity", ("数量", "半天数", "次数")),
    Column("role", ("角色", "参与角色")),
    Column("level", ("层级", "级别")),
    Column("note", ("备注", "说明")),
)
#: What is done on the platform only.
_INSIDE = {
    "update.posted",
    "reply.posted",
    "topic.joined",
    "reading.logged",
    "seed.taken_up",
    "seed.bore_fruit",
}
_KINDS = {kind.label: kind.name for kind in KINDS.values() if kind.name not in _INSIDE}
_KINDS_SAID = _KINDS | {
    "会议出席": "activity.attended",
    "出席会议": "activity.attended",
    "参加活动": "activity.attended",
    "请假": "activity.excused",
    "缺席": "activity.absent",
    "立案提案": "proposal.filed",
    "重点提案": "proposal.marked_key",
    "提案": "proposal.filed",
    "社情民意": "opinion.submitted",
    "发言": "speech.delivered",
    "荣誉": "honor.received",
    "表彰": "honor.received",
    "协商活动": "consultation.held",
    "服务": "service.rendered",
    "读书笔记": "reading.noted",
}
_ROLES = {
    "主要": "lead",
    "主办": "lead",
    "第一": "lead",
    "牵头": "lead",
    "参与": "participant",
    "联名": "participant",
}
_LEVELS = {
    Level.COUNTY: ("县", "区", "县级", "区级", "区县", "区县级"),
    Level.CITY: ("市", "市级"),
    Level.PROVINCE: ("省", "省级", "自治区", "直辖市"),
    Level.NATIONAL: ("国家", "全国", "国家级"),
}
_LEVELS_SAID = {said: level for level, names in _LEVELS.items() for said in names}
_MOST = 60


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
        ("类别", "是", "、".join(_KINDS)),
        ("事项名称", "是", "如 在十五届四次全会上的大会发言"),
        ("日期", "是", "如 2024-03-15，须在任期内"),
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
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Import acts of members of one organization; a row that was imported before is left as it is.

    Raises `UnreadableWorkbookError` when the file is no readable workbook of acts.
    """
    report = Report()
    rows = [row for found in read_tables(path, COLUMNS, report) for row in found.rows if not _empty(row)]
    with database.transaction() as db:
        place = organization_named(db, organization)
        done = _read(db.connection(), place, rows, progress)
        if report.ok:
            _write(db, place, done, report, progress)
    return report


def _empty(row: Row) -> bool:
    return all(blank(row.cell(key)) for key in ("name", "kind", "title"))


def _read(conn: Connection, place: Organization, rows: Sequence[Row], progress: Progress) -> list[_Done]:
    members, today = Members(conn, id_of(place)), clock.local_day(clock.now(), place.timezone)
    first: dict[str, Row] = {}
    done = []
    for number, row in enumerate(rows, 1):
        one = _row(row, members, today, place.level)
        if one is not None:
            if one.ref() in first:
                row.fault("title", f"与第 {first[one.ref()].number} 行重复")
            first.setdefault(one.ref(), row)
            done.append(one)
        if number % 100 == 0 or number == len(rows):
            progress("核对", number, len(rows))
    return done


def _row(row: Row, members: Members, today: date, level: str) -> _Done | None:
    held_on = row.read("held_on", day, required=True)
    if held_on and held_on > today:
        row.fault("held_on", f"{held_on} 还没有到")
        held_on = None
    kind = row.read("kind", _kind, required=True)
    title = row.read("title", line(120), required=True)
    place = row.read("place", line(120))
    quantity = row.read("quantity", _quantity)
    role = row.read("role", _role)
    said_level = row.read("level", _level)
    note = row.read("note", line(500))
    seat_id = members.seat(row, held_on)
    if seat_id is None or kind is None or title is None or held_on is None:
        return None
    return _Done(
        seat_id, kind, title, held_on, place or "", quantity or 1, role or "lead", said_level or level, note
    )


def _kind(cell: Cell) -> str:
    found = narrow(cell)
    if found not in _KINDS_SAID:
        raise ValueError(f"没有类别“{found}”，可填：{'、'.join(_KINDS)}")
    return _KINDS_SAID[found]


def _quantity(cell: Cell) -> int:
    found = whole(cell)
    if not 1 <= found <= _MOST:
        raise ValueError(f"应在 1 到 {_MOST} 之间")
    return found


def _role(cell: Cell) -> str:
    found = text(cell)
    for said, role in _ROLES.items():
        if found.startswith(said):
            return role
    raise ValueError(f"“{found}”应为主要或参与")


def _level(cell: Cell) -> str:
    found = narrow(cell)
    if found not in _LEVELS_SAID:
        raise ValueError(f"“{found}”应为县、市、省或全国")
    return _LEVELS_SAID[found]


def _write(
    db: Session, place: Organization, done: Collection[_Done], report: Report, progress: Progress
) -> None:
    conn, organization_id = db.connection(), id_of(place)
    known = _known(conn, organization_id, done)
    new = [one for one in done if one.ref() not in known]
    corrected = [one for one in done if known.get(one.ref()) not in {None, one.said()}]
    ids: dict[str, int] = {}
    acts = []
    for number, one in enumerate(new + corrected, 1):
        ref = one.act_ref(organization_id)
        if ref not in ids:
            ids[ref] = _act(conn, organization_id, one, ref)
        subject = ("outside_act", ids[ref])
        if number > len(new):
            service.void(db, subject, "重新导入更正", None, kinds=[one.kind], seat_id=one.seat_id)
        noon = clock.day_starts(one.held_on, place.timezone) + timedelta(hours=12)
        role, quantity, level, note = one.said()
        acts.append(Act(one.seat_id, one.kind, subject, noon, role, quantity, level, one.ref(), note))
        if number % 100 == 0 or number == len(new) + len(corrected):
            progress("写入", number, len(new) + len(corrected))
    service.record_all(db, organization_id, acts, source="import")
    unchanged = len(done) - len(new) - len(corrected)
    report.counts = {"新增": len(new), "更正": len(corrected), "不变": unchanged}


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
