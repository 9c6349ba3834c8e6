"""Sheets of Excel and CSV files, read within limits.

Refused with a Chinese sentence: other formats, what unpacks too far, sheets and merged ranges that are too large.
"""

import csv
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from app.core.errors import Invalid
from app.core.excel.writer import unguarded
from app.core.language.text import of_file

MAX_BYTES = 20 * 2**20
MAX_UNPACKED = 64 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 400
MAX_CELLS = 1_000_000
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384
_WHOLE = re.compile(r"^(\d+)\.0$")
_STRICT = b"http://purl.oclc.org/ooxml"
_SAVE_AS = "请用 WPS 或 Excel 打开后另存为“Excel 工作簿（.xlsx）”再导入"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class UnreadableWorkbookError(Invalid):
    """The whole file cannot be read."""

    code = "unreadable_workbook"


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


class CellPlace(NamedTuple):
    """A cell of a workbook: title of the sheet, row, column index (0 = A)."""

    sheet: str
    row: int
    column: int


class Stretch(NamedTuple):
    """Cells of one row, from a column up to the one before `end`: a row of a table, beside which others may stand."""

    sheet: str
    row: int
    start: int
    end: int


@dataclass(frozen=True)
class Upload:
    """An uploaded workbook under the name that people gave it, with mended cells and rows that are left out."""

    path: Path
    name: str
    mended: Mapping[CellPlace, str | None] = field(default_factory=dict)
    left_out: Collection[Stretch] = ()

    def edit(self, sheets: Iterable[Sheet]) -> None:
        """Put the mended values in and take the rows out that are left out."""
        by_title = {sheet.title: sheet.rows for sheet in sheets}
        for place, value in self.mended.items():
            if place.sheet in by_title:
                by_title[place.sheet].setdefault(place.row, {})[place.column] = Cell(value)
        for out in self.left_out:
            cells = by_title.get(out.sheet, {}).get(out.row, {})
            for index in [index for index in cells if out.start <= index < out.end]:
                del cells[index]
        for title, rows in by_title.items():
            edited = {p.row for p in self.mended if p.sheet == title} | {
                out.row for out in self.left_out if out.sheet == title
            }
            for row in edited:
                if all(blank(cell) for cell in rows.get(row, {}).values()):
                    rows.pop(row, None)


#: A workbook on disk, or one that was uploaded.
Source = Path | Upload


def read_sheets(source: Source) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of an xlsx or csv file, and titles of hidden ones. Raises `UnreadableWorkbookError`."""
    if isinstance(source, Path):
        return _read_sheets(source, source)
    shown, hidden = _read_sheets(source.path, Path(source.name))
    source.edit(shown)
    return [Sheet(s.title, dict(sorted(s.rows.items())), s.hidden_rows) for s in shown], hidden


def _read_sheets(path: Path, named: Path) -> tuple[list[Sheet], list[str]]:
    """As `read_sheets`; `named` says what the file is called."""
    if named.suffix.lower() == ".csv":
        return [_csv_sheet(path, named)], []
    _check_file(path)
    try:
        with path.open("rb") as file:  # stored ones have no ending, which the library would ask for
            book = load_workbook(file, read_only=True, data_only=True)
            shown, hidden, cells = [], [], 0
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    hidden.append(sheet.title)
                    continue
                scan = _scan(sheet, MAX_CELLS - cells)
                cells += scan.cells
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
                i: Cell(unguarded(c.value), c.number_format)
                for i, c in enumerate(cells)
                if c.value is not None
            }
    _fill(rows, scan.merges)
    for number, index in scan.uncomputed:
        if number in rows:
            rows[number][index] = Cell(Uncomputed())
    return {n: row for n, row in rows.items() if any(not blank(cell) for cell in row.values())}


@dataclass
class _Scan:
    """What one pass over a sheet's XML tells; it ends early when the sheet is too large."""

    title: str
    room: int
    last_row: int = 0
    cells: int = 0
    hidden: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncomputed: list[tuple[int, int]] = field(default_factory=list)
    merged: int = 0

    def take(self, element: ET.Element, row: int) -> None:
        """Note what an element that has ended says."""
        tag = element.tag.removeprefix(_MAIN)
        if tag == "row" and element.get("hidden") in {"1", "true"}:
            self.hidden.add(row)
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref", ""))
            merge = (top or 1, min(bottom or 1, self.last_row), left or 1, min(right or 1, MAX_COLUMNS))
            self.merges.append(merge)
            self.merged += max(0, merge[1] - merge[0] + 1) * max(0, merge[3] - merge[2] + 1)
            if self.merged > MAX_CELLS:
                raise UnreadableWorkbookError(
                    f"工作表“{self.title}”的合并单元格太多、太大，请取消合并后再导入。"
                )
        elif tag == "c" and (element.findtext(_MAIN + "v") or element.find(_MAIN + "is") is not None):
            self.cells += 1
            self.last_row = max(self.last_row, row)
            if row > MAX_ROWS or self.cells > self.room:
                raise UnreadableWorkbookError(
                    f"工作表“{self.title}”太大：最多 {MAX_ROWS} 行、{MAX_CELLS} 格。"
                )
        elif tag == "c" and element.find(_MAIN + "f") is not None and (place := element.get("r")):
            self.uncomputed.append((row, (range_boundaries(place)[0] or 1) - 1))


