"""Rules and reasons in Chinese, made of their data: a line says what the engine did."""

from app.duty.kinds import KINDS
from app.points.ruleset import DIMENSIONS, Limits, Rule

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


def _unit(rule: Rule) -> str:
    if rule.per == "quantity":
        return _QUANTITIES.get(rule.kinds[0], KINDS[rule.kinds[0]].unit)
    units = {KINDS[kind].unit for kind in rule.kinds}
    return "次" if len(units) > 1 or rule.kinds[0] == "reading.logged" else units.pop()


def _times(rule: Rule) -> str:
    return f"每{_unit(rule)}" if rule.every == 1 else f"每{rule.every}{_unit(rule)}"


def rule(of: Rule) -> str:
    """What a rule gives, and how much at most."""
    if of.out_of is not None:
        given = f"满分{_points(of.points or 0)}，按比例计"
    elif of.points_by:
        labels = {code: label for codes in DIMENSIONS.values() for code, label in codes.items()}
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


def no_points(dimension: str, code: str | None) -> str:
    """Why a record of a code that a rule does not list gives nothing."""
    label = DIMENSIONS[dimension].get(code or "", "其他")
    return f"没有列出“{label}”的分值"
