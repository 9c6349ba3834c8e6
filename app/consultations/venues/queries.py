"""Reads of venues: everybody of the organization sees all of them; who was posted there before is for the office."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, or_, select

from app.activities.models import Activity
from app.activities.queries import sees_all, took_place
from app.activities.rules import ActivityKind
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account, AccountRole
from app.auth.permissions import PAST, ROLE_LABELS, SEPARATE, Permission
from app.casefiles.reads import only
from app.consultations.venues.models import Venue, VenueMember, VenueTarget
from app.consultations.venues.rules import KIND_LABELS, LEVEL_LABELS, VenueKind, VenueLevel
from app.core import clock
from app.core.finding import contains_words
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import alias, table
from app.people.duty_years import local_time
from app.people.models import Seat, Sector
from app.people.queries import author_columns, join_author

_v, _m, _t, _a = table(Venue), table(VenueMember), table(VenueTarget), table(Activity)
_account, _r, _s, _x = table(Account), table(AccountRole), table(Seat), table(Sector)
#: Accounts with their roles.
ACCOUNTS = _account.join(_r, _r.c.account_id == _account.c.id)
_above, _held = alias(_v, "above"), alias(_s, "held_seat")
#: Ids in a branch have so many digits each.
DIGITS = 10


class VenueFilter(NamedTuple):
    """Which venues a list holds: those of a duty year, which is the present one when none is named."""

    level: VenueLevel | None = None
    kind: VenueKind | None = None
    parent_id: int | None = None
    within: int | None = None
    year: int | None = None
    reached: bool | None = None
    mine: bool = False
    current: bool = False
    text: str = ""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `venue` that the actor may see."""
    return (_v.c.organization_id == actor.organization_id) & literal(actor.may(Permission.VENUE_READ))


def visible_venues(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_v.c.id).where(_v.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "venue",
        "议事场所",
        visible_venues,
        "/api/v1/venues/{id}",
        titles=subjects.titled(_v.c.id, _v.c.name),
    )
)


class Year(NamedTuple):
    """A duty year of an organization: its number and name, its first day, and when it and the next one begin."""

    number: int
    label: str
    first: date
    moments: tuple[datetime, datetime]


def conveners(conn: Connection, actor: Actor, text: str) -> list[dict[str, Any]]:
    """The first accounts of the organization whose name has some words, with what they are."""
    role = case(dict(ROLE_LABELS), value=_r.c.role)
    rows = conn.execute(
        select(_account.c.id, _account.c.name, role.label("role"), _x.c.name.label("sector"))
        .select_from(ACCOUNTS.outerjoin(_s, _s.c.id == _r.c.seat_id).outerjoin(_x, _x.c.id == _s.c.sector_id))
        .where(holds_office(actor.organization_id, actor.today), contains_words(_account.c.name, text))
        .order_by(_account.c.name, _account.c.id, _r.c.role)
        .limit(20)
    )
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        said = found.setdefault(row.id, {"id": row.id, "name": row.name, "roles_label": ""})
        label = f"{row.role}（{row.sector}）" if row.sector else row.role
        said["roles_label"] = "、".join(filter(None, (said["roles_label"], label)))
    return list(found.values())


def holds_office(organization_id: int, today: date) -> ColumnElement[bool]:
    """Accounts joined with their roles, of those who hold one of the organization today and are not administrators."""
    return (
        (_r.c.organization_id == organization_id)
        & _r.c.role.not_in(SEPARATE | PAST)
        & or_(_r.c.ends_on.is_(None), _r.c.ends_on >= today)
        & _account.c.disabled_at.is_(None)
    )


def may_convene(conn: Connection, actor: Actor, account_id: int) -> bool:
    """Whether an account may be named as a convener."""
    found = (
        select(_account.c.id).select_from(ACCOUNTS).where(holds_office(actor.organization_id, actor.today))
    )
    return conn.scalar(found.where(_account.c.id == account_id).limit(1)) is not None


def year_of(conn: Connection, actor: Actor, number: int | None) -> Year:
    """A duty year of the actor's organization, the present one when no number is given."""
    of = local_time(conn, actor.organization_id)
    number = of.this_year() if number is None else number
    return Year(number, of.years.label(number), of.years.first(number), of.moments(number))


def held(year: Year) -> ColumnElement[int]:
    """How many consultations a venue held in a year."""
    first, end = year.moments
    found = select(func.count()).where(
        _a.c.venue_id == _v.c.id,
        _a.c.kind == ActivityKind.CONSULTATION,
        _a.c.starts_at >= first,
        _a.c.starts_at < end,
        took_place(clock.now()),
    )
    return found.scalar_subquery()


def target(year: Year) -> ColumnElement[int]:
    """How many it is to hold; NULL when none is set."""
    here = (_t.c.organization_id == _v.c.organization_id) & (_t.c.level == _v.c.level)
    return select(_t.c.number).where(here, _t.c.year == year.number).scalar_subquery()


def open_on(day: date) -> ColumnElement[bool]:
    """Venues that are not closed on a day."""
    return or_(_v.c.closed_on.is_(None), _v.c.closed_on > day)


def in_year(year: Year) -> ColumnElement[bool]:
    """Venues that were not yet closed when a year began."""
    return open_on(year.first)


def present(today: date) -> ColumnElement[bool]:
    """Whether a row of `venue_member` is in force on a day, and its member still in office."""
    in_office = _m.c.seat_id.in_(select(_held.c.id).where(_held.c.ends_on >= today))
    return (_m.c.starts_on <= today) & or_(_m.c.ends_on.is_(None), _m.c.ends_on >= today) & in_office


