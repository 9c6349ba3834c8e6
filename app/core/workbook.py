"""Tables in Excel workbooks as offices keep them; every fault is named by sheet, row and column.

Tolerated: title rows above the header, a header of two lines, merged cells, hidden and blank rows.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from openpyxl.utils import get_column_letter

from app.core.sheets import EMPTY, Cell, UnreadableWorkbookError, blank, read_sheets

T = TypeVar("T")
#: Told of (stage in Chinese, done, total).
Progress = Callable[[str, int, int], None]

HEADER_WITHIN = 30  # rows in which a header is looked for
_NOTE = re.compile(r"[((\[【].*?[))\]】]|[\s*::]")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one place of a workbook, or of another file that is read by rows."""

    sheet: str
    row: int
    column: str
    header: str
    detail: str
    of: str = "工作表"

    def __str__(self) -> str:
        place = f"{self.column} 列〔{self.header}〕" if self.column else ""
        return f"{self.of}“{self.sheet}”第 {self.row} 行 {place}".rstrip() + f"：{self.detail}"


@dataclass
class Report:
    """What came of an import: nothing was written when there are `faults`, or when it was only `checked`.

    Only when others changed what the workbook is about during the import, the first `written` rows were. `counts` carry
    their Chinese labels; `understood` says how columns and words were taken.
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    understood: list[str] = field(default_factory=list)
    checked: bool = False
    written: int = 0

    @property
    def ok(self) -> bool:
        """Whether the workbook was imported."""
        return not self.faults

    def lines(self) -> list[str]:
        """Every fault in the order of the workbook, or the counts in one sentence; what was understood; the notes."""
        if self.faults:
            found = sorted(self.faults, key=lambda f: (f.sheet, f.row, len(f.column), f.column))
            so_far = "没有导入任何内容"
            if self.written:
                so_far = f"已导入 {self.written} 行，其余没有导入；改正后再导入一次即可，已导入的不会重复"
            head = [f"共 {len(found)} 处错误，{so_far}：", *map(str, found)]
        else:
            done = "核对完成，没有写入" if self.checked else "导入完成"
            head = [f"{done}：" + "，".join(f"{label} {n}" for label, n in self.counts.items()) + "。"]
        return head + self.understood + self.notes


@dataclass(frozen=True)
class Column:
    """A column that is known by any of its header names; the first one is shown."""

    key: str
    names: tuple[str, ...]
    required: bool = False


@dataclass
class Table:
    """The rows under the header of one sheet; `columns` by key, `headers` by index (0 = A), `others` unknown ones."""

    sheet: str
    header_row: int
    columns: dict[str, int]
    headers: dict[int, str]
    others: list[int]
    faults: list[Fault]
    above: list["Row"] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)

    def understood(self, columns: Sequence[Column]) -> str:
        """Which header was taken for which column, and which ones were left aside, in Chinese."""
        names = {column.key: column.names[0] for column in columns}
        known = [f"{self._at(index)}→{names[key]}" for key, index in self.columns.items()]
        aside = f"；未用：{'、'.join(map(self._at, self.others))}" if self.others else ""
        return f"工作表“{self.sheet}”表头在第 {self.header_row} 行：{'，'.join(known)}{aside}。"

    def _at(self, index: int) -> str:
        return f"{get_column_letter(index + 1)} 列〔{self.headers[index]}〕"

    def fault(self, row: int, index: int | None, detail: str) -> None:
        """Report what is wrong in a row, in the column at `index` if it is named."""
        letter = "" if index is None else get_column_letter(index + 1)
        header = "" if index is None else self.headers.get(index, "")
        self.faults.append(Fault(self.sheet, row, letter, header, detail))


@dataclass
class Row:
    """One row of a table; `read` collects faults in the table's `faults`."""

    table: Table
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

    def fault(self, key: str, detail: str) -> None:
        """Report what is wrong with the value of a column."""
        self.table.fault(self.number, self.table.columns.get(key), detail)


def read_tables(path: Path, columns: Sequence[Column], report: Report) -> list[Table]:
    """The tables of all visible sheets that have a header with the required `columns`.

    What was passed over is said in `report.notes`, a missing column in `report.faults`.
    Raises `UnreadableWorkbookError`.
    """
    tables = []
    sheets, hidden = read_sheets(path)
    report.notes += [f"工作表“{title}”是隐藏的，未读取。" for title in hidden]
    for sheet in sheets:
        table = _table(sheet.title, sheet.rows, columns, report)
        if table is None:
            report.notes.append(f"工作表“{sheet.title}”里没有认得出的表头，未读取。")
            continue
        tables.append(table)
        out_of_sight = [row.number for row in table.rows if row.number in sheet.hidden_rows]
        if out_of_sight:
            report.notes.append(f"工作表“{sheet.title}”第 {_numbers(out_of_sight)} 行是隐藏行，已一并读取。")
    if not tables:
        need = "、".join(f"〔{c.names[0]}〕" for c in columns if c.required)
        raise UnreadableWorkbookError(f"找不到表头：需要一行含有 {need} 的表头。")
    return tables


def _numbers(rows: list[int]) -> str:
    shown = "、".join(map(str, rows[:10]))
    return shown if len(rows) <= 10 else f"{shown} 等 {len(rows)}"  # noqa: PLR2004 - enough to find them


def header_name(value: object) -> str:
    """A header without blanks, stars, colons and what stands in brackets, full-width letters made narrow."""
    return _NOTE.sub("", unicodedata.normalize("NFKC", str(value or "")))


def _shown(cell: Cell) -> str:
    value = cell.value
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str("" if value is None else value)
    return text.replace("\n", "").strip()


def _table(
    title: str, rows: dict[int, dict[int, Cell]], columns: Sequence[Column], report: Report
) -> Table | None:
    names = {name: column.key for column in columns for name in column.names}
    required = {column.key: column.names[0] for column in columns if column.required}
    best: tuple[int, int] | None = None
    for number in list(rows)[:HEADER_WITHIN]:
        found = {names[n] for c in rows[number].values() if (n := header_name(c.value)) in names}
        enough = len(found) >= 2 or found == set(required)  # noqa: PLR2004 - one name alone may be a title
        if enough and found & set(required) and (best is None or len(found) > best[0]):
            best = (len(found), number)
    if best is None:
        return None
    top = best[1]
    headers = {i: _shown(c) for i, c in rows[top].items() if not blank(c)}
    bottom = _second_line(rows, top, headers, names)
    found_at: dict[str, int] = {}
    others = []
    for index, header in sorted(headers.items()):
        key = names.get(header_name(header))
        if key is None or key in found_at:
            others.append(index)
        else:
            found_at[key] = index
    table = Table(title, top, found_at, headers, others, report.faults)
    for key in required.keys() - found_at.keys():
        table.fault(top, None, f"表头缺少〔{required[key]}〕一列")
    for number, cells in rows.items():
        row = Row(table, number, cells)
        if number < top:
            table.above.append(row)
        elif number > bottom:
            table.rows.append(row)
    return table


def _second_line(
    rows: dict[int, dict[int, Cell]], top: int, headers: dict[int, str], names: Mapping[str, str]
) -> int:
    """The last row of the header: the next one belongs to it when a known name is merged downward over it."""
    below = rows.get(top + 1, {})
    goes_on = any(
        header_name(header) in names and _shown(below.get(i, EMPTY)) == header
        for i, header in headers.items()
    )
    if not goes_on:
        return top
    for i, cell in below.items():
        text = _shown(cell)
        if text and text != headers.get(i):
            headers[i] = headers.get(i, "") + text
    return top + 1
