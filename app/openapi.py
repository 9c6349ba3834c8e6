"""The OpenAPI document: what FastAPI derives, made true where it cannot know.

Errors are problem documents; a route without a permission is public; the others say which roles hold theirs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.auth.actor import ACCESS_COOKIE, permission_of
from app.auth.permissions import GRANTS, ROLE_LABELS, Permission

DESCRIPTION = """
The duty platform of a political consultative conference (政协).

**Log in** by `POST /api/v1/auth/login`; programs send the access token as `Authorization: Bearer …`, browsers
get cookies (and unsafe methods must then come from the site's own pages). **Lists** are
`{"items": […], "next": cursor | null}`; pass `next` as `cursor`. **Errors** are `application/problem+json` with a
Chinese `detail` for the member and a stable `code` for programs; a thing that may not be seen is 404.
**Creating POSTs** take an `Idempotency-Key`; a retry with the same key is answered with the first answer.
**Edits of long texts** carry `If-Match` with the version; a stale one is 412 with the present text in `current`.
**Times** are RFC 3339 in UTC; local days (`…_on`) are `YYYY-MM-DD` in the organization's zone.
**Live**: `GET /api/v1/events?watch=…` is a stream of server-sent events that name what changed on what is watched.
"""

TAGS = {
    "议政圈": "The circle: updates of members, with pictures, support and replies.",
    "讨论": "Threads of replies under updates, topics and reading notes.",
    "网络议政": "Topics that staff open for a period, with background papers and an outcome report.",
    "组织设置": "What my organization may set, explained, with its history; and its duty years.",
    "提案": "Proposals: drafts with versions, co-signers, submission windows, review, track.",
    "来龙去脉": "Lineage: from a remark over reports and proposals to a result, with credit for all.",
    "社情民意": "Opinion reports: written by members, edited, combined, issued and adopted at a tier.",
    "线索": "Leads: what members, information officers and citizens hand in, for staff to make reports of.",
    "个人信息": "Personal data: the notice and consent, everything about oneself, requests to correct and erase.",
    "资料库": "The library: earlier proposals, reports, policy documents and news, found by words and by likeness.",
    "内部备注": "Internal notes of staff on what they work on, with replies and @.",
    "同事在看": "Presence: who else has the same thing open just now.",
    "常用语": "Phrases of the office for the reasons of decisions, by kind of decision.",
    "常用筛选": "Saved views of the console's lists, one's own and those of an office.",
    "快速查找": "Find: proposals, members, topics, reports, venues, units and so on in one call, for the palette.",
    "草稿": "Drafts: what a member is writing, on every phone of theirs and nobody else's.",
    "委员读书": "Reading topics, the reading log, notes and their exchange.",
    "会议活动": "Meetings and activities: invitation, sign-in, leave, absence.",
    "热力榜": "Leaderboards of heat with their formula; every figure opens its lines.",
    "履职积分": "Points by published rulesets: every line explains itself; drafts are tried before they are published.",
    "履职数字纪念卡": "Duty memorial cards of a year or a term, as JSON and as poster; issued ones are signed.",
    "履职台账": "The ledger: one record for each act of duty.",
    "意见建议": "Suggestions from topics, meetings and inspections: who answers them, and what became of them.",
    "成果件": "Reports and recommendations of the conference: drafted, issued with a number, commented, adopted.",
    "履职呼叫": "Cases: calls of members and problems of companies, answered by a day and judged by who reported them.",
    "大会发言": "Speeches at the plenary session: called for, handed in, chosen, put in order, delivered.",
    "联系走访": "Contacts and visits: who looks after whom, what was logged, who was visited in a year.",
    "办实事": "Projects under a campaign, their confirmed deeds, and what came of them.",
    "议事场所": "Venues of consultation: where members meet the public, who is posted there, and how often they met.",
    "协商议题": "Matters: brought by members, conveners, companies and citizens, met on, followed, released.",
    "履职申报": "Claims of acts done elsewhere, appeals against records, and the words of the yearly duty report.",
    "消息": "Notifications.",
    "实时": "The stream of live events.",
    "文件": "Files: checked by content, read by the right of what they hang on.",
    "组织与委员": "Organizations, terms, sectors, committees, seats, units.",
    "统计": "Figures of handling units with their league, and the overview of leaders; every figure opens its list.",
    "工作台": "Desks: everything that waits for the caller, each queue with its count and the list that it counts.",
    "年度通报": "Annual bulletins: figures by kind, sector and committee beside the year before, frozen, in versions.",
    "工作日": "The official calendar of holidays and make-up days, with the corrections of staff.",
    "导出": "Documents in the official layout, lists as Excel, archives of whole sessions.",
    "导入": "Imports of workbooks: checked with a table of faults, mended in place, applied by the worker.",
    "选项": "Codes with their Chinese labels, for forms and filters.",
    "登录": "Logging in, sessions, passwords, the second factor.",
    "账号": "Accounts and roles, for their administrators.",
    "审计": "The audit log, for auditors.",
    "运行管理": "Jobs, backups and health, for system administrators.",
    "运行状态": "Health.",
}


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)


def _permission(route: APIRoute) -> Permission | None:
    return next((p for call in _calls(route.dependant) if (p := permission_of(call))), None)


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    """The document of an application made of `routers`, computed once."""
    if app.openapi_schema:
        return app.openapi_schema
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    document = get_openapi(
        title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=tags
    )
    document["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": "The access token of a login."},
        "cookie": {"type": "apiKey", "in": "cookie", "name": ACCESS_COOKIE},
    }
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                for method in route.methods or ():
                    _complete(document["paths"][route.path][method.lower()], route)
    for name, schema in document["components"]["schemas"].items():
        schema["title"] = name  # generators name their classes by it
    app.openapi_schema = document
    return document


#: What `If-Match` looks like: an entity tag, weak or bare.
_VERSION = '^(W/)?"?[0-9]+"?$'


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    operation["summary"], _, rest = operation.get("description", "").partition("\n")
    permission = _permission(route)
    if permission is None:
        operation["security"] = []
        operation["description"] = rest.strip() or operation["summary"]
    else:
        roles = "、".join(label for role, label in ROLE_LABELS.items() if permission in GRANTS[role])
        operation["security"] = [{"bearer": []}, {"cookie": []}]
        operation["description"] = (
            f"{rest.strip() or operation['summary']}\n\nPermission `{permission}`: {roles}."
        )
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":  # without it the answer is our own sentence
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "maxLength": 24, "pattern": _VERSION}
    for status, answer in operation["responses"].items():
        if status >= "400":
            answer["content"] = {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
