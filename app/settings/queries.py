"""Reads of settings, of who changed what when, and of duty years."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from app.auth.models import Account
from app.core.config import Settings
from app.core.organization_settings import stored
from app.core.outbox import Job
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.people import duty_years as duty
from app.people.duty_years import DutyYears, LocalTime, local_time
from app.people.models import SettingChange, Term
from app.people.organizations.changes import REFILE
from app.settings.groups import GROUPS, OrganizationSettings, described, keys

_c, _a, _t, _j = table(SettingChange), table(Account), table(Term), table(Job)
#: Changes that are no settings of a group.
_OTHERS = {
    "duty_years": "履职年度",
    "name": "组织名称",
    "level": "层级",
    "timezone": "时区",
    "parent_id": "上级组织",
}
_NEVER = {"changed_at": None, "changed_by": None}
_EXPLANATION = (
    "履职年度以结束的那一年命名，积分、热力、纪念卡、通报、读书和各项统计都按它计算。"
    "改变起始日时，之前的一年到新年度的前一天为止，不重叠，也不空缺。"
)
#: Years that a list shows at most.
_MOST_YEARS = 40


def settings_of(conn: Connection, organization_id: int, config: Settings) -> list[dict[str, Any]]:
    """All settings of an organization by group, as `SettingsGroupOut`."""
    held = stored(conn, organization_id)
    values = OrganizationSettings.read(held, config).model_dump(mode="json")
    latest = _latest(conn, organization_id)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for key, group, name in keys():
        found[group.group].append(
            described(key, group, name, config)
            | {"value": values[group.group][name], "set": name in held.get(group.group, {})}
            | latest.get(key, _NEVER)
        )
    return [
        {
            "group": name,
            "label": group.says.label,
            "explanation": group.says.explanation,
            "settings": found[name],
        }
        for name, group in GROUPS.items()
    ]


def _latest(conn: Connection, organization_id: int) -> dict[str, dict[str, Any]]:
    """When each key was last changed, and by whom."""
    newest = select(func.max(_c.c.id)).where(_c.c.organization_id == organization_id).group_by(_c.c.key)
    found = select(_c.c.key, _c.c.changed_at, _a.c.name.label("changed_by")).select_from(
        _c.outerjoin(_a, _a.c.id == _c.c.changed_by)
    )
    rows = conn.execute(found.where(_c.c.id.in_(newest)))
    return {row.key: {"changed_at": row.changed_at, "changed_by": row.changed_by} for row in rows}


def page_of_changes(
    conn: Connection, organization_id: int, key: str | None, config: Settings, cursor: str | None, limit: int
) -> PageRows:
    """What was changed, newest first; of one key if it is named."""
    columns = [_c.c[name] for name in ("id", "key", "before", "after", "reason", "changed_at")]
    found = (
        select(*columns, _a.c.name.label("changed_by"))
        .select_from(_c.outerjoin(_a, _a.c.id == _c.c.changed_by))
        .where(_c.c.organization_id == organization_id)
    )
    if key is not None:
        found = found.where(_c.c.key == key)
    if cursor is not None:
        found = found.where(before([_c.c.id], decode_cursor(cursor, int)))
    labels = {key: described(key, group, name, config)["label"] for key, group, name in keys()} | _OTHERS
    rows = conn.execute(found.order_by(_c.c.id.desc()).limit(limit + 1)).mappings()
    return page([{**row, "label": labels.get(row["key"], row["key"])} for row in rows], limit, ["id"])


def duty_years(conn: Connection, organization_id: int) -> dict[str, Any]:
    """The duty years of an organization, as `DutyYearsOut`."""
    local = local_time(conn, organization_id)
    rules = [
        {"year": rule.year or None, "starts": rule.starts, "label": duty.in_words(rule.starts)}
        for rule in local.years.rules
    ]
    years = listed(conn, organization_id, local, local.years)
    return {
        "explanation": _EXPLANATION,
        "rules": rules,
        "years": years,
        "filing": _is_filing(conn, organization_id),
    } | _latest(conn, organization_id).get("duty_years", _NEVER)


def listed(
    conn: Connection, organization_id: int, local: LocalTime, years: DutyYears
) -> list[dict[str, Any]]:
    """Years from the first term of an organization to the next one, newest first, as they are or would be."""
    today = local.today()
    first = conn.scalar(select(func.min(_t.c.starts_on)).where(_t.c.organization_id == organization_id))
    until = years.of(today) + 1
    since = max(years.of(min(first or today, today)), until - _MOST_YEARS)
    return [_year(years, year, today) for year in range(until, since - 1, -1)]


def _year(years: DutyYears, year: int, today: date) -> dict[str, Any]:
    first, last = years.days(year)
    return {
        "year": year,
        "label": years.label(year),
        "starts_on": first,
        "ends_on": last,
        "days": (last - first).days + 1,
        "current": first <= today <= last,
    }


def _is_filing(conn: Connection, organization_id: int) -> bool:
    waiting = _j.c.unique_key.startswith(f"{REFILE}:{organization_id}:") & _j.c.done_at.is_(None)
    return conn.scalar(select(_j.c.id).where(waiting).limit(1)) is not None


def in_words(key: str, value: Any) -> str:
    """A value of the history as a line of the shell says it."""
    if key == "duty_years":
        rules = (("一向" if not rule["year"] else f"{rule['year']}年度起", rule["starts"]) for rule in value)
        return "，".join(f"{since}从{duty.in_words(starts)}起" for since, starts in rules)
    return "默认" if value is None else str(value)


def lines(conn: Connection, organization_id: int, config: Settings) -> Iterator[str]:
    """All settings as lines for the shell: key, value, label."""
    for group in settings_of(conn, organization_id, config):
        for setting in group["settings"]:
            chosen = "" if setting["set"] else "（默认）"
            yield f"{setting['key']}\t{setting['value']}{setting['unit']}{chosen}\t{setting['label']}"
