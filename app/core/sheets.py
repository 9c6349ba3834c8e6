"""Sheets of Excel files, read within limits and written safely.

Refused with a Chinese sentence: what is no xlsx, what unpacks too far, sheets that are too large.
"""

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from xml.etree import ElementTree as ET

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 64 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 400
MAX_CELLS = 1_000_000
_EXCEL_ROWS = 1_048_576
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class UnreadableWorkbookError(Exception):
    """The whole file cannot be read; its text is a Chinese sentence for the operator."""


@dataclass(frozen=True)
class Cell:
    """A value with the format that it is shown in."""

    value: Any
    format: str = "General"


EMPTY = Cell(None)


class Uncomputed:
    """Stands in a cell whose formula was never computed."""


def blank(cell: Cell) -> bool:
    """Whether nothing but blanks stands in a cell."""
    return cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


@dataclass
class Sheet:
    """Non-blank rows by number, each with its cells by index (0 = A), merged ranges filled; and what was hidden."""

    title: str
    rows: dict[int, dict[int, Cell]]
    hidden_rows: set[int]


def read_sheets(path: Path) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of an xlsx file, and the titles of the hidden ones. Raises `UnreadableWorkbookError`."""
    _check_file(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        shown, hidden, cells = [], [], 0
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            scan = _scan(sheet)
            cells += scan.cells
            if scan.last_row > MAX_ROWS or cells > MAX_CELLS:
                raise UnreadableWorkbookError(
                    f"工作表“{sheet.title}”太大：最多 {MAX_ROWS} 行、{MAX_CELLS} 格。"
                )
            shown.append(Sheet(sheet.title, _rows(sheet, scan), scan.hidden))
        book.close()
    except UnreadableWorkbookError:
        raise
    except Exception as e:  # the reader raises whatever a broken file makes it stumble over
        raise UnreadableWorkbookError("文件已损坏或不是 Excel 工作簿（.xlsx），无法读取。") from e
    return shown, hidden


def _rows(sheet: Any, scan: "_Scan") -> dict[int, dict[int, Cell]]:
    sheet.reset_dimensions()  # other programs write wrong ones
    rows: dict[int, dict[int, Cell]] = {}
    if scan.last_row:
        for number, cells in enumerate(sheet.iter_rows(max_row=scan.last_row, max_col=MAX_COLUMNS), 1):
            rows[number] = {
                i: Cell(c.value, c.number_format) for i, c in enumerate(cells) if c.value is not None
            }
    _fill(rows, scan.merges)
    for number, index in scan.uncomputed:
        if number in rows:
            rows[number][index] = Cell(Uncomputed())
    return {n: row for n, row in rows.items() if any(not blank(cell) for cell in row.values())}


@dataclass
class _Scan:
    """What one pass over a sheet's XML tells."""

    last_row: int = 0
    cells: int = 0
    hidden: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncomputed: list[tuple[int, int]] = field(default_factory=list)

    def take(self, element: ET.Element, row: int) -> None:
        """Note what an element that has ended says."""
        tag = element.tag.removeprefix(_MAIN)
        if tag == "row" and element.get("hidden") in {"1", "true"}:
            self.hidden.add(row)
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
            self.merges.append((top or 1, bottom or 1, left or 1, right or 1))
        elif tag == "c" and (element.findtext(_MAIN + "v") or element.find(_MAIN + "is") is not None):
            self.cells += 1
            self.last_row = max(self.last_row, row)
        elif tag == "c" and element.find(_MAIN + "f") is not None and (place := element.get("r")):
            self.uncomputed.append((row, (range_boundaries(place)[0] or 1) - 1))


def _scan(sheet: Any) -> _Scan:
    """What the streaming reader leaves out (merges, hidden rows), and the bounds before any cell is kept."""
    scan, row, kept = _Scan(), 0, None
    with sheet._get_source() as xml:  # noqa: SLF001 - the only way to the sheet's own XML
        for event, element in ET.iterparse(xml, events=("start", "end")):  # noqa: S314 - expat bounds entities
            if event == "end":
                scan.take(element, row)
                if element.tag == _MAIN + "row" and kept is not None:
                    kept.clear()  # a million blank rows cost no memory
            elif element.tag == _MAIN + "sheetData":
                kept = element
            elif element.tag == _MAIN + "row":
                row = int(element.get("r") or row + 1)
                if row > _EXCEL_ROWS:
                    raise ValueError(row)
    return scan


def _fill(rows: dict[int, dict[int, Cell]], merges: Iterable[tuple[int, int, int, int]]) -> None:
    """Give every cell of a merged range the value of its first one."""
    for top, bottom, left, right in merges:
        value = rows.get(top, {}).get(left - 1)
        if value is None:
            continue
        for number in range(top, min(bottom, max(rows)) + 1):
            for index in range(left - 1, min(right, MAX_COLUMNS)):
                rows[number].setdefault(index, value)


def _check_file(path: Path) -> None:
    try:
        size, start = path.stat().st_size, path.open("rb").read(8)
    except OSError as e:
        raise UnreadableWorkbookError(f"打不开文件 {path}：{e.strerror}。") from e
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableWorkbookError("这是旧版 .xls 文件或设有打开密码，请在 Excel 中另存为不加密的 .xlsx。")
    if size > MAX_BYTES:
        raise UnreadableWorkbookError(f"文件超过 {MAX_BYTES // 2**20} MB。")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as e:
        raise UnreadableWorkbookError("不是 Excel 工作簿（.xlsx）。") from e
    if unpacked > MAX_UNPACKED:
        raise UnreadableWorkbookError(f"文件解压后超过 {MAX_UNPACKED // 2**20} MB，已拒绝读取。")


_HEAD = {"bold": True, "bg_color": "#F3E9E4", "border": 1, "text_wrap": True}


def quoted(value: Any) -> Any:
    """`value`, with a quote before text that a spreadsheet would run as a formula."""
    return (
        "'" + value
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))
        else value
    )


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write `sheets` (title → rows, the first one the header); `path` ends in `.csv` (one sheet) or `.xlsx`."""
    if path.suffix.lower() == ".csv":
        (rows,) = sheets.values()
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([quoted(v) for v in row] for row in rows)
        return
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format(_HEAD)
        as_text = book.add_format({"num_format": "@"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for index, name in enumerate(rows[0] if rows else ()):
                width = max([len(str(row[index])) for row in rows[:200] if len(row) > index] or [0])
                sheet.set_column(index, index, min(60, max(10, 2 * width)), as_text)
                sheet.write(0, index, quoted(name), head)
            for number, row in enumerate(rows[1:], 1):
                sheet.write_row(number, 0, [quoted(v) for v in row], as_text)


class TableOut(NamedTuple):
    """A sheet to write: its title, headers with their widths in characters, and rows that may come one by one."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]


def write_tables(file: BinaryIO, tables: Iterable[TableOut]) -> int:
    """Write sheets as xlsx, in constant memory; how many rows there were. Days and (naive) times stay such."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(file, options) as book:
        head, wrapped = book.add_format(_HEAD), book.add_format({"text_wrap": True, "valign": "top"})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        count = 0
        for title, columns, rows in tables:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for index, (name, width) in enumerate(columns):
                sheet.set_column(index, index, width, wrapped)
                sheet.write_string(0, index, name, head)
            number = 0
            for number, row in enumerate(rows, 1):
                for index, value in enumerate(row):
                    sheet.write(number, index, quoted(value), time if isinstance(value, datetime) else None)
            sheet.autofilter(0, 0, number, len(columns) - 1)
            count += number
    return count
