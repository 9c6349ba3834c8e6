"""Rules and reasons in Chinese, made of their data: a line says what the engine did."""

from collections.abc import Sequence
from typing import Literal

from app.duty.kinds import KINDS
from app.points.engine.ruleset import (
    DIMENSIONS,
    MONTHS,
    Band,
    Limits,
    Minimum,
    Rule,
    Ruleset,
    ScoreGroup,
    dimension,
)

ONCE = {
    "year": "每年只计一次",
    "quarter": "每季度只计一次",
    "month": "每月只计一次",
    "day": "每天只计一次",
    "subject": "同一事项只计一次",
}
UNSCORED = "本办法没有为此类履职规定分值"
NOTHING_DUE = "没有应计入比例的记录，按满分计"


def amount(hundredths: int) -> str:
    """Points as people write them: 2, 1.5, −0.25."""
    return f"{hundredths / 100:g}".replace("-", "−")


def _points(points: float) -> str:
    return f"{points:g}分".replace("-", "−")


def unit(of: Rule | Minimum) -> str:
    """What a rule or a minimum duty counts."""
    if of.per == "quantity":
        return KINDS[of.kinds[0]].quantity_unit
    units = {KINDS[kind].record_unit for kind in of.kinds}
    return "次" if len(units) > 1 else units.pop()


def counted(count: int, of: str) -> str:
    """So many of a unit: 3次, 2个半天."""
    return f"{count}个{of}" if of == "半天" else f"{count}{of}"


def _times(rule: Rule) -> str:
    return f"每{unit(rule)}" if rule.every == 1 else f"每{counted(rule.every, unit(rule))}"


def rule(of: Rule) -> str:
    """What a rule gives, and how much at most."""
    if of.out_of is not None:
        given = f"满分{_points(of.points or 0)}，按比例计" + (
            "，没有应计的按满分计" if of.full_if_none else ""
        )
    elif of.points_by:
        labels = DIMENSIONS[dimension(of.points_by) or "role"]
        given = _times(of) + "，".join(
            f"{labels[code]}{_points(points)}" for code, points in of.points_by.items()
        )
    elif of.further is not None:
        each = unit(of)
        given = (
            f"前{counted(of.first, each)}每{each}{_points(of.points or 0)}，之后每{each}{_points(of.further)}"
        )
    else:
        given = _times(of) + _points(of.points or 0)
    return "，".join([given, *limits(of)])


def limits(of: Limits) -> list[str]:
    """The limits of a rule or group."""
    said = [ONCE[of.once]] if of.once else []
    if of.at_most_count is not None:
        said.append(f"最多计{of.at_most_count}次")
    if of.at_most is not None:
        said.append(f"最多计{_points(of.at_most)}")
    if of.at_least is not None:
        said.append(f"最少计{_points(of.at_least)}")
    if of.needs_minimums:
        said.append("完成全部基本要求后才计分")
    return said


def base(points: float, of: Limits | None = None) -> str:
    """What base points are given, and what they wait for."""
    return f"基础分{_points(points)}" + ("，完成全部基本要求后才计分" if of and of.needs_minimums else "")


def waits(left: Sequence[str]) -> str:
    """Why what waits for the minimum duties does not count yet."""
    return f"完成全部基本要求后才计分，还差：{'、'.join(left)}"


def part_of_year(months: int) -> str:
    """Why of a year's points only a part is given."""
    return f"任职{months}个月，按全年的{months}/{MONTHS}计"


def converted(earned: int, months: int, *, whole: bool) -> str:
    """How points of a part of a year became those of a whole one; `whole`: nothing else makes up the score."""
    said = f"任职{months}个月，按全年{MONTHS}个月折算"
    return said if whole else f"{said}：只折算履职所得的{amount(earned)}分，基础分、按比例计的分和扣分不折算"


def not_full(of: Rule) -> str:
    """Why a record that only adds to the next full count gives nothing."""
    return f"{_times(of)}计一次分，此次未满"


def no_points(by: str, code: str | None) -> str:
    """Why a record of a code that a rule does not list gives nothing."""
    label = DIMENSIONS[by].get(code or "", "其他")
    return f"没有列出“{label}”的分值"


_TAKES = {
    "highest": "其中各项就高计一项",
    "highest_by_subject": "其中同一事项就高计一条",
}
_PART_YEAR = {
    "none": "任职不满一年的，不折算。",
    "score": "任职不满一年的，履职所得的分按任职月数折算，不足一个月按一个月计；{stay}",
    "standards": "任职不满一年的，{due}合格线、分数等次和基本要求按任职月数折算，不足一个月按一个月计。",
}


def _group(of: ScoreGroup) -> str:
    said = [f"基础分{_points(of.base)}"] if of.base else []
    said += [_TAKES[of.take]] if of.take in _TAKES else []
    return "，".join(said + limits(of))


_DIVIDED: dict[Literal["sector", "committee"], str] = {
    "sector": "“{}”榜按界别分别排名。",
    "committee": "“{}”榜按专委会分别排名；参加几个专委会的，等次按名次最好的一个定。",
}


def _band(of: Band) -> str:
    """A band, and what it takes to be in it."""
    needs = [] if of.points is None else [f"不低于{_points(of.points)}"]
    needs += [] if of.top is None else [f"名次在前{of.top:g}%"]
    needs += [] if of.top_count is None else [f"前{of.top_count}名"]
    needs += ["完成全部基本要求"] * of.needs_minimums
    return f"{of.label}（{'，'.join(needs)}）" if needs else of.label


def _part_year(of: Ruleset) -> str:
    """How those are measured who held their seats for a part of the year."""
    based = bool(of.base) or any(group.base for group in of.groups)
    rated = any(rule.out_of for rule in of.rules)
    parts = "、".join(["基础分"] * based + ["按比例计的满分"] * rated)
    stay = f"{'、'.join(filter(None, [parts, '扣分']))}不折算。"
    return _PART_YEAR[of.part_year].format(stay=stay, due=f"{parts}、" if parts else "")


def formula(of: Ruleset) -> list[str]:
    """A ruleset in sentences, as it stands beside its board."""
    labels = {group.id: group.label for group in of.groups}
    text = [f"基础分{_points(of.base)}。"] if of.base else []
    for one in of.rules:
        within = f"（{labels[one.group]}）" if one.group else ""
        text.append(f"{one.label}{within}：{rule(one)}。")
    text += [f"{group.label}：{said}。" for group in of.groups if (said := _group(group))]
    if of.at_most is not None:
        text.append(f"总分最多计{_points(of.at_most)}。")
    text += [f"基本要求：{one.label}，全年至少{counted(one.count, unit(one))}。" for one in of.minimums]
    if of.pass_mark is not None:
        text.append(f"合格线为{_points(of.pass_mark)}。")
    text += [f"{scale.label}：{'；'.join(map(_band, scale.bands))}。" for scale in of.scales]
    text += [_DIVIDED[board.by].format(board.label) for board in of.boards if board.by]
    text.append(_part_year(of))
    return [*text, "得分相同名次并列；只排本年度在任的委员，年度未结束时不排已离任的委员。"]
