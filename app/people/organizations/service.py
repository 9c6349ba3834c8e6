"""The only writer of organizations: the tree, settings and duty years; each change leaves a row of history."""

from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from pydantic import ValidationError
from sqlalchemy import column, select, update
from sqlalchemy import table as named
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.watch import tell
from app.core import clock, outbox
from app.core.errors import Conflict, FieldError, Invalid
from app.core.live import Stream
from app.core.organization_settings import SettingsGroup
from app.core.sql import AnyRow, table
from app.core.web.http import field_error
from app.people.duty_years import LONGEST, SHORTEST, DutyYears, day_of_every_year
from app.people.models import LEVEL_LABELS, Level, Organization, SettingChange
from app.people.organizations import changes
from app.people.organizations.changes import REFILE
from app.people.service import add, id_of

_o = table(Organization)
# The package `duty` stands above this one: its table is named here, not imported.
_records = named("duty_record", column("organization_id"))


def create_organization(
    db: Session,
    name: str,
    level: str = "city",
    *,
    parent_id: int | None = None,
    timezone: str = clock.SHANGHAI,
    duty_year_starts: str = "01-01",
    by: Actor | None = None,
) -> Organization:
    """A new organization with its stream of live events; its duty year starts on a day that every year has."""
    years = DutyYears.starting(day_of_every_year(duty_year_starts))
    _known_zone(timezone)
    _free_name(db, name)
    _fits_below(db, level, parent_id)
    row = add(
        db,
        Organization(name=name, level=level, parent_id=parent_id, timezone=timezone, duty_years=years),
    )
    add(db, Stream(organization_id=id_of(row)))
    _told(db, id_of(row), "organization.created", by)
    return row


def edit_organization(db: Session, organization_id: int, *, by: Actor | None = None, **changes: Any) -> None:
    """Change name, level, time zone or parent; heads of cards and boards follow a new name."""
    row = _locked(db, organization_id)
    changes = {key: value for key, value in changes.items() if getattr(row, key) != value}
    if "name" in changes:
        _free_name(db, changes["name"])
    if "timezone" in changes:
        _known_zone(changes["timezone"])
        if db.scalar(
            select(_records.c.organization_id).where(_records.c.organization_id == organization_id).limit(1)
        ):
            raise Conflict(
                "已经有履职记录，不能再改时区：每条记录的日期都按原来的时区定下了。", code="records_exist"
            )
    if {"level", "parent_id"} & changes.keys():
        _fits_below(
            db, changes.get("level", row.level), changes.get("parent_id", row.parent_id), organization_id
        )
        _fits_above(db, changes.get("level", row.level), organization_id)
    if not changes:
        return
    db.execute(update(_o).where(_o.c.id == organization_id).values(**changes))
    for key, value in changes.items():
        _note(db, organization_id, key, getattr(row, key), value, by)
    if "name" in changes:
        refile(db, organization_id)
    _told(db, organization_id, "organization.changed", by, fields=",".join(sorted(changes)))


def change_settings(
    db: Session,
    organization_id: int,
    group: type[SettingsGroup],
    values: dict[str, Any],
    *,
    by: Actor | None = None,
    reason: str | None = None,
) -> None:
    """Set some of a group's settings, or with None take them back to their defaults; the others stay as they are."""
    settings: dict[str, Any] = dict(_locked(db, organization_id).settings)
    before: dict[str, Any] = settings.get(group.group, {})
    chosen = {key: value for key, value in {**before, **values}.items() if value is not None}
    try:
        valid = group.read({group.group: chosen}).model_dump(mode="json")
    except ValidationError as error:
        faults = [_in_words(group, field_error(fault)) for fault in error.errors(include_url=False)]
        raise Invalid(faults[0].detail, errors=faults) from None
    after = {key: valid[key] for key in chosen}
    changed = sorted(key for key in values if before.get(key) != after.get(key))
    if not changed:
        return
    settings[group.group] = after
    db.execute(update(_o).where(_o.c.id == organization_id).values(settings=settings))
    for key in changed:
        _note(db, organization_id, f"{group.group}.{key}", before.get(key), after.get(key), by, reason)
    _told(db, organization_id, "settings.changed", by, group=group.group, fields=",".join(changed))


