"""A ruleset (积分规则): what gives points, how often, how much at most, and what it leads to, as data.

Written as YAML (`yaml_text.py`), kept as JSON, applied by `score.py`. `docs/rulesets.md` says how to write one.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.core.language.text import Input, Line, Title
from app.duty.forms import FORM_LABELS
from app.duty.kinds import KINDS
from app.duty.records import ROLE_LABELS, RecordRole
from app.people.models import LEVEL_LABELS, Level, Post
from app.proposals.lifecycle import OUTCOME_LABELS

#: Codes by which points may differ, each of one dimension.
DIMENSIONS: dict[str, dict[str, str]] = {
    "role": {role: label for role, label in ROLE_LABELS.items()},  # noqa: C416 - widens the type
    "level": {level.value: label for level, label in LEVEL_LABELS.items()},
    "form": FORM_LABELS,
    "became": OUTCOME_LABELS,
}
#: What a board may rank by itself.
BY_LABELS: dict[Literal["sector", "committee"], str] = {"sector": "界别", "committee": "专委会"}
MONTHS = 12


def _known(code: str, codes: dict[str, Any], what: str) -> str:
    if code not in codes:
        raise ValueError(f"没有{what}“{code}”，可填：{'、'.join(codes)}")
    return code


def _two_decimals(points: float) -> float:
    if round(points * 100) != round(points * 100, 6):
        raise ValueError("最多两位小数")
    return points


Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Points = Annotated[float, Field(ge=-10_000, le=10_000), AfterValidator(_two_decimals)]
Count = Annotated[int, Field(ge=1, le=1_000)]
Kind = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(lambda code: _known(code, KINDS, "履职类别")),
    Field(json_schema_extra={"enum": list(KINDS)}),
]
Form = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(lambda code: _known(code, FORM_LABELS, "形式")),
    Field(json_schema_extra={"enum": list(FORM_LABELS)}),
]
Outcome = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(lambda code: _known(code, OUTCOME_LABELS, "提案结果")),
    Field(json_schema_extra={"enum": list(OUTCOME_LABELS)}),
]
ByCode = Annotated[dict[Annotated[str, StringConstraints(max_length=40)], Points], Field(max_length=30)]


class _Part(Input):
    """Every part of a ruleset is as it was read."""

    model_config = ConfigDict(frozen=True)


class Selector(_Part):
    """Which records: all that are said must hold, a list holds what is one of it, an empty one everything."""

    kinds: list[Kind] = Field(min_length=1, max_length=30, description="履职类别，如 proposal.filed。")
    roles: list[RecordRole] = Field(
        default=[], max_length=2, description="角色：lead 主要承担，participant 参与。"
    )
    levels: list[Level] = Field(default=[], max_length=4, description="层级。")
    forms: list[Form] = Field(
        default=[], max_length=20, description="活动类型，或提案、信息、发言、服务的形式。"
    )
    became: list[Outcome] = Field(default=[], max_length=4, description="提案后来怎样，如 converted。")
    must_attend: bool | None = Field(default=None, description="是否要求必须参加的活动。")
    whole: bool | None = Field(default=None, description="是否全程参加（出席半天数等于活动半天数）。")


class Limits(_Part):
    """How much of what lies below is counted; the cut hits what gives least, of equals the latest."""

    once: Literal["year", "quarter", "month", "day", "subject"] | None = Field(
        default=None, description="在一年、一季、一月、一天内，或对同一事项，只计一次。"
    )
    at_most_count: Count | None = Field(default=None, description="最多计几次。")
    at_most: Points | None = Field(default=None, description="最多计多少分。")
    at_least: Points | None = Field(default=None, description="最少计多少分，如扣完为止填 0。")
    needs_minimums: bool = Field(default=False, description="完成全部基本要求后才计分；扣分照计。")


class Rule(Selector, Limits):
    """One rule: the records that it is about, and what each gives."""

    id: Code = Field(description="规则代号，在本办法内唯一。")
    label: Title = Field(description="规则名称。")
    clause: Line = Field(default="", description="办法原文。")
    group: Code | None = Field(default=None, description="所属分组。")
    posts: list[Post] = Field(default=[], max_length=5, description="只适用于这些职务。")
    points: Points | None = Field(default=None, description="每次多少分，扣分为负。")
    points_by: ByCode = Field(default={}, description="代替 points：按角色、层级或形式分列的分值。")
    further: Points | None = Field(default=None, description="超过 first 次之后，每次多少分。")
    first: Count = Field(default=1, description="前几次按 points 计。")
    per: Literal["record", "quantity"] = Field(
        default="record", description="按次计，或按数量（半天、分钟）计。"
    )
    every: Count = Field(default=1, description="每满几次或几个单位计一次分。")
    out_of: Selector | None = Field(
        default=None, description="points 为满分，按符合者占符合者与此项之和的比例计，如出勤率。"
    )
    full_if_none: bool = Field(default=False, description="out_of 的两项都没有记录的，按满分计。")


class ScoreGroup(Limits):
    """Rules and groups that share limits, of which perhaps only the highest counts."""

    id: Code = Field(description="分组代号，与规则代号不重复。")
    label: Title = Field(description="分组名称。")
    group: Code | None = Field(default=None, description="上一级分组。")
    base: Points = Field(default=0, description="基础分。")
    take: Literal["sum", "highest", "highest_by_subject"] = Field(
        default="sum", description="相加；只取最高的一项；或对同一事项只取最高的一条。"
    )


class Minimum(Selector):
    """A minimum duty: what every member is to do in the year."""

    id: Code = Field(description="要求代号。")
    label: Title = Field(description="要求名称，如 提交提案。")
    count: Count = Field(description="至少多少。")
    per: Literal["record", "quantity"] = Field(default="record", description="按次计，或按数量计。")
    posts: list[Post] = Field(default=[], max_length=5, description="只适用于这些职务。")
    full_year_only: bool = Field(default=False, description="只要求全年在任的委员。")
    advice: Line = Field(description="怎样做到，写给委员看。")


class Band(_Part):
    """One band of a scale; the last one holds everybody else."""

    label: Title = Field(description="等次名称。")
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")] | None = Field(
        default=None, description="颜色，如 #c0392b。"
    )
    points: Points | None = Field(default=None, description="不低于多少分。")
    top: Annotated[float, Field(gt=0, le=100)] | None = Field(default=None, description="名次在前百分之几。")
    top_count: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        default=None, description="名次在前几名；并列的都算。"
    )
    needs_minimums: bool = Field(default=False, description="须完成全部基本要求。")


class Scale(_Part):
    """Bands from the best down: by points, by the best share or number of a board, or by several of them."""

    id: Code = Field(description="代号。")
    label: Title = Field(description="名称，如 年度等次。")
    bands: list[Band] = Field(min_length=1, max_length=20, description="从高到低。")


class ScoreBoard(_Part):
    """A board of its own for some posts."""

    id: Code = Field(description="榜单代号。")
    label: Title = Field(description="榜单名称。")
    posts: list[Post] = Field(min_length=1, max_length=5, description="列入的职务。")
    by: Literal["sector", "committee"] | None = Field(
        default=None, description="按界别或专委会分别排名；不填为一起排名。"
    )


class Ruleset(_Part):
    """The rules of one organization for one duty year."""

    name: Title = Field(description="办法名称。")
    source: Line = Field(default="", description="依据的文件。")
    year_starts: (
        Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$")] | None
    ) = Field(
        default=None, description="本办法所依据的年度起始日（月-日），须与本组织的履职年度一致；可以不填。"
    )
    part_year: Literal["none", "score", "standards"] = Field(
        default="standards", description="任职不满一年：不折算；总分按月折算；或合格线与分数等次按月折算。"
    )
    base: Points = Field(default=0, description="基础分。")
    at_most: Points | None = Field(default=None, description="总分最多。")
    at_least: Points | None = Field(default=None, description="总分最少。")
    pass_mark: Points | None = Field(default=None, description="合格线。")
    groups: list[ScoreGroup] = Field(default=[], max_length=50, description="分组。")
    rules: list[Rule] = Field(min_length=1, max_length=200, description="规则。")
    minimums: list[Minimum] = Field(default=[], max_length=30, description="基本要求。")
    scales: list[Scale] = Field(default=[], max_length=10, description="等次与颜色。")
    boards: list[ScoreBoard] = Field(min_length=1, max_length=10, description="榜单；每个职务只在一个榜上。")

    def labels(self) -> dict[str, str]:
        """What groups and rules are called, by id, in the order of a score's lines."""
        return {group.id: group.label for group in self.groups} | {rule.id: rule.label for rule in self.rules}


def dimension(points_by: dict[str, float]) -> str | None:
    """The dimension that codes belong to; None when they belong to none, or to several."""
    return next((name for name, codes in DIMENSIONS.items() if points_by.keys() <= codes.keys()), None)
