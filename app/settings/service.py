"""The verbs of settings: set some, change when duty years begin, or only look at what that would do."""

from typing import Any

from pydantic import JsonValue
from sqlalchemy import Connection, func, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.bulletins.models import Bulletin
from app.cards.models import IssuedCard
from app.core.errors import FieldError, Invalid
from app.core.sql import table
from app.duty import refiling  # noqa: F401 - registers the job that a change of years needs
from app.duty.models import DutyRecord
from app.people.duty_years import DutyYears, in_words, local_time
from app.people.organizations.service import change_settings, change_years, moved
from app.points.models import RulesetVersion
from app.settings.groups import GROUPS
from app.settings.queries import listed
from app.settings.schemas import DutyYearsIn

_d, _r, _b, _i = table(DutyRecord), table(RulesetVersion), table(Bulletin), table(IssuedCard)


def set_values(
    db: Session,
    organization_id: int,
    values: dict[str, JsonValue],
    *,
    by: Actor | None = None,
    reason: str | None = None,
) -> None:
    """Set some settings by key, all or none of them; `Invalid` names each that is unknown or cannot be so."""
    by_group: dict[str, dict[str, JsonValue]] = {}
    faults = []
    for key, value in values.items():
        group, _, name = key.partition(".")
        if group in GROUPS and name in GROUPS[group].model_fields:
            by_group.setdefault(group, {})[name] = value
        else:
            detail = f"没有名为“{key}”的设置。"
            faults.append(FieldError(field=f"body.values.{key}", code="unknown_setting", detail=detail))
    if faults:
        raise Invalid(faults[0].detail, code="unknown_setting", errors=faults)
    for group, chosen in by_group.items():
        change_settings(db, organization_id, GROUPS[group], chosen, by=by, reason=reason)


def set_years(db: Session, organization_id: int, new: DutyYearsIn, *, by: Actor | None = None) -> None:
    """Let duty years begin on another day; the worker refiles all records."""
    change_years(db, organization_id, new.starts, new.year, by=by, reason=new.reason)


def preview(conn: Connection, organization_id: int, new: DutyYearsIn) -> dict[str, Any]:
    """What a change of the duty years would do, as `DutyYearsPreview`."""
    local = local_time(conn, organization_id)
    after = moved(local.years, new.starts, new.year)
    return {
        "years": listed(conn, organization_id, local, after),
        "records": _moving(conn, organization_id, after),
        "notes": [
            *_transition(after, new.year),
            *_rulesets(conn, organization_id, after),
            *_frozen(conn, organization_id),
        ],
    }


def _moving(conn: Connection, organization_id: int, years: DutyYears) -> int:
    """How many records would belong to another year."""
    mine = _d.c.organization_id == organization_id
    first, last = conn.execute(
        select(func.min(_d.c.occurred_on), func.max(_d.c.occurred_on)).where(mine)
    ).one()
    if first is None:
        return 0
    counts = (
        select(func.count())
        .select_from(_d)
        .where(mine, _d.c.occurred_on.between(*years.days(year)), _d.c.duty_year != year)
        for year in range(years.of(first), years.of(last) + 1)
    )
    return sum(conn.execute(count).scalar_one() for count in counts)


def _transition(years: DutyYears, year: int | None) -> list[str]:
    if year is None:
        return []
    first, last = years.days(year - 1)
    days = (last - first).days + 1
    label = years.label(year - 1)
    return [f"{label}共{days}天；积分办法里按任职月数折算的合格线、基本要求等，照它的月数折算。"]


def _rulesets(conn: Connection, organization_id: int, years: DutyYears) -> list[str]:
    """The rulesets in force that were written for years that begin on another day."""
    found = select(_r.c.duty_year, _r.c.name, _r.c.rules).where(
        _r.c.organization_id == organization_id, _r.c.state == "published"
    )
    notes = []
    for row in conn.execute(found.order_by(_r.c.duty_year)):
        written, starts = row.rules.get("year_starts"), years.starts(row.duty_year)
        if written not in {None, starts}:
            notes.append(
                f"{row.duty_year}年度的“{row.name}”写明年度从{in_words(written)}起，"
                f"改后将按从{in_words(starts)}起的年度计分，请检查是否要重新发布。"
            )
    return notes


def _frozen(conn: Connection, organization_id: int) -> list[str]:
    bulletins, cards = (
        conn.execute(
            select(func.count()).select_from(of).where(of.c.organization_id == organization_id, *only)
        ).scalar_one()
        for of, only in ((_b, [_b.c.state != "draft"]), (_i, []))
    )
    if not bulletins + cards:
        return []
    return [f"已发布的通报（{bulletins}份）和已颁发的纪念卡（{cards}张）保持原样，写明的起止日期不变。"]
