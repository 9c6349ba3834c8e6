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
