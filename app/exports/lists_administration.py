"""Lists of the administrators as Excel: their columns, and what their rows need to fit into cells."""

import json

from app.core.paging import PageRows
from app.exports.lists import Column, List

ACCOUNTS = List(
    "accounts",
    "账号",
    (
        Column("编号", "id", 8),
        Column("姓名", "name"),
        Column("手机号码", "phone", 14),
        Column("角色", "roles", 30),
        Column("停用时间", "disabled_at", 17),
        Column("锁定至", "locked_until", 17),
        Column("须改密码", "must_change_password", 10),
        Column("动态验证码", "second_factor", 10),
        Column("开设时间", "created_at", 17),
    ),
)
AUDIT = List(
    "audit",
    "审计日志",
    (
        Column("编号", "id", 10),
        Column("时间", "at", 17),
        Column("账号", "account_id", 8),
        Column("姓名", "account_name"),
        Column("操作", "action", 24),
        Column("对象", "subject_type", 18),
        Column("对象编号", "subject_id", 10),
        Column("结果", "result", 8),
        Column("地址", "address", 18),
        Column("详情", "detail", 40),
        Column("校验值", "hash", 66),
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
