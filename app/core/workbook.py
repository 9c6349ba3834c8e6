"""Tables in Excel workbooks as offices keep them; every fault is named by sheet, row and column.

Tolerated: title rows above the header, a header of two lines, merged cells, hidden and blank rows, tables side by
side, and headings, sums and signatures between or below the rows.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from openpyxl.utils import get_column_letter

from app.core.header_names import Column, HeaderNames, header_name
from app.core.import_report import Fault, Report
from app.core.sheets import EMPTY, MAX_COLUMNS, Cell, Sheet, UnreadableWorkbookError, blank, read_sheets

T = TypeVar("T")

INSTRUCTIONS = "填表说明"  # the sheet of our templates that is for people
HEADER_WITHIN = 30  # rows in which a header is looked for
_SUMS = {"合计", "总计", "小计", "共计", "总数"}
_SIGNATURE = re.compile(
    r"(填表|填报|制表|审核|复核|经办|负责|报送|联系|统计)(人|单位|时间|日期)?:|(注|说明|备注):"
)


@dataclass
class Table:
    """The rows under the header of one sheet; `columns` by key, `headers` by index (0 = A), `others` unknown ones.

    `more` are further columns of those that may be there several times.
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

    def entries(self, keys: Collection[str], report: Report) -> list["Row"]:
        """The rows in which something stands under `keys`; headings, sums and signatures are named in the notes."""
        rows = [row for row in self.rows if not all(blank(row.cell(key)) for key in keys)]
        for what, is_aside in (
            ("小标题或合计", lambda row: row.is_heading(keys) or row.is_sum()),
            ("填表人、审核人等落款", Row.is_signature),
        ):
            aside = [row.number for row in rows if is_aside(row)]
            if aside:
                report.notes.append(f"工作表“{self.sheet}”第 {_numbers(aside)} 行是{what}，未读取。")
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


def read_tables(path: Path, columns: Sequence[Column], report: Report) -> list[Table]:
    """The tables of all visible sheets that have a header with the required `columns`.

    What was passed over is said in `report.notes`, a missing column in `report.faults`.
    Raises `UnreadableWorkbookError`.
    """
    tables = []
    sheets, hidden = read_sheets(path)
    report.notes += [f"工作表“{title}”是隐藏的，未读取。" for title in hidden]
    for sheet in sheets:
        if sheet.title == INSTRUCTIONS:
            continue
        of_sheet = _tables(sheet, columns, report)
        if not of_sheet:
            report.notes.append(f"工作表“{sheet.title}”里没有认得出的表头，未读取。")
            continue
        tables += of_sheet
        out_of_sight = [row.number for row in of_sheet[0].rows if row.number in sheet.hidden_rows]
        if out_of_sight:
            report.notes.append(f"工作表“{sheet.title}”第 {_numbers(out_of_sight)} 行是隐藏行，已一并读取。")
    if not tables:
        need = "、".join(f"〔{c.names[0]}〕" for c in columns if c.required)
        raise UnreadableWorkbookError(f"找不到表头：需要一行含有 {need} 的表头。{_nearest(sheets, columns)}")
    return tables


def _nearest(sheets: Sequence[Sheet], columns: Sequence[Column]) -> str:
    """Which row comes nearest to a header, and what it lacks."""
    required = {name: column for column in columns if column.required for name in column.names}
    for sheet in sheets:
        for number in list(sheet.rows)[:HEADER_WITHIN]:
            names = {header_name(cell.value) for cell in sheet.rows[number].values()}
            has = {required[name].key for name in names & required.keys()}
            if has and len(names) > 1:
                lacks = [f"〔{c.names[0]}〕" for c in columns if c.required and c.key not in has]
                return f"工作表“{sheet.title}”第 {number} 行像是表头，但没有{'、'.join(lacks)}。"
    return ""


def _numbers(rows: list[int]) -> str:
    shown = "、".join(map(str, rows[:10]))
    return shown if len(rows) <= 10 else f"{shown} 等 {len(rows)}"  # noqa: PLR2004 - enough to find them


def _shown(cell: Cell) -> str:
    value = cell.value
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str("" if value is None else value)
    return text.replace("\n", "").strip()


def _tables(sheet: Sheet, columns: Sequence[Column], report: Report) -> list[Table]:
    """The table of a sheet, or several that stand side by side under one line of headers."""
    names = HeaderNames(columns)
    best: tuple[int, int] | None = None
    for number in list(sheet.rows)[:HEADER_WITHIN]:
        keys = {c.key for cell in sheet.rows[number].values() if (c := names.column(cell.value))}
        enough = len(keys) >= 2 or keys == set(names.required)  # noqa: PLR2004 - one name alone may be a title
        if enough and keys & set(names.required) and (best is None or len(keys) > best[0]):
            best = (len(keys), number)
    if best is None:
        return []
    top = best[1]
    headers = {i: _shown(c) for i, c in sorted(sheet.rows[top].items()) if not blank(c)}
    bottom = _second_line(sheet.rows, top, headers, names)
    tables = []
    for part, start, end in _side_by_side(headers, names):
        table = _table(sheet.title, top, part, names, report)
        for number, cells in sheet.rows.items():
            here = {i: cell for i, cell in cells.items() if start <= i < end or number < top}
            if number < top:
                table.above.append(Row(table, number, here))
            elif number > bottom and here:
                table.rows.append(Row(table, number, here))
        tables.append(table)
    return tables


def _side_by_side(headers: Mapping[int, str], names: HeaderNames) -> list[tuple[dict[int, str], int, int]]:
    """The headers of each table with its first column and the next table's: each has all that are required."""
    parts: list[dict[int, str]] = [{}]
    seen: set[str] = set()
    for index, header in sorted(headers.items()):
        column = names.column(header)
        if column and column.key in seen and not column.many:
            parts.append({})
            seen = set()
        if column:
            seen.add(column.key)
        parts[-1][index] = header
    complete = all(
        set(names.required) <= {c.key for header in part.values() if (c := names.column(header))}
        for part in parts
    )
    if not complete:
        return [(dict(headers), 0, MAX_COLUMNS)]
    bounds = [0, *(min(part) for part in parts[1:]), MAX_COLUMNS]
    return list(zip(parts, bounds, bounds[1:], strict=False))


def _table(sheet: str, top: int, headers: dict[int, str], names: HeaderNames, report: Report) -> Table:
    """A table without its rows; columns that are missing or said twice are faults."""
    table = Table(sheet, top, {}, headers, [], report.faults)
    for index, header in sorted(headers.items()):
        column = names.column(header)
        first = table.columns.get(column.key) if column else None
        if column is None or (first is not None and not column.many):
            table.others.append(index)
            if column and first is not None and header_name(headers[first]) == header_name(header):
                table.fault(top, index, f"表头里〔{header}〕出现了两次，请只留一列")
        elif first is None:
            table.columns[column.key] = index
        else:
            table.more.setdefault(column.key, []).append(index)
    for key in names.required.keys() - table.columns.keys():
        table.fault(top, None, f"表头缺少〔{names.required[key]}〕一列")
    return table


def _second_line(
    rows: dict[int, dict[int, Cell]], top: int, headers: dict[int, str], names: HeaderNames
) -> int:
    """The last row of the header: the next one belongs to it when a known name is merged downward over it."""
    below = rows.get(top + 1, {})
    goes_on = any(
        names.column(header) and _shown(below.get(i, EMPTY)) == header for i, header in headers.items()
    )
    if not goes_on:
        return top
    for i, cell in below.items():
        text = _shown(cell)
        if text and text != headers.get(i):
            headers[i] = headers.get(i, "") + text
    return top + 1
