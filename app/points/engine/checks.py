"""What the parts of a ruleset may not say against each other, each fault with its place and in Chinese."""

from typing import Any

from app.duty.kinds import KINDS
from app.people.models import Post
from app.points.engine.ruleset import Rule, Ruleset, ScoreBoard, ScoreGroup, Selector, dimension

#: Ids of lines that are no rule's.
_TAKEN = ("base", "part_year", "hidden")

#: Where something is in a ruleset: names and places, from the top.
Place = tuple[str | int, ...]
Fault = tuple[Place, str]


def disagreements(ruleset: Ruleset) -> list[Fault]:
    """What is wrong between the parts of a ruleset whose every part is right: where, and why in Chinese."""
    groups: list[tuple[Place, Rule | ScoreGroup]] = [
        (("groups", n), one) for n, one in enumerate(ruleset.groups)
    ]
    rules: list[tuple[Place, Rule | ScoreGroup]] = [
        (("rules", n), one) for n, one in enumerate(ruleset.rules)
    ]
    above = {group.id: group.group for group in ruleset.groups}
    found = [
        *_repeated(groups + rules),
        *(fault for part in ("minimums", "scales", "boards") for fault in _repeated(_placed(ruleset, part))),
        *_of_boards(ruleset.boards),
        *_without_minimums(ruleset),
        *_of_selectors(ruleset),
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


def _of_boards(boards: list[ScoreBoard]) -> list[Fault]:
    found: list[Fault] = []
    listed: set[Post] = set()
    for n, board in enumerate(boards):
        if twice := listed & set(board.posts):
            found.append((("boards", n, "posts"), f"职务“{min(twice)}”已在另一个榜上"))
        listed |= set(board.posts)
    if missing := set(Post) - listed:
        found.append((("boards",), f"职务“{min(missing)}”不在任何榜上"))
    return found


def _without_minimums(ruleset: Ruleset) -> list[Fault]:
    """What waits for minimum duties where there are none."""
    if ruleset.minimums:
        return []
    parts: list[tuple[Place, Any]] = [*_placed(ruleset, "groups"), *_placed(ruleset, "rules")]
    parts += [
        (("scales", n, "bands", m), band)
        for n, scale in enumerate(ruleset.scales)
        for m, band in enumerate(scale.bands)
    ]
    why = "本办法没有基本要求（minimums）"
    return [((*place, "needs_minimums"), why) for place, part in parts if part.needs_minimums]


def _of_selectors(ruleset: Ruleset) -> list[Fault]:
    """Forms and outcomes that no record of the kinds beside them can have."""
    chosen: list[tuple[Place, Selector]] = [*_placed(ruleset, "rules"), *_placed(ruleset, "minimums")]
    chosen += [
        (("rules", n, "out_of"), rule.out_of)
        for n, rule in enumerate(ruleset.rules)
        if rule.out_of is not None
    ]
    found: list[Fault] = []
    for place, one in chosen:
        forms = {form for kind in one.kinds for form in KINDS[kind].forms}
        labels = "、".join(KINDS[kind].label for kind in one.kinds)
        found += [
            ((*place, "forms", n), f"“{labels}”没有形式“{form}”")
            for n, form in enumerate(one.forms)
            if form not in forms
        ]
        if one.became and not any(kind.startswith("proposal.") for kind in one.kinds):
            found.append(((*place, "became"), "became 只用于提案的履职类别"))
    return found


def _of_rule(rule: Rule) -> list[tuple[str, str]]:
    found = []
    if (rule.points is None) == (not rule.points_by):
        found.append(
            ("points" if rule.points is not None else "id", "points 和 points_by 要填一项，只填一项")
        )
    if rule.points_by and dimension(rule.points_by) is None:
        found.append(("points_by", "分值要按同一种代号分列：角色、层级、形式或提案结果"))
    if rule.out_of and (rule.points is None or rule.further is not None or rule.every > 1):
        found.append(("out_of", "按比例计分时只用 points"))
    if rule.full_if_none and not rule.out_of:
        found.append(("full_if_none", "full_if_none 只与 out_of 一起使用"))
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
