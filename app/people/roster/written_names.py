"""Names of members as rosters write them: with sex and nationality in brackets, or after a blank."""

from typing import NamedTuple

from app.core.excel.parsers import text
from app.core.excel.reader import Cell
from app.core.language import names


class WrittenName(NamedTuple):
    """A name without remarks, the sex that a remark says, and how it was written where that is not the name."""

    name: str
    gender: str | None
    written: str | None = None


def written_name(cell: Cell) -> WrittenName:
    """A member's name; ValueError in Chinese when several people or a remark that nobody knows are written."""
    written = text(cell)
    name, remarks = names.split(written)
    genders = {remark for remark in remarks if remark in {"女", "男"}}
    gender = genders.pop() if len(genders) == 1 else None
    return WrittenName(name, gender, written if written != name else None)
