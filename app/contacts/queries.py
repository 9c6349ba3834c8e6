"""Reads of contacts: staff see all, members those that they look after and those who look after them."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, or_, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles.reads import only
from app.contacts.models import Contact, Visit
from app.contacts.rules import PARTY_LABELS, PartyKind
from app.core.finding import contains_words
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import alias, table
from app.people.duty_years import local_time
from app.people.models import Person, Seat, SeatCommittee, Sector
from app.people.queries import join_author

_c, _v, _s, _p, _x = table(Contact), table(Visit), table(Seat), table(Person), table(Sector)
_m = table(SeatCommittee)
_seat, _person = alias(_s, "party_seat"), alias(_p, "party_person")
_sector = alias(_x, "party_sector")
_name = func.coalesce(_person.c.name, _c.c.name)
_named = (
    join_author(_c, _c.c.seat_id)
    .outerjoin(_seat, _seat.c.id == _c.c.party_seat_id)
    .outerjoin(_person, _person.c.id == _seat.c.person_id)
    .outerjoin(_sector, _sector.c.id == _seat.c.sector_id)
)


class ContactFilter(NamedTuple):
    """Which contacts a list holds: those in force in a duty year, which is the present one when none is named."""

    seat_id: int | None = None
    sector_id: int | None = None
    committee_id: int | None = None
    kind: PartyKind | None = None
    year: int | None = None
    visited: bool | None = None
    mine: bool = False
    of_me: bool = False
    current: bool = False
    text: str = ""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `contact` that the actor may see."""
    here = _c.c.organization_id == actor.organization_id
    if actor.may(Permission.CONTACT_MANAGE):
        return here
    return here & (_c.c.seat_id.in_(actor.seat_ids) | _c.c.party_seat_id.in_(actor.seat_ids))


def visible_contacts(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.CONTACT_READ):
        return set()
    return set(conn.scalars(select(_c.c.id).where(_c.c.id.in_(ids), visible_to(actor))))


subjects.register(subjects.Subject("contact", "联系对象", visible_contacts, "/api/v1/contacts/{id}"))


def in_force(first: date, last: date) -> ColumnElement[bool]:
    """Contacts that hold on one of the days, whose member is in office then; `_s` is the member's seat."""
    return (
        (_c.c.starts_on <= last)
        & or_(_c.c.ends_on.is_(None), _c.c.ends_on >= first)
        & (_s.c.starts_on <= last)
        & (_s.c.ends_on >= first)
    )


def visited_between(first: date, last: date) -> ColumnElement[bool]:
    """Whether a contact was visited on one of the days."""
    return exists().where(
        _v.c.contact_id == _c.c.id, _v.c.withdrawn_at.is_(None), _v.c.visited_on.between(first, last)
    )


def narrowed(actor: Actor, wanted: ContactFilter, span: tuple[date, date]) -> list[ColumnElement[bool]]:
    """The contacts of a list that the actor may see, as conditions on `_c` and the member's seat."""
    same = [visible_to(actor), in_force(*span)]
    same += [
        column == value
        for column, value in (
            (_c.c.seat_id, wanted.seat_id),
            (_c.c.kind, wanted.kind),
            (_s.c.sector_id, wanted.sector_id),
        )
        if value is not None
    ]
    if wanted.committee_id is not None:
        same.append(_c.c.seat_id.in_(select(_m.c.seat_id).where(_m.c.committee_id == wanted.committee_id)))
    if wanted.visited is not None:
        same.append(visited_between(*span) if wanted.visited else ~visited_between(*span))
    if wanted.mine:
        same.append(_c.c.seat_id.in_(actor.seat_ids))
    if wanted.of_me:
        same.append(_c.c.party_seat_id.in_(actor.seat_ids))
    if wanted.current:
        same.append(in_force(actor.today, actor.today))
    return same


def page_of_contacts(
    conn: Connection, actor: Actor, wanted: ContactFilter, cursor: str | None, limit: int
) -> PageRows:
    """Contacts that the actor may see, those not yet visited in the duty year first."""
    span = _span(conn, actor, wanted.year)
    words = (
        or_(*(contains_words(column, wanted.text) for column in (_name, _c.c.place, _p.c.name)))
        if wanted.text
        else true()
    )
    order = [case((visited_between(*span), 1), else_=0), _c.c.id]
    found = _rows(span).where(*narrowed(actor, wanted, span), words)
    if cursor:
        found = found.where(after(order, decode_cursor(cursor, int, int)))
    rows = [dict(row) for row in conn.execute(found.order_by(*order).limit(limit + 1)).mappings()]
    pages = page(rows, limit, ["visited", "id"])
    _finish(actor, pages["items"])
    return pages


def read(conn: Connection, actor: Actor, contact_id: int) -> dict[str, Any]:
    """One contact, visited or not in the present duty year; `NotFound` when it may not be seen."""
    row = only(conn, _rows(_span(conn, actor, None)).where(_c.c.id == contact_id, visible_to(actor)))
    _finish(actor, [row])
    return row


def _span(conn: Connection, actor: Actor, year: int | None) -> tuple[date, date]:
    of = local_time(conn, actor.organization_id)
    return of.years.days(of.this_year() if year is None else year)


def _rows(span: tuple[date, date]) -> Select[Any]:
    last = select(func.max(_v.c.visited_on)).where(_v.c.contact_id == _c.c.id, _v.c.withdrawn_at.is_(None))
    names = ("id", "version", "seat_id", "kind", "party_seat_id", "starts_on", "ends_on")
    return select(
        *(_c.c[name] for name in names),
        _p.c.name.label("member"),
        _x.c.name.label("sector"),
        _name.label("name"),
        func.coalesce(_sector.c.name, _c.c.place).label("place"),
        last.scalar_subquery().label("last_visited_on"),
        exists().where(_v.c.contact_id == _c.c.id).label("written"),
        case((visited_between(*span), 1), else_=0).label("visited"),
    ).select_from(_named)


def _finish(actor: Actor, rows: list[dict[str, Any]]) -> None:
    manages = actor.may(Permission.CONTACT_MANAGE)
    for row in rows:
        held = row["starts_on"] <= actor.today and (row["ends_on"] is None or row["ends_on"] >= actor.today)
        logs = held and row["seat_id"] == actor.seat_id and actor.may(Permission.VISIT_LOG)
        row["visited"], written = bool(row["visited"]), row.pop("written")
        row["kind_label"] = PARTY_LABELS[row["kind"]]
        row["actions"] = [
            *(["edit"] if manages else []),
            *(["remove"] if manages and not written else []),
            *(["visit"] if logs else []),
        ]


def names_of(conn: Connection, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """The names of member and party of some contacts."""
    rows = conn.execute(
        select(_c.c.id, _p.c.name.label("member"), _name.label("name"))
        .select_from(_named)
        .where(_c.c.id.in_(ids))
    )
    return {row.id: (row.member, row.name) for row in rows}
