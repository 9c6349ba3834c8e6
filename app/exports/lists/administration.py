"""Lists of the administrators as Excel: their columns, and what their rows need to fit into cells."""

import json

from app.core.paging import PageRows
from app.exports.lists.tables import List, ListColumn

ACCOUNTS = List(
    "accounts",
    "账号",
    (
        ListColumn("编号", "id", 8),
        ListColumn("姓名", "name"),
        ListColumn("手机号码", "phone", 14),
        ListColumn("角色", "roles", 30),
        ListColumn("停用时间", "disabled_at", 17),
        ListColumn("锁定至", "locked_until", 17),
        ListColumn("须改密码", "must_change_password", 10),
        ListColumn("动态验证码", "second_factor", 10),
        ListColumn("开设时间", "created_at", 17),
    ),
)
AUDIT = List(
    "audit",
    "审计日志",
    (
        ListColumn("编号", "id", 10),
        ListColumn("时间", "at", 17),
        ListColumn("账号", "account_id", 8),
        ListColumn("姓名", "account_name"),
        ListColumn("操作", "action", 24),
        ListColumn("对象", "subject_type", 18),
        ListColumn("对象编号", "subject_id", 10),
        ListColumn("结果", "result", 8),
        ListColumn("地址", "address", 18),
        ListColumn("详情", "detail", 40),
        ListColumn("校验值", "hash", 66),
    ),
)


def named_roles(page: PageRows) -> PageRows:
    """Accounts whose roles are called as lists call them."""
    for row in page["items"]:
        row["roles"] = [{"name": role["role_label"]} for role in row["roles"]]
    return page


def written_details(page: PageRows) -> PageRows:
    """Entries with their details as JSON."""
    for row in page["items"]:
        row["detail"] = json.dumps(row["detail"], ensure_ascii=False)
    return page