def convenes(actor: Actor, convener_id: int | None) -> bool:
    """Whether an actor, who is still in some office, is the convener of a venue."""
    return convener_id == actor.account_id and actor.may(Permission.MATTER_BRING)


def convened_by(actor: Actor) -> ColumnElement[bool]:
    """The same of rows of `venue`."""
    return (_v.c.convener_id == actor.account_id) & literal(actor.may(Permission.MATTER_BRING))


def posted_at(actor: Actor) -> Select[int]:
    """The venues where the actor is posted today."""
    return select(_m.c.venue_id).where(_m.c.seat_id.in_(actor.seat_ids), present(actor.today))


def mine(actor: Actor) -> ColumnElement[bool]:
    """Venues where the actor is posted today, or convenes."""
    return or_(convened_by(actor), _v.c.id.in_(posted_at(actor)))


def _rows(actor: Actor, year: Year) -> Select[Any]:
    posted = select(func.count(_m.c.seat_id.distinct())).where(_m.c.venue_id == _v.c.id, present(actor.today))
    names = ("id", "version", "parent_id", "branch", "level", "kind", "name", "place", "opening_hours")
    return (
        select(
            *(_v.c[name] for name in (*names, "is_public", "closed_on", "convener_id", "code")),
            _above.c.name.label("parent"),
            func.coalesce(_account.c.name, _v.c.convener_name).label("convener"),
            case((mine(actor), 0), else_=1).label("rank"),
            posted.scalar_subquery().label("members"),
            held(year).label("held"),
            target(year).label("target"),
        )
        .select_from(
            _v.outerjoin(_above, _above.c.id == _v.c.parent_id).outerjoin(
                _account, _account.c.id == _v.c.convener_id
            )
        )
        .where(visible_to(actor))
    )


def page_of_venues(
    conn: Connection, actor: Actor, wanted: VenueFilter, cursor: str | None, limit: int
) -> PageRows:
    """Venues of a duty year: where I am posted first, then down the tree."""
    year = year_of(conn, actor, wanted.year)
    found = _rows(actor, year).where(in_year(year), contains_words(_v.c.name, wanted.text))
    for name in ("level", "kind", "parent_id"):
        if (value := getattr(wanted, name)) is not None:
            found = found.where(_v.c[name] == value)
    if wanted.within is not None:
        top = select(_above.c.branch).where(_above.c.id == wanted.within)
        found = found.where(_v.c.branch.startswith(top.scalar_subquery()))
    if wanted.reached is not None:
        met = held(year) >= target(year)
        found = found.where(target(year).is_not(None), met if wanted.reached else ~met)
    if wanted.mine:
        found = found.where(mine(actor))
    if wanted.current:
        found = found.where(open_on(actor.today))
    order = [case((mine(actor), 0), else_=1), _v.c.branch]
    if cursor:
        found = found.where(after(order, decode_cursor(cursor, int, str)))
    rows = [dict(row) for row in conn.execute(found.order_by(*order).limit(limit + 1)).mappings()]
    pages = page(rows, limit, ["rank", "branch"])
    for row in pages["items"]:
        _finish(actor, year, row)
        del row["convener_id"], row["code"]
    return pages


def read(conn: Connection, actor: Actor, venue_id: int, address: str) -> dict[str, Any]:
    """One venue of the present duty year with who is posted there; `NotFound` when it may not be seen."""
    year = year_of(conn, actor, None)
    row = only(conn, _rows(actor, year).where(_v.c.id == venue_id))
    _finish(actor, year, row)
    code, shown = row.pop("code"), row["is_public"] and (row["closed_on"] or date.max) > actor.today
    row["public_url"] = f"{address}/v/{code}" if shown else None
    row["stays"] = _stays(conn, actor, venue_id)
    return row


def _finish(actor: Actor, year: Year, row: dict[str, Any]) -> None:
    """Make a row a `VenueRow`, beside the columns that one venue alone shows."""
    manages = actor.may(Permission.VENUE_MANAGE)
    row["mine"] = row.pop("rank") == 0
    row["depth"] = len(row.pop("branch")) // DIGITS - 1
    row["level_label"] = LEVEL_LABELS[VenueLevel(row["level"])]
    row["kind_label"] = KIND_LABELS[VenueKind(row["kind"])]
    of = {"venue_id": row["id"], "kind": "consultation", "when": "held", "year": year.number}
    row["held_path"] = f"/api/v1/activities?{urlencode(of)}" if sees_all(actor) else None
    row["actions"] = [
        *(["edit", "remove"] if manages else []),
        *(["set_hours"] if convenes(actor, row["convener_id"]) else []),
    ]


def _stays(conn: Connection, actor: Actor, venue_id: int) -> list[dict[str, Any]]:
    name, _, post_label, sector = author_columns("")
    found = (
        select(
            *(_m.c.seat_id, name, post_label, sector, _m.c.starts_on, _m.c.ends_on),
            case((present(actor.today), 1), else_=0).label("present"),
        )
        .select_from(join_author(_m, _m.c.seat_id))
        .where(_m.c.venue_id == venue_id)
        .order_by(_m.c.starts_on, _m.c.seat_id)
    )
    if not actor.may(Permission.VENUE_MANAGE):
        found = found.where(present(actor.today))
    rows = [dict(row) for row in conn.execute(found).mappings()]
    for row in rows:
        row["present"] = bool(row["present"])
    return rows
