"""The kinds of cases and the classes of companies' problems, as data."""

from enum import StrEnum
from typing import NamedTuple


class CaseKind(StrEnum):
    """What is reported."""

    CALL = "call"
    COMPANY = "company"
    VISIT = "visit"


class KindRule(NamedTuple):
    """What is known of a kind: its name, and whether it is a company's, with the class of its problem."""

    label: str
    of_company: bool = False


KINDS = {
    CaseKind.CALL: KindRule("履职呼叫"),
    CaseKind.COMPANY: KindRule("企业问题", of_company=True),
    CaseKind.VISIT: KindRule("走访发现的问题"),
}
KIND_LABELS = {kind: rule.label for kind, rule in KINDS.items()}


class ProblemClass(StrEnum):
    """What the problem of a company is about."""

    FINANCE = "finance"
    LABOUR = "labour"
    LAND = "land"
    POLICY = "policy"
    OTHER = "other"


PROBLEM_LABELS = {
    ProblemClass.FINANCE: "融资",
    ProblemClass.LABOUR: "用工",
    ProblemClass.LAND: "用地",
    ProblemClass.POLICY: "政策",
    ProblemClass.OTHER: "其他",
}


class Judgement(StrEnum):
    """What the reporter thinks of the answer."""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"


JUDGEMENT_LABELS = {
    Judgement.SATISFIED: "满意",
    Judgement.MOSTLY: "基本满意",
    Judgement.DISSATISFIED: "不满意",
}
