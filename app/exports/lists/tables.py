"""Lists as Excel: their rows as their own routes read them, their columns as data."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from io import BytesIO
from operator import getitem
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.core.errors import Invalid
from app.core.excel.writer import TableOut, write_tables
from app.core.paging import PageRows

#: Rows of a sheet, and rows read at a time.
MOST, AT_ONCE = 50_000, 500

#: A page of a list from a cursor on, as the list's own route reads it.
Pages = Callable[[Connection, str | None], PageRows]


def every(conn: Connection, pages: Pages) -> Iterator[dict[str, Any]]:
    """The rows of all pages; `Invalid` when there are too many for a sheet."""
    cursor, count = None, 0
    while True:
        page = pages(conn, cursor)
        cursor, count = page["next"], count + len(page["items"])
        if count > MOST:
            raise Invalid(f"超过 {MOST} 行，请缩小范围后再导出。", code="too_many_rows")
        yield from page["items"]
        if cursor is None:
            return


class ListColumn(NamedTuple):
    """One column; `value` is a field of the row, or a path of fields with dots; `width` is in characters."""

    header: str
    value: str
    width: int = 12


@dataclass(frozen=True)
class List:
    """A list as a sheet: what the audit log calls it, its title, its columns."""

    name: str
    title: str
    columns: tuple[ListColumn, ...]

    def xlsx(self, rows: Iterable[Mapping[str, Any]], zone: str) -> tuple[bytes, int]:
        """The sheet, times in the zone of the organization, and how many rows it has."""
        out = BytesIO()
        columns = [(column.header, column.width) for column in self.columns]
        table = TableOut(self.title, columns, (self._cells(row, zone) for row in rows))
        count = write_tables(out, [table])
        return out.getvalue(), count

    def _cells(self, row: Mapping[str, Any], zone: str) -> list[Any]:
        return [_cell(reduce(getitem, column.value.split("."), row), zone) for column in self.columns]


def _cell(value: Any, zone: str) -> Any:
    match value:
        case bool():
            return "是" if value else None
        case datetime():
            return value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        case list():
            return "、".join(
                item["name"] if "name" in item else f"{item['measure_label']} {item['text']}"
                for item in value
            )
        case _:
            return value


_AUTHOR = (
    ListColumn("姓名", "author_name"),
    ListColumn("职务", "author_post_label"),
    ListColumn("界别", "author_sector", 20),
)

PROPOSALS = List(
    "proposals",
    "提案",
    (
        ListColumn("编号", "number", 8),
        ListColumn("案由", "title", 50),
        *_AUTHOR,
        ListColumn("联名人数", "cosigner_count", 10),
        ListColumn("形式", "kind_label"),
        ListColumn("提出单位", "body_name", 20),
        ListColumn("提出时间", "period_label", 10),
        ListColumn("类别", "category"),
        ListColumn("届次", "window_name", 18),
        ListColumn("状态", "state_label"),
        ListColumn("重点提案", "is_key", 10),
        ListColumn("优秀提案", "is_commended", 10),
        ListColumn("提交时间", "submitted_at", 17),
        ListColumn("立案时间", "filed_at", 17),
        ListColumn("答复时间", "replied_at", 17),
        ListColumn("办理结果", "result_class_label", 16),
        ListColumn("办结时间", "closed_at", 17),
    ),
)
OPINIONS = List(
    "opinions",
    "社情民意信息",
    (
        ListColumn("题目", "title", 50),
        *_AUTHOR,
        ListColumn("状态", "state_label"),
        ListColumn("层级", "tier_label"),
        ListColumn("批示数", "comment_count", 10),
        ListColumn("提交时间", "submitted_at", 17),
        ListColumn("签发时间", "issued_at", 17),
    ),
)
FINDINGS = List(
    "findings",
    "意见建议",
    (
        ListColumn("建议", "body", 50),
        ListColumn("来源", "source_label"),
        ListColumn("议题或活动", "source_title", 30),
        ListColumn("条款", "clause"),
        ListColumn("提出委员", "authors", 20),
        ListColumn("答复单位", "unit", 20),
        ListColumn("状态", "state_label"),
        ListColumn("是否采纳", "fate_label", 10),
        ListColumn("理由", "reason", 30),
        ListColumn("落实情况", "result", 30),
        ListColumn("登记时间", "created_at", 17),
        ListColumn("反馈时间", "released_at", 17),
    ),
)
OUTPUTS = List(
    "outputs",
    "成果件",
    (
        ListColumn("类别", "kind_label"),
        ListColumn("文号", "number_label", 22),
        ListColumn("标题", "title", 50),
        ListColumn("署名委员", "authors", 24),
        ListColumn("署名单位", "body_name", 20),
        ListColumn("状态", "state_label"),
        ListColumn("印发日期", "issued_on"),
        ListColumn("批示数", "comment_count", 10),
        ListColumn("发布给委员", "released", 12),
        ListColumn("起草时间", "created_at", 17),
    ),
)
CASES = List(
    "cases",
    "履职呼叫和问题",
    (
        ListColumn("题目", "title", 40),
        ListColumn("内容", "body", 50),
        ListColumn("类型", "kind_label"),
        ListColumn("反映人", "reporter"),
        ListColumn("企业", "company", 30),
        ListColumn("问题类别", "problem_class_label"),
        ListColumn("状态", "state_label"),
        ListColumn("办理单位", "unit", 20),
        ListColumn("答复期限", "due_on"),
        ListColumn("答复", "answer", 50),
        ListColumn("按期答复", "in_time", 10),
        ListColumn("评价", "judgement_label", 10),
        ListColumn("反映时间", "created_at", 17),
        ListColumn("答复时间", "answered_at", 17),
    ),
)
CONTACTS = List(
    "contacts",
    "联系对象",
    (
        ListColumn("联系委员", "member"),
        ListColumn("界别", "sector", 20),
        ListColumn("类别", "kind_label"),
        ListColumn("联系对象", "name", 24),
        ListColumn("地点", "place", 24),
        ListColumn("开始日期", "starts_on"),
        ListColumn("截止日期", "ends_on"),
        ListColumn("最近走访", "last_visited_on"),
    ),
)
COVERAGE = List(
    "coverage",
    "全覆盖走访",
    (
        ListColumn("名称", "label", 24),
        ListColumn("联系对象", "contacts"),
        ListColumn("已走访", "visited"),
        ListColumn("未走访", "unvisited"),
        ListColumn("走访率（%）", "rate"),
    ),
)
LEADERBOARD = List(
    "leaderboard",
    "热力榜",
    (
        ListColumn("名次", "rank", 8),
        ListColumn("姓名", "seat.name"),
        ListColumn("职务", "seat.post_label"),
        ListColumn("界别", "seat.sector", 20),
        ListColumn("热力", "heat", 10),
        ListColumn("议题意见", "parts.opinions", 10),
        ListColumn("回复", "parts.replies", 10),
        ListColumn("动态", "parts.updates", 10),
        ListColumn("回应人数", "parts.echoes", 10),
    ),
)
MEMBERS = List(
    "members",
    "委员名册",
    (
        ListColumn("委员编号", "number"),
        ListColumn("姓名", "name"),
        ListColumn("性别", "gender", 6),
        ListColumn("出生日期", "born_on"),
        ListColumn("界别", "sector", 20),
        ListColumn("专委会", "committees", 30),
        ListColumn("职务", "post_label"),
        ListColumn("工作单位及职务", "employer", 30),
        ListColumn("手机号码", "phone", 14),
        ListColumn("任职起", "starts_on"),
        ListColumn("任职止", "ends_on"),
        ListColumn("离任方式", "end_kind_label"),
        ListColumn("离任依据", "end_paper", 24),
    ),
)
ACTIVITIES = List(
    "activities",
    "会议活动",
    (
        ListColumn("名称", "title", 50),
        ListColumn("类别", "kind_label"),
        ListColumn("开始", "starts_at", 17),
        ListColumn("结束", "ends_at", 17),
        ListColumn("地点", "place", 24),
        ListColumn("议事场所", "venue", 24),
        ListColumn("半天数", "half_days", 8),
        ListColumn("必须参加", "must_attend", 10),
        ListColumn("取消时间", "cancelled_at", 17),
    ),
)
ATTENDANCE = List(
    "attendance",
    "出席情况",
    (
        ListColumn("姓名", "name"),
        ListColumn("职务", "post_label"),
        ListColumn("界别", "sector", 20),
        ListColumn("情况", "state_label"),
        ListColumn("半天数", "half_days", 8),
        ListColumn("请假原因", "reason", 30),
        ListColumn("登记时间", "decided_at", 17),
    ),
)
SEATING = List(
    "seating",
    "会场座次",
    (
        ListColumn("排", "row", 6),
        ListColumn("座", "chair", 6),
        ListColumn("姓名", "name"),
        ListColumn("界别", "sector", 20),
        ListColumn("职务", "post_label"),
    ),
)
RECORDS = List(
    "records",
    "履职档案",
    (
        ListColumn("日期", "on"),
        ListColumn("事项", "kind_label", 20),
        ListColumn("内容", "title", 50),
        ListColumn("角色", "role_label"),
        ListColumn("数量", "quantity", 8),
        ListColumn("单位", "unit", 8),
        ListColumn("成效", "measures", 30),
        ListColumn("层级", "level_label"),
        ListColumn("来源", "source_label"),
        ListColumn("备注", "note", 30),
    ),
)
