"""Reads of visits: their author and the office see them, nobody else."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, false, func, or_, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles.reads import only
from app.contacts.models import Visit
from app.contacts.visits.schemas import DUTY
from app.core.finding import contains_words
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.duty.measures import ledger
from app.duty.measures.rules import Measure, all_written
from app.duty.models import DutyRecord
from app.files.queries import attached
from app.people.duty_years import local_time
from app.people.models import Person, Sector
from app.people.queries import join_author

_v, _d, _p, _x = table(Visit), table(DutyRecord), table(Person), table(Sector)
#: A visit that was not withdrawn.
shown = _v.c.withdrawn_at.is_(None)


class VisitFilter(NamedTuple):
    """Which visits a list holds; `year` is the duty year of the visit."""

    contact_id: int | None = None
    seat_id: int | None = None
    year: int | None = None
    mine: bool = False
    text: str = ""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `visit` that the actor may see; what was withdrawn is its author's alone."""
    own = _v.c.seat_id.in_(actor.seat_ids) if actor.seat_ids else false()
    staff = shown if actor.may(Permission.CONTACT_MANAGE) else false()
    return (_v.c.organization_id == actor.organization_id) & or_(own, staff)


def visible_visits(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_v.c.id).where(_v.c.id.in_(ids), visible_to(actor))))


# cards are read by all members: whom somebody visited is for the author and the office
_titles = subjects.titled(_v.c.id, _v.c.whom, where=false())
subjects.register(subjects.Subject("visit", "走访", visible_visits, "/api/v1/visits/{id}", titles=_titles))


def page_of_visits(
    conn: Connection, actor: Actor, wanted: VisitFilter, cursor: str | None, limit: int
) -> PageRows:
    """Visits that the actor may see, the newest day first; without those that were withdrawn."""
    found = _rows(actor).where(shown)
    for column, value in ((_v.c.contact_id, wanted.contact_id), (_v.c.seat_id, wanted.seat_id)):
        if value is not None:
            found = found.where(column == value)
    if wanted.year is not None:
        days = local_time(conn, actor.organization_id).years.days(wanted.year)
        found = found.where(_v.c.visited_on.between(*days))
    if wanted.mine:
        found = found.where(_v.c.seat_id.in_(actor.seat_ids))
    if wanted.text:
        found = found.where(
            or_(contains_words(_v.c.whom, wanted.text), contains_words(_v.c.body, wanted.text))
        )
    order = [_v.c.visited_on, _v.c.id]
    if cursor:
        found = found.where(before(order, decode_cursor(cursor, date, int)))
    newest = found.order_by(*(column.desc() for column in order)).limit(limit + 1)
    pages = page([dict(row) for row in conn.execute(newest).mappings()], limit, ["visited_on", "id"])
    _finish(conn, actor, pages["items"])
    return pages


def read(conn: Connection, actor: Actor, visit_id: int) -> dict[str, Any]:
    """One visit; `NotFound` when it may not be seen."""
    row = only(conn, _rows(actor).where(_v.c.id == visit_id))
    _finish(conn, actor, [row])
    return row


def measures_of(conn: Connection, ids: Collection[int]) -> dict[int, dict[Measure, int]]:
    """The amounts of the newest record of each of some visits, by visit."""
    newest = select(_d.c.subject_id, func.max(_d.c.id).label("id")).where(
        _d.c.kind == DUTY, _d.c.subject_type == "visit", _d.c.subject_id.in_(ids)
    )
    records = {row.id: row.subject_id for row in conn.execute(newest.group_by(_d.c.subject_id))}
    return {records[record_id]: found for record_id, found in ledger.read(conn, records).items()}


def _rows(actor: Actor) -> Select[Any]:
    names = ("id", "version", "seat_id", "contact_id", "whom", "visited_on", "body")
    times = ("created_at", "edited_at", "withdrawn_at")
    return (
        select(*(_v.c[name] for name in names + times), _p.c.name.label("member"), _x.c.name.label("sector"))
        .select_from(join_author(_v, _v.c.seat_id))
        .where(visible_to(actor))
    )


def _finish(conn: Connection, actor: Actor, rows: list[dict[str, Any]]) -> None:
    ids = [row["id"] for row in rows]
    pictures, amounts = attached(conn, "visit", ids), measures_of(conn, ids)
    for row in rows:
        own = row["seat_id"] == actor.seat_id and actor.may(Permission.VISIT_LOG)
        row["pictures"] = [{k: one[k] for k in ("key", "width", "height")} for one in pictures[row["id"]]]
        row["measures"] = all_written(amounts.get(row["id"], {}))
        row["actions"] = [] if not own else ["restore"] if row["withdrawn_at"] else ["edit", "withdraw"]