def _in_words(group: type[SettingsGroup], fault: FieldError) -> FieldError:
    """A fault of a setting: which one it is, and what is wrong with it."""
    name = fault.field.partition(".")[0]
    said = f"{group.says_of(name).label}：{fault.detail}" if name else fault.detail
    field = f"body.values.{group.group}.{fault.field}".rstrip(".")
    return FieldError(field=field, code=fault.code, detail=said)


def change_years(
    db: Session,
    organization_id: int,
    starts: str,
    year: int | None,
    *,
    by: Actor | None = None,
    reason: str | None = None,
) -> None:
    """Let duty years begin on another day from `year` on, or from the first; records are refiled by the worker."""
    before = _locked(db, organization_id).duty_years
    after = moved(before, starts, year)
    if after == before:
        raise Conflict("履职年度本来就是这样，没有改动。", code="unchanged")
    db.execute(update(_o).where(_o.c.id == organization_id).values(duty_years=after))
    was, now = ([vars(rule) for rule in years.rules] for years in (before, after))
    _note(db, organization_id, "duty_years", was, now, by, reason)
    refile(db, organization_id)
    changes.note(db, organization_id)
    _told(db, organization_id, "duty_years.changed", by, starts=starts, year=year or 0)


def moved(years: DutyYears, starts: str, year: int | None) -> DutyYears:
    """The years as they would become; `Invalid` where the one before the change would be far too short or long."""
    if year is None:
        return DutyYears.starting(day_of_every_year(starts))
    after = years.changed(year, day_of_every_year(starts))
    first, last = after.days(year - 1)
    days = (last - first).days + 1
    if not SHORTEST <= days <= LONGEST:
        raise Invalid(
            f"这样改，{after.label(year - 1)}只有{days}天。"
            if days < SHORTEST
            else f"这样改，{after.label(year - 1)}长达{days}天。",
            code="odd_year",
        )
    return after


def refile(db: Session, organization_id: int) -> None:
    """Have the day and duty year of every record looked at again, and all figures recomputed, after the commit."""
    outbox.enqueue(db, REFILE, f"{organization_id}:{uuid4().hex}", organization_id=organization_id)


def _locked(db: Session, organization_id: int) -> AnyRow:
    """The row of an organization, which nobody else changes until the commit."""
    held = select(_o).where(_o.c.id == organization_id).with_for_update(key_share=True)
    return db.execute(held).one()


def _free_name(db: Session, name: str) -> None:
    if db.scalar(select(_o.c.id).where(_o.c.name == name)):
        raise Conflict(f"已经有名为“{name}”的政协组织。", code="organization_exists")


def _known_zone(timezone: str) -> None:
    if timezone not in available_timezones():
        raise Invalid(f"没有时区“{timezone}”，例如 Asia/Shanghai、Asia/Urumqi。", code="bad_timezone")


def _rank(level: str) -> int:
    return list(Level).index(Level(level))


def _fits_below(db: Session, level: str, parent_id: int | None, organization_id: int | None = None) -> None:
    """An organization stands below one of a higher level, so never below itself."""
    if parent_id is None:
        return
    parent = db.execute(select(_o.c.id, _o.c.name, _o.c.level).where(_o.c.id == parent_id)).one()
    if parent.id == organization_id or _rank(parent.level) <= _rank(level):
        raise Invalid(
            f"上级的层级须更高：{parent.name}是{LEVEL_LABELS[parent.level]}，本组织是{LEVEL_LABELS[Level(level)]}。",
            code="bad_parent",
        )


def _fits_above(db: Session, level: str, organization_id: int) -> None:
    for child in db.execute(select(_o.c.name, _o.c.level).where(_o.c.parent_id == organization_id)):
        if _rank(child.level) >= _rank(level):
            raise Invalid(f"下级{child.name}的层级须更低，请先调整它。", code="bad_level")


def _note(
    db: Session,
    organization_id: int,
    key: str,
    before: Any,
    after: Any,
    by: Actor | None,
    reason: str | None = None,
) -> None:
    change = {"key": key, "before": before, "after": after, "reason": reason}
    who = by.account_id if by else None
    add(db, SettingChange(organization_id=organization_id, changed_by=who, changed_at=clock.now(), **change))


def _told(db: Session, organization_id: int, action: str, by: Actor | None, **detail: Any) -> None:
    account_id, home, address = (
        (by.account_id, by.organization_id, by.address) if by else (None, organization_id, "")
    )
    subject = ("organization", organization_id)
    tell(db, action, account_id=account_id, organization_id=home, address=address, subject=subject, **detail)
