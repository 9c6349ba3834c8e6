"""Reads of what a body did in a duty year: figures and their lists, made of the same rows."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, exists, func, literal, select, union_all

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.body_pages import rules
from app.body_pages.rules import WORK_LABELS, Work
from app.body_pages.works import PARTS, works
from app.core import clock
from app.core.errors import Forbidden, NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import AnyRow, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.duty.records import ROLE_LABELS
from app.people.bodies.models import Body, BodyMember
from app.people.bodies.queries import brand, may_edit_brand, speaks_for
from app.people.duty_years import LocalTime, local_time
from app.people.models import Seat, SeatCommittee, Term
from app.people.queries import author_columns, join_author

_b, _m, _t = table(Body), table(BodyMember), table(Term)
_d, _s, _sc = table(DutyRecord), table(Seat), table(SeatCommittee)


def body_page(conn: Connection, actor: Actor, body_id: int, year: int | None) -> dict[str, Any]:
    """What a body did in a duty year, by default the newest of its term, as `BodyPage`."""
    body, local = _own(conn, actor, body_id), local_time(conn, actor.organization_id)
    newest = _newest(body, local)
    years = range(newest, min(local.years.of(body.starts_on), newest) - 1, -1)
    year = year or newest
    return {
        "year": year,
        "label": local.years.label(year),
        "years": [{"year": each, "label": local.years.label(each)} for each in years],
        "brand": brand(conn, body_id),
        "may_edit_brand": may_edit_brand(actor, body.head_seat_id),
        "works": _works(conn, actor, body, local, year),
        **_records(conn, actor, body, year),
    }


def _newest(body: AnyRow, local: LocalTime) -> int:
    """The present duty year, or the last one of a term that is over."""
    return min(local.this_year(), local.years.of(body.ends_on))


def _own(conn: Connection, actor: Actor, body_id: int) -> AnyRow:
    """A body of the actor's organization with the days of its term; `NotFound` for any other."""
    names = ("id", "sector_id", "committee_id", "head_seat_id")
    found = select(*(_b.c[name] for name in names), _t.c.starts_on, _t.c.ends_on)
    mine = (_b.c.id == body_id) & (_b.c.organization_id == actor.organization_id)
    row = conn.execute(found.join(_t, _t.c.id == _b.c.term_id).where(mine)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _shown(conn: Connection, actor: Actor, body_id: int) -> list[Work]:
    """The sorts that the actor may count: reports are for staff who edit them and those who act for the body."""
    closed = not (actor.may(Permission.OPINION_EDIT) or speaks_for(conn, actor, body_id))
    return [work for work in Work if not (closed and work is Work.OPINION)]


def _works(conn: Connection, actor: Actor, body: AnyRow, local: LocalTime, year: int) -> list[dict[str, Any]]:
    shown = _shown(conn, actor, body.id)
    each = (works(work, body, *local.moments(year)).subquery() for work in shown)
    counted = [
        select(literal(work.value), of.c.part, func.count()).group_by(of.c.part)
        for work, of in zip(shown, each, strict=True)
    ]
    found: dict[str, dict[str, int]] = {work: {} for work in shown}
    for work, part, count in conn.execute(union_all(*counted)):
        found[work][part] = count
    return [
        {
            "work": work,
            "work_label": WORK_LABELS[work],
            **_figure(body.id, "works", sum(found[work].values()), year, work=work),
            "parts": [
                {"label": label} | _figure(body.id, "works", found[work][part], year, work=work, part=part)
                for part, label in PARTS[work].items()
                if part in found[work]
            ],
        }
        for work in shown
    ]


def _figure(body_id: int, what: str, count: int, year: int, **asked: str) -> dict[str, Any]:
    query = urlencode({"year": year} | asked)
    return {
        "count": count,
        "path": f"/api/v1/bodies/{body_id}/{what}?{query}" if count else None,
    }


def page_of_works(
    conn: Connection,
    actor: Actor,
    body_id: int,
    work: Work,
    *,
    year: int | None,
    part: str | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """What a body did of a sort in a year, newest first."""
    body, local = _own(conn, actor, body_id), local_time(conn, actor.organization_id)
    if work not in _shown(conn, actor, body_id):
        raise Forbidden("以单位名义报送的信息只对单位的负责人、代表和政协机关公开。", code="work_closed")
    of = works(work, body, *local.moments(year or _newest(body, local))).subquery()
    found, keys = select(of), [of.c.at, of.c.id]
    if part is not None:
        found = found.where(of.c.part == part)
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, datetime, int)))
    rows = conn.execute(found.order_by(*(key.desc() for key in keys)).limit(limit + 1)).mappings()
    result = page([dict(row) for row in rows], limit, ["at", "id"])
    links = subjects.links(conn, actor, {(work.value, row["id"]) for row in result["items"]})
    result["items"] = [
        {
            "id": row["id"],
            "on": clock.local_day(row["at"], local.zone),
            "part_label": PARTS[work].get(row["part"]),
            **_linked(links, (work.value, row["id"])),
        }
        for row in result["items"]
    ]
    return result


