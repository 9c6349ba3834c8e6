"""Sheets written as Excel or CSV: text that looks like a formula stays text in either."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter

_HEAD = {"bold": True, "bg_color": "#F3E9E4", "border": 1, "text_wrap": True}
#: What a spreadsheet that opens a CSV file may run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_GUARDED = re.compile("'[" + re.escape("".join(_FORMULA)) + "]")


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_FORMULA)


def _guarded(value: Any) -> Any:
    """`value`, in CSV with a quote before text that a spreadsheet would run as a formula."""
    return "'" + value if _is_formula(value) else value


def unguarded(value: Any) -> Any:
    """`value` without the quote that `_guarded` has set."""
    return value[1:] if isinstance(value, str) and _GUARDED.match(value) else value


def write_workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> None:
    """Write `sheets` (title → rows, the first one the header); `path` ends in `.csv` (one sheet) or `.xlsx`."""
    if path.suffix.lower() == ".csv":
        (rows,) = sheets.values()
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([_guarded(v) for v in row] for row in rows)
        return
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format(_HEAD)
        as_text = book.add_format({"num_format": "@"})
        as_formula = book.add_format({"num_format": "@", "quote_prefix": True})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for index, name in enumerate(rows[0] if rows else ()):
                width = max([len(str(row[index])) for row in rows[:200] if len(row) > index] or [0])
                sheet.set_column(index, index, min(60, max(10, 2 * width)), as_text)
                sheet.write(0, index, name, head)
            for number, row in enumerate(rows[1:], 1):
                for index, value in enumerate(row):
                    sheet.write(number, index, value, as_formula if _is_formula(value) else as_text)


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
        # a text stays a text, also when somebody edits its cell
        formula = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
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
                    form = time if isinstance(value, datetime) else formula if _is_formula(value) else None
                    sheet.write(number, index, value, form)
            sheet.autofilter(0, 0, number, len(columns) - 1)
            count += number
    return count
