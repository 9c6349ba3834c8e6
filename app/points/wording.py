"""Rules and reasons in Chinese, made of their data: a line says what the engine did."""

from app.duty.kinds import KINDS
from app.points.ruleset import DIMENSIONS, Group, Limits, Rule, Ruleset, dimension

ONCE = {
    "year": "每年只计一次",
    "quarter": "每季度只计一次",
    "month": "每月只计一次",
    "day": "每天只计一次",
    "subject": "同一事项只计一次",
}
UNSCORED = "本办法没有为此类履职规定分值"
_QUANTITIES = {"activity.attended": "半天"}


def amount(hundredths: int) -> str:
    """Points as people write them: 2, 1.5, −0.25."""
    return f"{hundredths / 100:g}".replace("-", "−")


def _points(points: float) -> str:
    return f"{points:g}分".replace("-", "−")


def quantity_unit(kind: str) -> str:
    """What the quantity of a kind counts."""
    return _QUANTITIES.get(kind, KINDS[kind].unit)


def _unit(rule: Rule) -> str:
    if rule.per == "quantity":
        return quantity_unit(rule.kinds[0])
    units = {KINDS[kind].unit for kind in rule.kinds}
    return "次" if len(units) > 1 or rule.kinds[0] == "reading.logged" else units.pop()


def _times(rule: Rule) -> str:
    return f"每{_unit(rule)}" if rule.every == 1 else f"每{rule.every}{_unit(rule)}"


def rule(of: Rule) -> str:
    """What a rule gives, and how much at most."""
    if of.out_of is not None:
        given = f"满分{_points(of.points or 0)}，按比例计"
    elif of.points_by:
        labels = DIMENSIONS[dimension(of.points_by) or "role"]
        given = _times(of) + "，".join(
            f"{labels[code]}{_points(points)}" for code, points in of.points_by.items()
        )
    elif of.further is not None:
        unit = _unit(of)
        given = f"前{of.first}{unit}每{unit}{_points(of.points or 0)}，之后每{unit}{_points(of.further)}"
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
    return said


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
    "score": "任职不满一年的，总分按任职月数折算，不足一个月按一个月计。",
    "standards": "任职不满一年的，合格线、分数等次和基本要求按任职月数折算，不足一个月按一个月计。",
}


def _group(of: Group) -> str:
    said = [f"基础分{_points(of.base)}"] if of.base else []
    said += [_TAKES[of.take]] if of.take in _TAKES else []
    return "，".join(said + limits(of))


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
    text += [
        f"基本要求：{one.label}，全年至少{one.count}{'' if one.per == 'quantity' else '次'}。"
        for one in of.minimums
    ]
    if of.pass_mark is not None:
        text.append(f"合格线为{_points(of.pass_mark)}。")
    text.append(_PART_YEAR[of.part_year])
    return [*text, "得分相同名次并列；只排本年度在任的委员，年度未结束时不排已离任的委员。"]
