"""The sheets of projects and deeds."""

from app.duty.kinds import KINDS
from app.duty.measures.rules import MEASURES
from app.exports.lists.tables import List, ListColumn
from app.projects.rules import DEED

PROJECTS = List(
    "projects",
    "办实事项目",
    (
        ListColumn("项目名称", "title", 40),
        ListColumn("活动名称", "campaign", 16),
        ListColumn("承担单位", "body", 24),
        ListColumn("牵头委员", "leader"),
        ListColumn("地点", "place", 24),
        ListColumn("实施计划", "plan", 50),
        ListColumn("开始日期", "starts_on"),
        ListColumn("截止日期", "ends_on"),
        ListColumn("状态", "state_label"),
        ListColumn("总结", "summary", 50),
    ),
)
DEEDS = List(
    "deeds",
    "办实事清单",
    (
        ListColumn("实事", "title", 40),
        ListColumn("服务类型", "form_label"),
        ListColumn("日期", "on"),
        ListColumn("地点", "place", 24),
        ListColumn("项目", "project", 40),
        ListColumn("活动名称", "campaign", 16),
        ListColumn("参加委员", "members", 30),
        ListColumn("成效", "measures", 40),
    ),
)
DEED_MEMBERS = List(
    "deed_members",
    "办实事委员",
    (
        ListColumn("姓名", "name"),
        ListColumn("界别", "sector", 20),
        ListColumn("办成实事", "deeds", 10),
    ),
)
DEED_FIGURES = List(
    "deed_figures",
    "办实事统计",
    (
        ListColumn("名称", "label", 24),
        ListColumn("实事", "deeds", 10),
        ListColumn("参加委员", "members", 10),
        *(
            ListColumn(f"{rule.label}（{rule.unit}）", measure, 14)
            for measure, rule in MEASURES.items()
            if measure in KINDS[DEED].measures
        ),
    ),
)
