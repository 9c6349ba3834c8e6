"""Columns of a workbook, known by the names that people write above them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_NOTE = re.compile(r"[(\[【].*?[)\]】]|[\s*:]")


@dataclass(frozen=True)
class Column:
    """A column that is known by any of its header names; the first one is shown.

    A sheet may have several that are `many`, numbered or not (专委会1, 专委会2).
    """

    key: str
    names: tuple[str, ...]
    required: bool = False
    many: bool = False


def header_name(value: object) -> str:
    """A header without blanks, stars, colons and what stands in brackets, full-width letters made narrow."""
    return _NOTE.sub("", unicodedata.normalize("NFKC", str(value or "")))


class HeaderNames:
    """Columns by the names that headers may have."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = {name: column for column in columns for name in column.names}
        self.required = {column.key: column.names[0] for column in columns if column.required}

    def column(self, header: object) -> Column | None:
        """The column of a header; 手机号1 is 手机号, 专委会2 a further 专委会."""
        name = header_name(header)
        if name in self._columns:
            return self._columns[name]
        bare = self._columns.get(re.sub(r"\d$", "", name))
        return bare if bare and (bare.many or name.endswith("1")) else None
