"""Marks of attendance sheets: the usual ones, and those that the operator explains."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.activities.rules import AttendanceState
from app.core.excel.parsers import narrow
from app.core.excel.reader import Cell

_MARKS = {
    AttendanceState.ATTENDED: "√✓✔☑vV1",
    AttendanceState.EXCUSED: "△▲Δ",
    AttendanceState.ABSENT: "×✗✘xX╳0",
}
_WORDS = {
    AttendanceState.ATTENDED: ("出席", "到", "参加", "已签到", "实到"),
    AttendanceState.EXCUSED: ("请假", "假", "事假", "病假", "公假"),
    AttendanceState.ABSENT: ("缺席", "旷会", "未到", "缺"),
}
_SAID = {mark: state for state, marks in _MARKS.items() for mark in marks} | {
    word: state for state, words in _WORDS.items() for word in words
}
_MEANINGS = {
    "出席": AttendanceState.ATTENDED,
    "请假": AttendanceState.EXCUSED,
    "缺席": AttendanceState.ABSENT,
    "未受邀": AttendanceState.INVITED,
}
_MARK = re.compile(r"(\D+?|[01])(\d{1,2})?(?:\((.*)\))?")
_NOT_INVITED = {"", "/", "-", "—", "–", "无", "免"}


@dataclass(frozen=True)
class AttendanceMark:
    """What one cell says of a seat."""

    state: AttendanceState
    half_days: int | None = None
    reason: str | None = None


def marks_of(pairs: Sequence[str]) -> dict[str, AttendanceState]:
    """Marks of a sheet as the operator explains them (`●=出席`); ValueError in Chinese when one is no such pair."""
    marks = {}
    for pair in pairs:
        mark, _, meaning = (part.strip() for part in unicodedata.normalize("NFKC", pair).partition("="))
        if not mark or (meaning not in _MEANINGS):
            raise ValueError(f"“{pair}”应写成“记号=意思”，意思可填：{'、'.join(_MEANINGS)}")
        marks[mark] = _MEANINGS[meaning]
    return marks


def read_mark(cell: Cell, explained: Mapping[str, AttendanceState]) -> AttendanceMark:
    """The mark in a cell; ValueError in Chinese when nobody knows it."""
    found = narrow(cell)
    if found in explained:
        return AttendanceMark(explained[found])
    if found in _NOT_INVITED:
        return AttendanceMark(AttendanceState.INVITED)
    match = _MARK.fullmatch(found)
    state = _SAID.get(match[1]) if match else None
    if match is None or state is None or (match[2] and state != AttendanceState.ATTENDED):
        raise ValueError(
            f"认不出“{found}”；请用 √ 出席、△ 请假、× 缺席，未受邀留空，"
            f"或在命令后面加 --mark {found}=出席（或 请假、缺席、未受邀）"
        )
    return AttendanceMark(state, int(match[2]) if match[2] else None, match[3] or None)
