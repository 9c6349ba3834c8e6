"""The measures of acts of duty: each is one row, with its unit and its limits."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Measure(StrEnum):
    """What may be measured of an act."""

    PEOPLE = "people"
    MONEY = "money"
    JOBS = "jobs"
    VISITS = "visits"
    THINGS = "things"
    HOURS = "hours"
    WORDS = "words"


class MeasureRule(NamedTuple):
    """How a measure is called and written: amounts are whole, `per_unit` of them make one `unit`.

    An amount is a multiple of `step` and at most `most`; `words` are what a spreadsheet may call its column.
    """

    label: str
    unit: str
    most: int
    per_unit: int = 1
    step: int = 1
    words: tuple[str, ...] = ()


MEASURES = {
    Measure.PEOPLE: MeasureRule(
        "惠及群众", "人次", 1_000_000, words=("惠及人次", "服务人次", "受益人次", "人次")
    ),
    # stored in fen
    Measure.MONEY: MeasureRule(
        "资金", "元", 1_000_000_000_00, per_unit=100, words=("资金（元）", "金额", "金额（元）")
    ),
    Measure.JOBS: MeasureRule("提供岗位", "个", 100_000, words=("岗位", "岗位数", "就业岗位")),
    Measure.VISITS: MeasureRule("走访", "次", 10_000, words=("走访次数", "走访户数")),
    Measure.THINGS: MeasureRule("办成实事", "件", 10_000, words=("实事", "办实事", "实事件数")),
    # stored in minutes
    Measure.HOURS: MeasureRule(
        "服务时长", "小时", 10_000 * 60, per_unit=60, step=30, words=("时长", "小时数", "服务小时")
    ),
    Measure.WORDS: MeasureRule("字数", "字", 1_000_000, words=("篇幅",)),
}

#: Amounts by measure.
Amounts = Mapping[Measure, int]


def fault(measure: Measure, amount: int) -> str | None:
    """What is wrong with an amount; None when nothing is."""
    rule = MEASURES[measure]
    if not rule.step <= amount <= rule.most:
        return (
            f"“{rule.label}”应在 {number(measure, rule.step)} 到 {number(measure, rule.most)} {rule.unit}之间"
        )
    if amount % rule.step:
        return f"“{rule.label}”请按 {number(measure, rule.step)} {rule.unit}的整倍数填写"
    return None


def value(measure: Measure, amount: int) -> int | float:
    """An amount in units: 1250.5 of 125050 fen; a whole number where it is one."""
    whole, rest = divmod(amount, MEASURES[measure].per_unit)
    return whole if not rest else amount / MEASURES[measure].per_unit


def number(measure: Measure, amount: int) -> str:
    """An amount in units, in digits: 1,250.50 of 125050 fen."""
    units = value(measure, amount)
    if isinstance(units, int):
        return f"{units:,}"
    return f"{units:,.2f}" if measure is Measure.MONEY else f"{units:,.1f}"


def written(measure: Measure, amount: int) -> dict[str, Any]:
    """An amount as `DutyMeasureOut`."""
    rule = MEASURES[measure]
    return {
        "measure": measure,
        "measure_label": rule.label,
        "amount": amount,
        "unit": rule.unit,
        "text": f"{number(measure, amount)} {rule.unit}",
    }


def all_written(amounts: Mapping[Any, int]) -> list[dict[str, Any]]:
    """Amounts as `DutyMeasureOut`, in the order of the measures."""
    return [written(measure, amounts[measure]) for measure in MEASURES if measure in amounts]
