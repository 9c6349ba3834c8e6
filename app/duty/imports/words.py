"""The words in which secretariats keep past years: kinds, roles, levels and days of acts, as cells say them."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.core.excel.parsers import full_day, narrow, text, whole
from app.core.excel.reader import Cell
from app.duty.kinds import KINDS
from app.duty.measures import rules
from app.duty.measures.rules import MEASURES, Measure
from app.people.models import Level

KINDS_TO_IMPORT = {kind.label: kind.name for kind in KINDS.values() if kind.words is not None}
_KINDS_SAID = KINDS_TO_IMPORT | {word: kind.name for kind in KINDS.values() for word in kind.words or ()}
_INSIDE_SAID = {kind.label for kind in KINDS.values() if kind.words is None}
#: Words for a kind that say its form as well.
_FORMS_SAID = {
    "全体会议": "plenary",
    "全会": "plenary",
    "常委会会议": "standing_committee",
    "常委会": "standing_committee",
    "专委会会议": "committee_meeting",
    "视察": "inspection",
    "考察": "inspection",
    "调研": "research",
    "学习培训": "training",
    "培训": "training",
    "联名提案": "joint",
    "口头发言": "oral",
    "书面发言": "written",
    "捐资助学": "donation",
}
#: Further words for forms, beside their labels.
_FORMS_ALSO = {
    **_FORMS_SAID,
    "专题调研": "research",
    "视察考察": "inspection",
    "协商": "consultation",
    "协商会": "consultation",
    "专题协商": "consultation",
    "学习": "training",
    "个人": "individual",
    "联名": "joint",
    "集体": "collective",
    "口头": "oral",
    "书面": "written",
    "走访": "visit",
    "走访群众": "visit",
    "联系群众": "visit",
    "志愿": "volunteering",
    "义诊": "volunteering",
    "捐款": "donation",
    "捐款捐物": "donation",
    "捐赠": "donation",
    "帮扶": "assistance",
    "结对": "assistance",
    "宣讲": "lecture",
    "调解": "mediation",
    "其他": "other_service",
}
#: Labels that imply role = participant, unless the row names another role.
_TAKING_PART = {"联名提案"}
_ROLES = {
    "主要": "lead",
    "主办": "lead",
    "第一": "lead",
    "牵头": "lead",
    "执笔": "lead",
    "参与": "participant",
    "联名": "participant",
    "附议": "participant",
    "第": "participant",
}
_LEVELS = {
    Level.COUNTY: ("县", "区", "县级", "区级", "区县", "区县级"),
    Level.CITY: ("市", "市级"),
    Level.PROVINCE: ("省", "省级", "自治区", "直辖市"),
    Level.NATIONAL: ("国家", "全国", "国家级"),
}
_LEVELS_SAID = {said: level for level, names in _LEVELS.items() for said in names}
_MOST = 60
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_MONTH_DAY = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?")


class SaidKind(NamedTuple):
    """A kind as a row says it, as it is understood, and the role and form that its word implies."""

    said: str
    kind: str
    role: str | None
    form: str | None


def said_kind(cell: Cell) -> SaidKind:
    """The kind of an act."""
    found = narrow(cell)
    if found in _INSIDE_SAID:
        raise ValueError(f"“{found}”由平台记录，不能导入")
    if found not in _KINDS_SAID:
        raise ValueError(f"没有类别“{found}”，可填：{'、'.join(KINDS_TO_IMPORT)}")
    role = "participant" if found in _TAKING_PART else None
    return SaidKind(found, _KINDS_SAID[found], role, _FORMS_SAID.get(found))


def said_form(cell: Cell, kind: str) -> str:
    """The form of an act of a kind: of a meeting, a proposal, a service."""
    found, forms = narrow(cell), KINDS[kind].forms
    if not forms:
        raise ValueError(f"“{KINDS[kind].label}”不分形式，请留空")
    codes = {label: code for code, label in forms.items()} | {
        word: code for word, code in _FORMS_ALSO.items() if code in forms
    }
    if found not in codes:
        raise ValueError(f"“{KINDS[kind].label}”没有形式“{found}”，可填：{'、'.join(forms.values())}")
    return codes[found]


def said_quantity(cell: Cell) -> int:
    """How many half-days, or what else the kind counts."""
    found = whole(cell)
    if not 1 <= found <= _MOST:
        raise ValueError(f"应在 1 到 {_MOST} 之间")
    return found


def said_amount(cell: Cell, kind: str, measure: Measure) -> int:
    """The amount of a measure, as a row of a kind says it in units: money in yuan, hours with halves."""
    rule, found = MEASURES[measure], narrow(cell).replace(",", "").removesuffix(MEASURES[measure].unit)
    if not re.fullmatch(r"\d{1,12}(\.\d+)?", found):
        raise ValueError(f"“{found}”应为数字，单位为{rule.unit}")
    amount = Decimal(found) * rule.per_unit
    if amount % 1:
        raise ValueError(f"“{found}”写得太细，最小为 {rules.number(measure, rule.step)} {rule.unit}")
    if fault := KINDS[kind].measures_fault({measure: int(amount)}):
        raise ValueError(fault)
    return int(amount)


def said_role(cell: Cell) -> str:
    """Whether the member led or took part."""
    found = text(cell)
    for said, role in _ROLES.items():
        if found.startswith(said):
            return role
    raise ValueError(f"“{found}”应为主要或参与")


def said_level(cell: Cell) -> str:
    """How far an act reached."""
    found = narrow(cell)
    if found not in _LEVELS_SAID:
        raise ValueError(f"“{found}”应为县、市、省或全国")
    return _LEVELS_SAID[found]


def year_of(sheet: str) -> int | None:
    """The only year that the name of a sheet says."""
    years = set(_YEAR.findall(sheet))
    return int(years.pop()) if len(years) == 1 else None


def without_year(cell: Cell) -> bool:
    """Whether a cell says month and day only, in text."""
    try:
        return isinstance(cell.value, str) and bool(_MONTH_DAY.fullmatch(narrow(cell)))
    except ValueError:  # no text at all: its own reading says what is wrong
        return False


def said_day(cell: Cell, year: int | None) -> date:
    """The day of an act, said in full; `year` is that of the sheet, for cells that say or show none."""
    if year and without_year(cell) and (match := _MONTH_DAY.fullmatch(narrow(cell))):
        try:
            return date(year, int(match[1]), int(match[2]))
        except ValueError:
            raise ValueError(f"没有“{match[0]}”这一天") from None
    found = full_day(cell)
    # Excel makes 5月6日 a day of the year in which it was typed, and does not show the year
    if year and isinstance(cell.value, datetime) and "y" not in cell.format.lower() and found.year != year:
        raise ValueError(f"没有显示年份，实为 {found}，与工作表的 {year} 年不符，请写明年份")
    return found