def _scan(sheet: Any, room: int) -> _Scan:
    """What the streaming reader leaves out (merges, hidden rows), and the bounds before any cell is kept."""
    scan, row, columns, kept = _Scan(sheet.title, room), 0, 0, None
    with sheet._get_source() as xml:  # noqa: SLF001 - the only way to the sheet's own XML
        for event, element in ET.iterparse(xml, events=("start", "end")):  # noqa: S314 - expat bounds entities
            if event == "end":
                scan.take(element, row)
                if element.tag == _MAIN + "row" and kept is not None:
                    kept.clear()  # a million blank rows cost no memory
                elif element.tag == _MAIN + "c":
                    element.clear()
                    columns += 1
                    if columns > _EXCEL_COLUMNS:
                        raise ValueError(columns)
            elif element.tag == _MAIN + "sheetData":
                kept = element
            elif element.tag == _MAIN + "row":
                row, columns = int(element.get("r") or row + 1), 0
                if row > _EXCEL_ROWS:
                    raise ValueError(row)
    return scan


def _fill(rows: dict[int, dict[int, Cell]], merges: Iterable[tuple[int, int, int, int]]) -> None:
    """Give every cell of a merged range the value of its first one."""
    for top, bottom, left, right in merges:
        value = rows.get(top, {}).get(left - 1)
        if value is None:
            continue
        for number in range(top, bottom + 1):
            for index in range(left - 1, right):
                rows[number].setdefault(index, value)


def _csv_sheet(path: Path, named: Path) -> Sheet:
    """A CSV file (UTF-8 or GB 18030; commas, semicolons or tabs) as a sheet of texts."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableWorkbookError(f"文件超过 {MAX_BYTES // 2**20} MB。")
        text = of_file(path.read_bytes())
    except OSError as e:
        raise UnreadableWorkbookError(f"打不开文件 {path}：{e.strerror}。") from e
    except ValueError as e:
        raise UnreadableWorkbookError(f"读不懂这个 CSV 文件，{_SAVE_AS}。") from e
    delimiter = max(",;\t", key=text[:10_000].count)
    rows: dict[int, dict[int, Cell]] = {}
    try:
        for number, values in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), 1):
            if number > MAX_ROWS or len(values) > _EXCEL_COLUMNS:
                raise UnreadableWorkbookError(f"文件“{named.name}”太大：最多 {MAX_ROWS} 行。")
            row = {i: Cell(unguarded(_WHOLE.sub(r"\1", v))) for i, v in enumerate(values[:MAX_COLUMNS])}
            if any(not blank(cell) for cell in row.values()):
                rows[number] = row
    except csv.Error as e:
        raise UnreadableWorkbookError(f"读不懂这个 CSV 文件，{_SAVE_AS}。") from e
    return Sheet(named.stem, rows, set())


def _check_file(path: Path) -> None:
    try:
        size, start = path.stat().st_size, path.open("rb").read(8)
    except OSError as e:
        raise UnreadableWorkbookError(f"打不开文件 {path}：{e.strerror}。") from e
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableWorkbookError("这是旧版 .xls 文件或设有打开密码，请在 Excel 中另存为不加密的 .xlsx。")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnreadableWorkbookError(f"这是网页格式的表格（许多办公系统导出的 .xls 就是这样），{_SAVE_AS}。")
    if size > MAX_BYTES:
        raise UnreadableWorkbookError(f"文件超过 {MAX_BYTES // 2**20} MB。")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            book = next((m for m in archive.infolist() if m.filename == "xl/workbook.xml"), None)
            strict = book is not None and _STRICT in archive.open(book).read(4096)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as e:
        raise UnreadableWorkbookError(f"不是 Excel 工作簿（.xlsx），{_SAVE_AS}。") from e
    if strict:
        raise UnreadableWorkbookError(f"这是“Strict Open XML 工作簿”，{_SAVE_AS}。")
    if unpacked > MAX_UNPACKED:
        raise UnreadableWorkbookError(f"文件解压后超过 {MAX_UNPACKED // 2**20} MB，已拒绝读取。")
