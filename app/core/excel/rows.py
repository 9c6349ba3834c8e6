"""A table on a sheet and its rows, which name what is wrong in them by row and column."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from openpyxl.utils import get_column_letter

from app.core.excel.headers import Column, header_name
from app.core.excel.reader import EMPTY, MAX_COLUMNS, Cell, blank
from app.core.excel.report import Fault, ImportReport

T = TypeVar("T")

#: Of a row with a fault, so that whoever mends it knows what it is about.
_CELLS_SHOWN, _MOST_SHOWN = 6, 120
_SUMS = {"合计", "总计", "小计", "共计", "总数"}
_SIGNATURE = re.compile(
    r"(填表|填报|制表|审核|复核|经办|负责|报送|联系|统计)(人|单位|时间|日期)?:|(注|说明|备注):"
)


@dataclass
class SheetTable:
    """The rows under the header of one sheet; `columns` by key, `headers` by index (0 = A), `others` unknown ones.

    `more` are further columns of those that may be there several times. The table stands in the columns from `start` up
    to the one before `end`; `cells` are those of the whole sheet.
    """

    sheet: str
    header_row: int
    columns: dict[str, int]
    headers: dict[int, str]
    others: list[int]
    faults: list[Fault]
    above: list["Row"] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)
    more: dict[str, list[int]] = field(default_factory=dict)
    start: int = 0
    end: int = MAX_COLUMNS
    cells: Mapping[int, Mapping[int, Cell]] = field(default_factory=dict)

    def entries(self, keys: Collection[str], report: ImportReport) -> list["Row"]:
        """The rows in which something stands under `keys`; headings, sums and signatures are named in the notes."""
        rows = [row for row in self.rows if not all(blank(row.cell(key)) for key in keys)]
        for what, is_aside in (
            ("小标题或合计", lambda row: row.is_heading(keys) or row.is_sum()),
            ("填表人、审核人等落款", Row.is_signature),
        ):
            aside = [row.number for row in rows if is_aside(row)]
            if aside:
                report.notes.append(f"工作表“{self.sheet}”第 {numbers(aside)} 行是{what}，未读取。")
                rows = [row for row in rows if row.number not in aside]
        return rows

    def understood(self, columns: Sequence[Column], unused: Collection[str] = ()) -> str:
        """Which header was taken for which column, and which ones are unused, in Chinese."""
        names = {column.key: column.names[0] for column in columns if column.key not in unused}
        known = [
            f"{self._at(index)}→{names[key]}"
            for key, first in self.columns.items()
            for index in (first, *self.more.get(key, ()))
            if key in names
        ]
        left = sorted([*(self.columns[key] for key in unused if key in self.columns), *self.others])
        aside = f"；未用：{'、'.join(map(self._at, left))}" if left else ""
        return f"工作表“{self.sheet}”表头在第 {self.header_row} 行：{'，'.join(known)}{aside}。"

    def _at(self, index: int) -> str:
        return f"{get_column_letter(index + 1)} 列〔{self.headers[index]}〕"

    def fault(self, row: int, index: int | None, detail: str) -> None:
        """Report what is wrong in a row, in the column at `index` if it is named."""
        letter = "" if index is None else get_column_letter(index + 1)
        header = "" if index is None else self.headers.get(index, "")
        cells = self.cells.get(row, {})
        value = "" if index is None else shown(cells.get(index, EMPTY))
        own = [shown(cells[i]) for i in sorted(cells) if self.start <= i < self.end and not blank(cells[i])]
        self.faults.append(
            Fault(
                self.sheet,
                row,
                letter,
                header,
                detail,
                value=value[:_MOST_SHOWN],
                row_text=" · ".join(own[:_CELLS_SHOWN])[:_MOST_SHOWN],
                start=self.start,
                end=self.end,
                in_header=row <= self.header_row,
            )
        )


@dataclass
class Row:
    """One row of a table; `read` collects faults in the table's `faults`."""

    table: SheetTable
    number: int
    cells: Mapping[int, Cell]

    def cell(self, key: str) -> Cell:
        """The cell of a known column, empty when the sheet has no such column."""
        index = self.table.columns.get(key)
        return EMPTY if index is None else self.cells.get(index, EMPTY)

    def read(self, key: str, parse: Callable[[Cell], T], *, required: bool = False) -> T | None:
        """The parsed value of a column; None when it is empty or at fault (`parse` raises ValueError in Chinese)."""
        if key not in self.table.columns:
            return None
        return self.read_at(self.table.columns[key], parse, required=required)

    def read_at(self, index: int, parse: Callable[[Cell], T], *, required: bool = False) -> T | None:
        """As `read`, of a column by its index."""
        cell = self.cells.get(index, EMPTY)
        try:
            if blank(cell):
                if required:
                    raise ValueError("不能为空")
                return None
            return parse(cell)
        except ValueError as e:
            self.table.fault(self.number, index, str(e))
            return None

    def read_many(self, key: str, parse: Callable[[Cell], T]) -> list[T]:
        """As `read`, of all columns with this key."""
        places = [self.table.columns[key]] if key in self.table.columns else []
        values = [self.read_at(index, parse) for index in (*places, *self.table.more.get(key, ()))]
        return [value for value in values if value is not None]

    def is_heading(self, keys: Collection[str]) -> bool:
        """Whether one text is merged over all columns of `keys`."""
        values = [self.cell(key).value for key in keys if key in self.table.columns]
        return len(values) > 1 and len(set(values)) == 1

    def is_sum(self) -> bool:
        """Whether the row adds up others."""
        return bool({header_name(cell.value) for cell in (self._first(), self.cell("name"))} & _SUMS)

    def is_signature(self) -> bool:
        """Whether the row says who filled in the form, or explains it."""
        return bool(
            _SIGNATURE.match(re.sub(r"\s", "", unicodedata.normalize("NFKC", str(self._first().value))))
        )

    def _first(self) -> Cell:
        return next((self.cells[i] for i in sorted(self.cells) if not blank(self.cells[i])), EMPTY)

    def fault(self, key: str, detail: str) -> None:
        """Report what is wrong with the value of a column."""
        self.table.fault(self.number, self.table.columns.get(key), detail)


def numbers(rows: list[int]) -> str:
    """Numbers of rows, the first ones and how many where they are many."""
    first = "、".join(map(str, rows[:10]))
    return first if len(rows) <= 10 else f"{first} 等 {len(rows)}"  # noqa: PLR2004 - enough to find them


def shown(cell: Cell) -> str:
    """What a cell says, on one line."""
    value = cell.value
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str("" if value is None else value)
    return text.replace("\n", "").strip()
