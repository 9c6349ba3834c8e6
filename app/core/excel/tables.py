"""Tables in Excel workbooks as offices keep them; every fault is named by sheet, row and column.

Tolerated: title rows above the header, a header of two lines, merged cells, hidden and blank rows, tables side by
side, and headings, sums and signatures between or below the rows.
"""

from collections.abc import Mapping, Sequence

from app.core.excel.headers import Column, HeaderNames, header_name
from app.core.excel.reader import (
    EMPTY,
    MAX_COLUMNS,
    Cell,
    Sheet,
    Source,
    UnreadableWorkbookError,
    blank,
    read_sheets,
)
from app.core.excel.report import ImportReport
from app.core.excel.rows import Row, SheetTable, numbers, shown

__all__ = ["Row", "SheetTable", "read_tables"]

INSTRUCTIONS = "填表说明"  # the sheet of our templates that is for people
HEADER_WITHIN = 30  # rows in which a header is looked for


def read_tables(source: Source, columns: Sequence[Column], report: ImportReport) -> list[SheetTable]:
    """The tables of all visible sheets that have a header with the required `columns`.

    What was passed over is said in `report.notes`, a missing column in `report.faults`.
    Raises `UnreadableWorkbookError`.
    """
    tables = []
    sheets, hidden = read_sheets(source)
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
            report.notes.append(f"工作表“{sheet.title}”第 {numbers(out_of_sight)} 行是隐藏行，已一并读取。")
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


def _tables(sheet: Sheet, columns: Sequence[Column], report: ImportReport) -> list[SheetTable]:
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
    headers = {i: shown(c) for i, c in sorted(sheet.rows[top].items()) if not blank(c)}
    bottom = _second_line(sheet.rows, top, headers, names)
    tables = []
    for part, start, end in _side_by_side(headers, names):
        table = _table(sheet, top, part, (start, end), names, report)
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


def _table(
    sheet: Sheet,
    top: int,
    headers: dict[int, str],
    bounds: tuple[int, int],
    names: HeaderNames,
    report: ImportReport,
) -> SheetTable:
    """A table without its rows; columns that are missing or said twice are faults."""
    start, end = bounds
    table = SheetTable(
        sheet.title, top, {}, headers, [], report.faults, start=start, end=end, cells=sheet.rows
    )
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
        names.column(header) and shown(below.get(i, EMPTY)) == header for i, header in headers.items()
    )
    if not goes_on:
        return top
    for i, cell in below.items():
        text = shown(cell)
        if text and text != headers.get(i):
            headers[i] = headers.get(i, "") + text
    return top + 1
