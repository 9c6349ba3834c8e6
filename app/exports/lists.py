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
from app.core.paging import PageRows
from app.core.sheet_writer import TableOut, write_tables

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


class Column(NamedTuple):
    """One column; `value` is a field of the row, or a path of fields with dots; `width` is in characters."""

    header: str
    value: str
    width: int = 12


@dataclass(frozen=True)
class List:
    """A list as a sheet: what the audit log calls it, its title, its columns."""

    name: str
    title: str
    columns: tuple[Column, ...]

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
            return "、".join(item["name"] for item in value)
        case _:
            return value


_AUTHOR = (
    Column("姓名", "author_name"),
    Column("职务", "author_post_label"),
    Column("界别", "author_sector", 20),
)

PROPOSALS = List(
    "proposals",
    "提案",
    (
        Column("编号", "number", 8),
        Column("案由", "title", 50),
        *_AUTHOR,
        Column("联名人数", "cosigner_count", 10),
        Column("形式", "kind_label"),
        Column("提出单位", "body_name", 20),
        Column("提出时间", "period_label", 10),
        Column("类别", "category"),
        Column("届次", "window_name", 18),
        Column("状态", "state_label"),
        Column("重点提案", "is_key", 10),
        Column("优秀提案", "is_commended", 10),
        Column("提交时间", "submitted_at", 17),
        Column("立案时间", "filed_at", 17),
        Column("答复时间", "replied_at", 17),
        Column("办理结果", "result_class_label", 16),
        Column("办结时间", "closed_at", 17),
    ),
)
OPINIONS = List(
    "opinions",
    "社情民意信息",
    (
        Column("题目", "title", 50),
        *_AUTHOR,
        Column("状态", "state_label"),
        Column("层级", "tier_label"),
        Column("批示数", "comment_count", 10),
        Column("提交时间", "submitted_at", 17),
        Column("签发时间", "issued_at", 17),
    ),
)
LEADERBOARD = List(
    "leaderboard",
    "热力榜",
    (
        Column("名次", "rank", 8),
        Column("姓名", "seat.name"),
        Column("职务", "seat.post_label"),
        Column("界别", "seat.sector", 20),
        Column("热力", "heat", 10),
        Column("议题意见", "parts.opinions", 10),
        Column("回复", "parts.replies", 10),
        Column("动态", "parts.updates", 10),
        Column("回应人数", "parts.echoes", 10),
    ),
)
MEMBERS = List(
    "members",
    "委员名册",
    (
        Column("委员编号", "number"),
        Column("姓名", "name"),
        Column("性别", "gender", 6),
        Column("出生日期", "born_on"),
        Column("界别", "sector", 20),
        Column("专委会", "committees", 30),
        Column("职务", "post_label"),
        Column("工作单位及职务", "employer", 30),
        Column("手机号码", "phone", 14),
        Column("任职起", "starts_on"),
        Column("任职止", "ends_on"),
        Column("离任方式", "end_kind_label"),
        Column("离任依据", "end_paper", 24),
    ),
)
ACTIVITIES = List(
    "activities",
    "会议活动",
    (
        Column("名称", "title", 50),
        Column("类别", "kind_label"),
        Column("开始", "starts_at", 17),
        Column("结束", "ends_at", 17),
        Column("地点", "place", 24),
        Column("半天数", "half_days", 8),
        Column("必须参加", "must_attend", 10),
        Column("取消时间", "cancelled_at", 17),
    ),
)
ATTENDANCE = List(
    "attendance",
    "出席情况",
    (
        Column("姓名", "name"),
        Column("职务", "post_label"),
        Column("界别", "sector", 20),
        Column("情况", "state_label"),
        Column("半天数", "half_days", 8),
        Column("请假原因", "reason", 30),
        Column("登记时间", "decided_at", 17),
    ),
)
RECORDS = List(
    "records",
    "履职档案",
    (
        Column("日期", "on"),
        Column("事项", "kind_label", 20),
        Column("内容", "title", 50),
        Column("角色", "role_label"),
        Column("数量", "quantity", 8),
        Column("单位", "unit", 8),
        Column("层级", "level_label"),
        Column("来源", "source_label"),
        Column("备注", "note", 30),
    ),
)
