"""Pure rules of the figures of units: what is counted, which rates are made of it, who stands where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from app.auth.actor import Actor
from app.auth.permissions import Permission


class FigureName(StrEnum):
    """What is counted of a unit's work on the proposals of a period."""

    ASSIGNED = "assigned"
    ANSWERING = "answering"
    HELPING = "helping"
    REPLY_DUE = "reply_due"
    ON_TIME = "on_time"
    LATE = "late"
    ANSWERED = "answered"
    CONSULTED = "consulted"
    ASKED = "asked"
    ADOPTED = "adopted"
    COMMITMENTS_DUE = "commitments_due"
    COMMITMENTS_KEPT = "commitments_kept"
    COMMITMENTS_OVERDUE = "commitments_overdue"
    RATED = "rated"
    ATTITUDE_SATISFIED = "attitude_satisfied"
    ATTITUDE_BASICALLY = "attitude_basically"
    ATTITUDE_DISSATISFIED = "attitude_dissatisfied"
    RESULT_SATISFIED = "result_satisfied"
    RESULT_BASICALLY = "result_basically"
    RESULT_DISSATISFIED = "result_dissatisfied"


FIGURE_LABELS = {
    FigureName.ASSIGNED: "承办提案",
    FigureName.ANSWERING: "主办、分办",
    FigureName.HELPING: "会办",
    FigureName.REPLY_DUE: "到期或已答复",
    FigureName.ON_TIME: "按时答复",
    FigureName.LATE: "超期",
    FigureName.ANSWERED: "已答复提案人",
    FigureName.CONSULTED: "当面沟通",
    FigureName.ASKED: "建议条数",
    FigureName.ADOPTED: "采纳条数",
    FigureName.COMMITMENTS_DUE: "到期承诺",
    FigureName.COMMITMENTS_KEPT: "兑现承诺",
    FigureName.COMMITMENTS_OVERDUE: "逾期未兑现",
    FigureName.RATED: "评价人次",
    FigureName.ATTITUDE_SATISFIED: "态度满意",
    FigureName.ATTITUDE_BASICALLY: "态度基本满意",
    FigureName.ATTITUDE_DISSATISFIED: "态度不满意",
    FigureName.RESULT_SATISFIED: "结果满意",
    FigureName.RESULT_BASICALLY: "结果基本满意",
    FigureName.RESULT_DISSATISFIED: "结果不满意",
}

#: What single signers said: members who did not sign see how many, not of which proposals.
GRADES = frozenset(f for f in FigureName if f.startswith(("attitude_", "result_")))


@dataclass(frozen=True)
class Ratio:
    """A rate: the sum of `parts` of a whole; `apart`, a part whose share is shown by itself too."""

    label: str
    how: str
    parts: tuple[FigureName, ...]
    whole: FigureName
    apart: FigureName | None = None


Measure = Literal["on_time", "consultation", "adoption", "kept", "attitude", "result"]

_CONTENT = "评价满意和基本满意的人次 ÷ 评价人次；每位提案人、联名人以最近一次评价为准，提案办结后计入"
MEASURES: dict[Measure, Ratio] = {
    "on_time": Ratio(
        "办理及时率",
        "按时答复的提案 ÷ 已答复或答复期限已过的提案；经批准延期的以延长后的期限为准",
        (FigureName.ON_TIME,),
        FigureName.REPLY_DUE,
    ),
    "consultation": Ratio(
        "面商率",
        "以走访或座谈与提案人当面沟通过的提案 ÷ 已答复提案人的提案；提案人对沟通记录有异议的，核实属实后才计入",
        (FigureName.CONSULTED,),
        FigureName.ANSWERED,
    ),
    "adoption": Ratio(
        "采纳率",
        "采纳的建议条数 ÷ 提出的建议条数，以最近一次答复为准",
        (FigureName.ADOPTED,),
        FigureName.ASKED,
    ),
    "kept": Ratio(
        "落实率",
        "已兑现的承诺 ÷ 已了结或期限已过的承诺；说明理由延期的以新期限为准，重新办理后由新的答复代替的不计",
        (FigureName.COMMITMENTS_KEPT,),
        FigureName.COMMITMENTS_DUE,
    ),
    "attitude": Ratio(
        "态度满意率",
        _CONTENT,
        (FigureName.ATTITUDE_SATISFIED, FigureName.ATTITUDE_BASICALLY),
        FigureName.RATED,
        FigureName.ATTITUDE_BASICALLY,
    ),
    "result": Ratio(
        "结果满意率",
        _CONTENT,
        (FigureName.RESULT_SATISFIED, FigureName.RESULT_BASICALLY),
        FigureName.RATED,
        FigureName.RESULT_BASICALLY,
    ),
}

Counts = Mapping[FigureName, int]


def rate(counts: Counts, measure: Measure) -> Fraction | None:
    """A rate, exactly; None where there is nothing yet to judge by."""
    ratio = MEASURES[measure]
    whole = counts[ratio.whole]
    return Fraction(sum(counts[part] for part in ratio.parts), whole) if whole else None


def share_apart(counts: Counts, measure: Measure) -> Fraction | None:
    """The share of the part that is shown by itself."""
    ratio = MEASURES[measure]
    whole = counts[ratio.whole]
    return Fraction(counts[ratio.apart], whole) if ratio.apart and whole else None


def ranks(counts: Mapping[int, Counts], measure: Measure) -> dict[int, int]:
    """The rank of each unit that has the rate, highest first; ties share a rank, the next one counts them all."""
    rates = {unit: found for unit, each in counts.items() if (found := rate(each, measure)) is not None}
    first: dict[Fraction, int] = {}
    for place, each in enumerate(sorted(rates.values(), reverse=True), 1):
        first.setdefault(each, place)
    return {unit: first[each] for unit, each in rates.items()}


def sees_all_units(actor: Actor) -> bool:
    """The circle sees every unit; who only works for one sees its own beside the averages."""
    return actor.may(Permission.CIRCLE_READ)


def sees_grades(actor: Actor, unit_id: int) -> bool:
    """Who may see which proposals of a unit were rated how, as in their handling."""
    own = actor.may(Permission.PROPOSAL_HANDLE) and unit_id == actor.unit_id
    return own or actor.may(Permission.PROPOSAL_INSPECT)
