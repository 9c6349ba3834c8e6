"""When two persons of one name may be one."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple


class Known(NamedTuple):
    """What is known of a person: day of birth, E.164 phone, terms with a seat."""

    born_on: date | None
    phone: str
    terms: Collection[int]


def why_one(a: Known, b: Known) -> str | None:
    """Why two persons of the same name may be one, in Chinese; None when they are two for sure."""
    if a.born_on and b.born_on:
        return "姓名和出生日期相同" if a.born_on == b.born_on else None
    if _nearly(a.phone, b.phone):
        return "姓名相同，手机号码只差一位"
    if not set(a.terms) & set(b.terms):
        return "姓名相同，没有在同一届任职，可能是换了手机号码"
    return "姓名相同，在同一届任职，请核对是不是两个人"


def _nearly(a: str, b: str) -> bool:
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
