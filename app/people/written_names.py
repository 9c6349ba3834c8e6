"""Names of members as rosters write them: with sex and nationality in brackets, or after a blank."""

import re
import unicodedata
from typing import NamedTuple

from app.core.cells import name
from app.core.sheets import Cell

_REMARK = re.compile(r"(女|男)|[\u4e00-\u9fff]{1,5}族")
#: Brackets, full-width ones made narrow before, at the end of a name.
_BRACKETS = re.compile(r"^(.*?)\(([^()]*)\)$")
_SEVERAL = re.compile(r"[、,;/&]|和(?=.{2})")


class WrittenName(NamedTuple):
    """A name without remarks, and the sex that a remark says."""

    name: str
    gender: str | None


def written_name(cell: Cell) -> WrittenName:
    """A member's name; ValueError in Chinese when several people or a remark that nobody knows are written."""
    plain = unicodedata.normalize("NFKC", str(cell.value)).strip()
    remarks: list[str] = []
    if match := _BRACKETS.match(plain):
        plain, remarks = match[1], re.split(r"[\s,、;]+", match[2].strip())
    while (parts := plain.rsplit(None, 1)) and len(parts) > 1 and _REMARK.fullmatch(parts[1]):
        plain, remarks = parts[0], [*remarks, parts[1]]
    if unknown := [remark for remark in remarks if not _REMARK.fullmatch(remark)]:
        raise ValueError(f"姓名后面的“{'，'.join(unknown)}”认不出，请移到备注一列")
    if _SEVERAL.search(plain):
        raise ValueError(f"“{plain}”像是几个人的姓名，请一人一行")
    genders = {remark for remark in remarks if remark in {"女", "男"}}
    return WrittenName(name(Cell(plain)), genders.pop() if len(genders) == 1 else None)
