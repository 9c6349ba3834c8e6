"""The roster workbook: its columns under all their names, the template, and what each row says."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.core import clock
from app.core.excel.headers import Column
from app.core.excel.parsers import day, last_day, line, narrow, parts, text
from app.core.excel.reader import Cell, Source
from app.core.excel.report import ImportReport
from app.core.excel.tables import Row, SheetTable, read_tables
from app.core.excel.writer import write_workbook
from app.people.models import POST_LABELS, Post
from app.people.phone_numbers import mobile
from app.people.roster.written_names import written_name
from app.people.service import numeral

COLUMNS = (
    Column("serial", ("序号", "编号", "No.", "NO", "No")),
    Column("number", ("委员编号", "委员证号", "证号", "委员号", "席位号")),
    Column("name", ("姓名", "委员姓名", "名字"), required=True),
    Column("gender", ("性别",)),
    Column("born_on", ("出生年月", "出生日期", "出生年月日", "生日")),
    Column("ethnicity", ("民族",)),
    Column("party", ("党派", "政治面貌")),
    Column("sector", ("界别", "所属界别", "所在界别", "界别名称"), required=True),
    Column(
        "committees",
        ("专委会", "所在专委会", "所属专委会", "专门委员会", "所在专门委员会", "所属专门委员会"),
        many=True,
    ),
    Column("post", ("政协职务", "职务", "政协任职", "担任政协职务")),
    Column(
        "employer",
        ("工作单位及职务", "单位及职务", "单位职务", "工作单位和职务", "工作单位", "单位", "现任职务"),
    ),
    Column(
        "phone",
        ("手机号码", "手机", "手机号", "联系电话", "联系方式", "移动电话", "电话", "电话号码"),
        required=True,
    ),
    Column(
        "starts_on",
        (
            "任职起始",
            "任职起",
            "任职起始时间",
            "任职时间",
            "任职日期",
            "任职时间起",
            "任职时间起始",
            "起始时间",
        ),
    ),
    Column(
        "ends_on",
        ("任职终止", "任职止", "任职终止时间", "免职时间", "任职时间止", "任职时间终止", "终止时间"),
    ),
    Column("term", ("届次", "届别", "届")),
)
#: Known, but no business of this platform.
NOT_KEPT = ("ethnicity", "party")
_SHOWN = [c.names[0] for c in COLUMNS if c.key not in NOT_KEPT]

_POSTS = {label: post for post, label in POST_LABELS.items()} | {
    "常委": Post.STANDING_MEMBER,
    "政协主席": Post.CHAIR,
    "政协副主席": Post.VICE_CHAIR,
    "政协委员": Post.MEMBER,
}
_NONE = {"无", "暂无", "没有", "-", "—", "――", "——", "/", "\\"}
_COMMITTEE_ENDINGS = ("委员会", "专委会", "委", "办")
#: Taken off before a post: 驻会副主席 is a vice chair.
_RESIDENT = "驻会"
_TERMS = {numeral(n): n for n in range(1, 61)} | {str(n): n for n in range(1, 61)}
_STILL = {"至今", "在任", "现任", "-", "—", "/"}
_FIRST_BIRTH = date(1900, 1, 1)
_ADULT = 18


@dataclass(frozen=True)
class RosterEntry:
    """One member as the roster says; None and "" where it says nothing, or nothing that can be read."""

    row: Row
    name: str
    written: str | None
    phone: str
    sector: str
    committees: tuple[str, ...] | None
    post: Post | None
    number: str | None
    gender: str | None
    born_on: date | None
    employer: str | None
    starts_on: date | None
    ends_on: date | None
    still: bool
    term: int | None

    @property
    def about_person(self) -> dict[str, Any]:
        """What is said about the person, beside name and phone."""
        values = {"gender": self.gender, "born_on": self.born_on}
        return {k: v for k, v in values.items() if v is not None}


def template(path: Path) -> None:
    """Write an empty roster with a sheet of instructions."""
    help_rows = [
        ("列", "必填", "说明"),
        ("委员编号", "", "本届内不重复；有编号时，换了手机号码的委员凭编号认出"),
        ("姓名", "是", "姓名中间的空格会去掉，间隔号统一成“·”；后面可以注性别、民族，同名的不编号"),
        ("性别", "", "男 或 女"),
        ("出生年月", "", "如 1975-03、1975.03、1975年3月"),
        ("界别", "是", "与系统中的界别名称一致；首次导入可由名册新建"),
        ("专委会", "", "多个用顿号分隔"),
        ("政协职务", "", "、".join(POST_LABELS.values()) + "；不填为委员"),
        ("手机号码", "是", "登录用；单元格请设为文本格式；港澳等号码写 + 和区号"),
        ("任职起始、任职终止", "", "增补、免职的委员填写；不填为本届起止"),
        ("届次", "", "如 第十五届；不填为本届"),
    ]
    write_workbook(path, {"委员名册": [_SHOWN], "填表说明": help_rows})


def read_roster(path: Source, report: ImportReport) -> list[RosterEntry]:
    """Every row that names somebody; what is wrong goes into `report`. Raises `UnreadableWorkbookError`."""
    entries: list[RosterEntry] = []
    phones: dict[str, Row] = {}
    for table in read_tables(path, COLUMNS, report):
        _say_what_is_left(table, report)
        report.understood.append(table.understood(COLUMNS, NOT_KEPT))
        for row in table.entries(("name", "phone", "number", "employer"), report):
            entry = _entry(row)
            if first := phones.get(entry.phone):
                row.fault("phone", f"与{_place(first, table)}重复")
            if entry.phone:
                phones.setdefault(entry.phone, row)
            entries.append(entry)
    if not entries and not report.faults:
        report.notes.append("名册里没有委员。")
    return entries


def _say_what_is_left(table: SheetTable, report: ImportReport) -> None:
    left = [table.headers[table.columns[key]] for key in NOT_KEPT if key in table.columns]
    left += [table.headers[i] for i in table.others]
    if left:
        report.notes.append(f"工作表“{table.sheet}”的这些列未保存：{'、'.join(left)}。")


def _place(row: Row, table: SheetTable) -> str:
    return f"第 {row.number} 行" if row.table is table else f"工作表“{row.table.sheet}”第 {row.number} 行"


def _entry(row: Row) -> RosterEntry:
    written = row.read("name", written_name, required=True)
    phone = row.read("phone", lambda cell: mobile(text(cell)), required=True)
    sector = row.read("sector", _group, required=True)
    gender = row.read("gender", _gender)
    if written and written.gender and gender and written.gender != gender:
        row.fault("gender", f"与姓名后面写的“{written.gender}”不一致")
    named = row.read_many("committees", _groups) if "committees" in row.table.columns else None
    committees = None if named is None else tuple(dict.fromkeys(name for group in named for name in group))
    still = narrow(row.cell("ends_on")) in _STILL if isinstance(row.cell("ends_on").value, str) else False
    return RosterEntry(
        row=row,
        name=written.name if written else "",
        written=written.written if written else None,
        phone=phone or "",
        sector=sector or "",
        committees=committees,
        post=row.read("post", _post),
        number=row.read("number", _number),
        gender=gender or (written.gender if written else None),
        born_on=row.read("born_on", _birth),
        employer=row.read("employer", line(120)),
        starts_on=row.read("starts_on", day),
        ends_on=None if still else row.read("ends_on", last_day),
        still=still,
        term=row.read("term", _term),
    )


def _group(cell: Cell) -> str:
    found = re.sub(r"\s", "", text(cell))
    if len(found) > 40:  # noqa: PLR2004 - the column's width
        raise ValueError("太长：最多 40 个字")
    return found


def _groups(cell: Cell) -> tuple[str, ...]:
    return tuple(
        _group(Cell(name)) for part in parts(cell) for name in _committees(part) if name not in _NONE
    )


def _committees(part: str) -> list[str]:
    """Committees that only blanks part from each other; other blanks are there for looks."""
    words = part.split()
    return words if all(word.endswith(_COMMITTEE_ENDINGS) for word in words) else ["".join(words)]


def _post(cell: Cell) -> Post:
    words = [
        word.removeprefix(_RESIDENT) for part in parts(cell) for word in re.sub(r"\s", "", part).split("兼")
    ]
    posts = [_POSTS[word] for word in words if word in _POSTS]
    if not posts:
        raise ValueError(
            f"认不出政协职务“{text(cell)}”，可填：{'、'.join(POST_LABELS.values())}；"
            "写的是单位里的职务时，请把列名改为“工作单位及职务”"
        )
    return min(posts, key=list(Post).index)


def _number(cell: Cell) -> str:
    found = narrow(cell)
    if len(found) > 20:  # noqa: PLR2004 - the column's width
        raise ValueError("太长：最多 20 个字符")
    return found


def _gender(cell: Cell) -> str:
    found = narrow(cell).removesuffix("性")
    if found not in {"男", "女"}:
        raise ValueError(f"“{found}”应为男或女")
    return found


def _birth(cell: Cell) -> date:
    found, today = day(cell), clock.local_day(clock.now())
    if not found >= _FIRST_BIRTH or today.year - found.year < _ADULT:
        raise ValueError(f"出生年月 {found:%Y-%m} 不合情理")
    return found


def _term(cell: Cell) -> int:
    found = re.sub(r"^.*?第?([一二三四五六七八九十\d]+)届?.*$", r"\1", narrow(cell))
    if found not in _TERMS:
        raise ValueError(f"认不出届次“{text(cell)}”，请写成“第十五届”")
    return _TERMS[found]
