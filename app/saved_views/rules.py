"""Pure rules of saved views: what a query string is, how many there may be, who may change which."""

import re
from urllib.parse import parse_qsl

#: Of one person, for one desk and in all.
MOST_OF_DESK, MOST = 30, 300
MOST_FIELDS = 50

_QUERY = re.compile(r"(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9._~!$'()*+,;:@/?&=-])*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def query_string(value: str) -> str:
    """`value` if it is a query string in which every part has a name, as `URLSearchParams` writes it; ValueError."""
    if not _QUERY.fullmatch(value):
        raise ValueError("不是有效的筛选条件")
    if value:
        try:
            parts = parse_qsl(
                value,
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError as e:
            raise ValueError("不是有效的筛选条件") from e
        if any(not name or _CONTROL.search(name + text) for name, text in parts):
            raise ValueError("不是有效的筛选条件")
    return value


def may_change(*, maker: bool, office_id: int | None, offices: frozenset[int]) -> bool:
    """An own view is changed by its maker, a shared one by whoever works in its office."""
    return maker if office_id is None else office_id in offices
