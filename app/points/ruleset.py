"""A ruleset (积分规则): what gives points, how often, how much at most, and what it leads to, as data.

Written as YAML (`ruleset_text.py`), kept as JSON, applied by `engine.py`. `docs/rulesets.md` says how to write one.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from app.activities.rules import KIND_LABELS as ACTIVITY_KINDS
from app.core.text import Input, Line, Title
from app.duty.kinds import KINDS, ROLE_LABELS, RecordRole
from app.opinions.lifecycle import KIND_LABELS as OPINION_KINDS
from app.people.models import LEVEL_LABELS, Level, Post
from app.proposals.rules import KIND_LABELS as PROPOSAL_KINDS

#: What the subject of a record is: the kind of an activity, a proposal or an opinion report.
FORMS: dict[str, str] = {
    str(code): label for of in (ACTIVITY_KINDS, PROPOSAL_KINDS, OPINION_KINDS) for code, label in of.items()
}
#: Codes by which points may differ, each of one dimension.
DIMENSIONS: dict[str, dict[str, str]] = {
    "role": {role: label for role, label in ROLE_LABELS.items()},  # noqa: C416 - widens the type
    "level": {level.value: label for level, label in LEVEL_LABELS.items()},
    "form": FORMS,
}
MONTHS = 12
#: Ids of lines that are no rule's.
_TAKEN = ("base", "part_year", "hidden")


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
    AfterValidator(lambda code: _known(code, FORMS, "形式")),
    Field(json_schema_extra={"enum": list(FORMS)}),
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
    forms: list[Form] = Field(default=[], max_length=20, description="活动类型、提案形式或信息形式。")
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


class Group(Limits):
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
    needs_minimums: bool = Field(default=False, description="须完成全部基本要求。")


class Scale(_Part):
    """Bands from the best down: by points, by the share of a board that ranks above, or by both."""

    id: Code = Field(description="代号。")
    label: Title = Field(description="名称，如 年度等次。")
    bands: list[Band] = Field(min_length=1, max_length=20, description="从高到低。")


class Board(_Part):
    """A board of its own for some posts."""

    id: Code = Field(description="榜单代号。")
    label: Title = Field(description="榜单名称。")
    posts: list[Post] = Field(min_length=1, max_length=5, description="列入的职务。")


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
    groups: list[Group] = Field(default=[], max_length=50, description="分组。")
    rules: list[Rule] = Field(min_length=1, max_length=200, description="规则。")
    minimums: list[Minimum] = Field(default=[], max_length=30, description="基本要求。")
    scales: list[Scale] = Field(default=[], max_length=10, description="等次与颜色。")
    boards: list[Board] = Field(min_length=1, max_length=10, description="榜单；每个职务只在一个榜上。")

    def labels(self) -> dict[str, str]:
        """What groups and rules are called, by id, in the order of a score's lines."""
        return {group.id: group.label for group in self.groups} | {rule.id: rule.label for rule in self.rules}


#: Where something is in a ruleset: names and places, from the top.
Place = tuple[str | int, ...]
Fault = tuple[Place, str]


def dimension(points_by: dict[str, float]) -> str | None:
    """The dimension that codes belong to; None when they belong to none, or to several."""
    return next((name for name, codes in DIMENSIONS.items() if points_by.keys() <= codes.keys()), None)


def disagreements(ruleset: Ruleset) -> list[Fault]:
    """What is wrong between the parts of a ruleset whose every part is right: where, and why in Chinese."""
    groups: list[tuple[Place, Rule | Group]] = [(("groups", n), one) for n, one in enumerate(ruleset.groups)]
    rules: list[tuple[Place, Rule | Group]] = [(("rules", n), one) for n, one in enumerate(ruleset.rules)]
    above = {group.id: group.group for group in ruleset.groups}
    found = [
        *_repeated(groups + rules),
        *(fault for part in ("minimums", "scales", "boards") for fault in _repeated(_placed(ruleset, part))),
        *_of_boards(ruleset.boards),
    ]
    for place, node in groups + rules:
        if node.group is not None and node.group not in above:
            found.append(((*place, "group"), f"没有分组“{node.group}”"))
        if node.at_most is not None and node.at_least is not None and node.at_most < node.at_least:
            found.append(((*place, "at_most"), "最多计分少于最少计分"))
        if node.id in _TAKEN:
            found.append(((*place, "id"), f"代号“{node.id}”另有用途"))
        if isinstance(node, Rule):
            found += [((*place, field), why) for field, why in _of_rule(node)]
        elif _in_circle(node.id, above):
            found.append(((*place, "group"), "分组互相包含"))
    return found


def _placed(ruleset: Ruleset, part: str) -> list[tuple[Place, Any]]:
    return [((part, n), one) for n, one in enumerate(getattr(ruleset, part))]


def _repeated(parts: list[tuple[Place, Any]]) -> list[Fault]:
    seen: set[str] = set()
    found: list[Fault] = []
    for place, part in parts:
        if part.id in seen:
            found.append(((*place, "id"), f"代号“{part.id}”重复"))
        seen.add(part.id)
    return found


def _of_boards(boards: list[Board]) -> list[Fault]:
    found: list[Fault] = []
    listed: set[Post] = set()
    for n, board in enumerate(boards):
        if twice := listed & set(board.posts):
            found.append((("boards", n, "posts"), f"职务“{min(twice)}”已在另一个榜上"))
        listed |= set(board.posts)
    if missing := set(Post) - listed:
        found.append((("boards",), f"职务“{min(missing)}”不在任何榜上"))
    return found


def _of_rule(rule: Rule) -> list[tuple[str, str]]:
    found = []
    if (rule.points is None) == (not rule.points_by):
        found.append(
            ("points" if rule.points is not None else "id", "points 和 points_by 要填一项，只填一项")
        )
    if rule.points_by and dimension(rule.points_by) is None:
        found.append(("points_by", "分值要按同一种代号分列：角色、层级或形式"))
    if rule.out_of and (rule.points is None or rule.further is not None or rule.every > 1):
        found.append(("out_of", "按比例计分时只用 points"))
    if rule.further is not None and (rule.points is None or rule.every > 1):
        found.append(("further", "further 只与 points 一起使用"))
    return found


def _in_circle(group: str, above: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = group
    while at is not None and at not in seen:
        seen.add(at)
        at = above.get(at)
    return at is not None
