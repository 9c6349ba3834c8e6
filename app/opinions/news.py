"""The sentences by which authors hear of their reports."""

from app.opinions.lifecycle import TIER_LABELS, OpinionAction, Tier

#: Steps of which authors hear, when others take them.
STEPS = {
    OpinionAction.START_EDITING: "进入编辑",
    OpinionAction.RETURN: "请您修改：{reason}",
    OpinionAction.SHELVE: "留存备查：{reason}",
    OpinionAction.COMBINE: "已编入综合信息《{other}》",
    OpinionAction.RELEASE: "已移出综合信息《{other}》：{reason}",
    OpinionAction.ISSUE: "已由{tier}签发",
    OpinionAction.FORWARD: "已转送{tier}",
    OpinionAction.ADOPT: "被{tier}采用",
    OpinionAction.COMMENT: "获{leader}批示",
    OpinionAction.UNDO: "的“{undone}”已撤销：{reason}",
}


def of_step(
    action: OpinionAction,
    title: str,
    *,
    tier: Tier | None = None,
    through: str = "",
    **about: str | None,
) -> str:
    """A step was taken; `through` is the title of the combined report with which a report took it."""
    named = f"编入的综合信息《{through}》" if through else ""
    sentence = STEPS[action].format(tier=TIER_LABELS[tier] if tier else "", **about)
    return f"信息《{title}》{named}{sentence}"
