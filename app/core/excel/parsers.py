"""Values of workbook cells as people type them.

Each parser takes a cell and gives a value, or raises ValueError in Chinese.
"""

import math
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

from openpyxl.utils.datetime import from_excel

from app.core.excel.reader import Cell, Uncomputed
from app.core.language.text import clean

#: Pasted along from chats and address books, never meant: zero-width characters and direction marks.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_NUMERALS = "〇一二三四五六七八九"
_CHINESE_NUMERAL = re.compile("[一二三四五六七八九]?十[一二三四五六七八九]?|[〇零○一二三四五六七八九]+")
_DATE = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2}))?|(\d{2})(\d{2})?)[日月号]?")
#: What a number format shows as it stands: quoted text, locales, escaped characters.
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_EXCEL_DAYS = range(1_000, 100_000)  # day numbers of 1902 to 2173


def text(cell: Cell) -> str:
    """One line of text; whole numbers without `.0`, blanks at the ends and unseen characters cut."""
    value = cell.value
    if isinstance(value, Uncomputed):
        raise ValueError("公式没有算出结果，请在 Excel 中打开并保存一次")  # noqa: TRY004 - a fault of the sheet
    if isinstance(value, bool):
        raise ValueError("应当是文字")  # noqa: TRY004 - a fault of the sheet
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        value = f"{value:%Y-%m-%d}"
    found = _UNSEEN.sub("", str(value)).replace("\u3000", " ").replace("\xa0", " ")
    if found.startswith("#") and found.rstrip("!?").isupper():
        raise ValueError(f"单元格是错误值 {found}")
    if _PRIVATE.search(found):
        raise ValueError("含有自造字，换一台电脑就无法显示，请改用标准汉字")
    return " ".join(clean(found).split())


def line(limit: int) -> Callable[[Cell], str]:
    """A parser of text of at most `limit` characters."""

    def parse(cell: Cell) -> str:
        found = text(cell)
        if len(found) > limit:
            raise ValueError(f"太长：{len(found)} 个字，最多 {limit} 个")
        return found

    return parse


def narrow(cell: Cell) -> str:
    """Text with full-width letters and digits made narrow, without blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text(cell)))


def whole(cell: Cell) -> int:
    """A whole number."""
    found = narrow(cell)
    if not re.fullmatch(r"[+-]?\d{1,9}", found):
        raise ValueError(f"“{found}”不是整数")
    return int(found)


def day(cell: Cell) -> date:
    """A day; the first of the month where only a month is given (1975.03, 1975年3月, 197503)."""
    return _dated(cell, "1975-03-15 或 1975年3月")[0]


def full_day(cell: Cell) -> date:
    """A day that is given in full: of a month alone nobody knows which day was meant."""
    found, whole_day = _dated(cell, "2023-05-06")
    if not whole_day:
        raise ValueError(f"只写到 {found.year} 年 {found.month} 月，请写明是哪一天，如 2023-05-06")
    return found


def last_day(cell: Cell) -> date:
    """A day on which something ends; the last of the month where only a month is given."""
    found, whole_day = _dated(cell, "2026-12-31 或 2026年12月")
    return found if whole_day else found.replace(day=monthrange(found.year, found.month)[1])


def parts(cell: Cell) -> list[str]:
    """What a cell lists, separated by commas, semicolons, slashes or line breaks of any width."""
    listed = unicodedata.normalize("NFKC", str(cell.value))
    return [part.strip() for part in re.split(r"[、,;/\n]+", listed) if part.strip()]


def _arabic(match: re.Match[str]) -> str:
    """A Chinese numeral in digits: 二〇二二 is 2022, 二十三 is 23."""
    said = match[0].replace("零", "〇").replace("○", "〇")
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return "".join(str(_NUMERALS.index(digit)) for digit in said)
    return str((_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0))


def _dated(cell: Cell, hint: str) -> tuple[date, bool]:
    """The day of a cell, and whether it says more than the month."""
    value = cell.value
    if isinstance(value, datetime | date):
        shown = _LITERAL.sub("", cell.format).lower()
        found = value.date() if isinstance(value, datetime) else value
        return found, "y" not in shown or "d" in shown
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _dated_by_number(value, cell.format, hint)
    said = _CHINESE_NUMERAL.sub(_arabic, narrow(cell))
    if re.fullmatch(r"\d{4}年?", said):
        raise ValueError(f"“{said}”只有年份，请写成 {hint}")
    match = _DATE.fullmatch(said)
    if match is None:
        raise ValueError(f"“{said}”不是日期，请写成 {hint}")
    year, a, b, c, d = match.groups()
    try:
        return date(int(year), int(a or c), int(b or d or 1)), bool(b or d)
    except ValueError:
        raise ValueError(f"没有“{said}”这一天") from None


def _dated_by_number(value: float, shown: str, hint: str) -> tuple[date, bool]:
    if math.isfinite(value) and value == int(value):
        if int(value) in _EXCEL_DAYS and len(str(int(value))) == 5:  # noqa: PLR2004 - a date shown as its day number
            moment = from_excel(int(value))
            if isinstance(moment, datetime):
                return moment.date(), True
        return _dated(Cell(str(int(value))), hint)
    digits = f"{value:.2f}" if "0.00" in shown else f"{value:.10f}".rstrip("0")
    if re.fullmatch(r"\d{4}\.1", digits):
        raise ValueError(f"“{digits}”分不清是 1 月还是 10 月，请写成 {digits[:4]}-01 或 {digits[:4]}-10")
    return _dated(Cell(digits), hint)