def _linked(links: dict[tuple[str, int], subjects.Link], key: tuple[str, int]) -> dict[str, Any]:
    link = links.get(key)
    return {"title": link.title if link else subjects.subject(key[0]).label, "path": link and link.path}


def _counted(actor: Actor, body: AnyRow, year: int) -> list[ColumnElement[bool]]:
    """Live records of a year on days on which their member belonged to a body, of kinds that the actor may see."""
    belongs: ColumnElement[bool]
    if body.sector_id is not None:
        belongs = _d.c.seat_id.in_(select(_s.c.id).where(_s.c.sector_id == body.sector_id))
    elif body.committee_id is not None:
        sits = select(_sc.c.seat_id).where(_sc.c.committee_id == body.committee_id)
        belongs = _d.c.seat_id.in_(sits)
    else:
        until = func.coalesce(_m.c.ends_on, _d.c.occurred_on)
        there = _d.c.occurred_on.between(_m.c.starts_on, until)
        belongs = exists().where(_m.c.body_id == body.id, _m.c.seat_id == _d.c.seat_id, there)
    kinds = rules.kinds(closed=actor.may(Permission.DUTY_RECORD))
    return [belongs, _d.c.duty_year == year, _d.c.voided_at.is_(None), _d.c.kind.in_(kinds)]


def _records(conn: Connection, actor: Actor, body: AnyRow, year: int) -> dict[str, Any]:
    found = select(_d.c.kind, func.count().label("records")).where(*_counted(actor, body, year))
    counts = {row.kind: row.records for row in conn.execute(found.group_by(_d.c.kind))}
    return {
        "records": _figure(body.id, "records", sum(counts.values()), year),
        "kinds": [
            {
                "kind": name,
                "kind_label": kind.label,
                "unit": kind.record_unit,
                **_figure(body.id, "records", counts[name], year, kind=name),
            }
            for name, kind in KINDS.items()
            if name in counts
        ],
    }


def page_of_records(
    conn: Connection,
    actor: Actor,
    body_id: int,
    *,
    year: int | None,
    kind: str | None,
    cursor: str | None,
    limit: int,
) -> PageRows:
    """The records that a page of a body counts, newest first."""
    body, local = _own(conn, actor, body_id), local_time(conn, actor.organization_id)
    only = _counted(actor, body, year or _newest(body, local))
    if kind is not None:
        only.append(_d.c.kind == kind)
    names = ("id", "kind", "role", "quantity", "subject_type", "subject_id", "seat_id")
    name, _, post_label, sector = author_columns("")
    who = (name.label("name"), post_label.label("post_label"), sector.label("sector"))
    columns = (*(_d.c[each] for each in names), _d.c.occurred_on.label("on"), _d.c.occurred_at)
    found = select(*columns, *who).select_from(join_author(_d, _d.c.seat_id)).where(*only)
    keys = [_d.c.occurred_at, _d.c.id]
    if cursor:
        found = found.where(before(keys, decode_cursor(cursor, datetime, int)))
    rows = conn.execute(found.order_by(*(key.desc() for key in keys)).limit(limit + 1)).mappings()
    result = page([dict(row) for row in rows], limit, ["occurred_at", "id"])
    about = {(row["subject_type"], row["subject_id"]) for row in result["items"]}
    links = subjects.links(conn, actor, about)
    result["items"] = [
        {
            **{each: row[each] for each in ("id", "kind", "role", "on", "quantity")},
            "seat": {each: row[each] for each in ("seat_id", "name", "post_label", "sector")},
            "kind_label": KINDS[row["kind"]].label,
            "role_label": ROLE_LABELS[row["role"]],
            "unit": KINDS[row["kind"]].quantity_unit,
            **_linked(links, (row["subject_type"], row["subject_id"])),
        }
        for row in result["items"]
    ]
    return result
