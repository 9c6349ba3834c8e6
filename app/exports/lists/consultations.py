"""Lists of consultations as sheets."""

from app.exports.lists.tables import List, ListColumn

VENUES = List(
    "venues",
    "议事场所",
    (
        ListColumn("上级场所", "parent", 24),
        ListColumn("名称", "name", 28),
        ListColumn("层级", "level_label"),
        ListColumn("类别", "kind_label", 16),
        ListColumn("地点", "place", 28),
        ListColumn("召集人", "convener"),
        ListColumn("开放时间", "opening_hours", 20),
        ListColumn("对外公开", "is_public", 10),
        ListColumn("派驻人数", "members", 10),
        ListColumn("全年目标", "target", 10),
        ListColumn("已协商", "held", 10),
        ListColumn("关闭日期", "closed_on"),
    ),
)
VENUE_FIGURES = List(
    "venue_figures",
    "议事场所协商情况",
    (
        ListColumn("层级", "label", 16),
        ListColumn("场所", "venues"),
        ListColumn("每个场所的目标", "target", 16),
        ListColumn("已达到", "reached"),
        ListColumn("未达到", "behind"),
    ),
)
MATTERS = List(
    "matters",
    "协商议题",
    (
        ListColumn("题目", "title", 40),
        ListColumn("内容", "body", 50),
        ListColumn("来源", "source_label"),
        ListColumn("提出人", "brought_by", 20),
        ListColumn("议事场所", "venue", 28),
        ListColumn("层级", "level_label"),
        ListColumn("状态", "state_label"),
        ListColumn("协商活动", "activity", 30),
        ListColumn("协商时间", "met_at", 17),
        ListColumn("是否解决", "solved", 10),
        ListColumn("结果", "result", 40),
        ListColumn("评价", "judgement_label", 10),
        ListColumn("公开时间", "released_at", 17),
        ListColumn("提出时间", "created_at", 17),
    ),
)
