"""Reads of people: who a seat is, whose account it has, who is in a sector or committee."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, bindparam, case, func, or_, select
from sqlmodel import SQLModel

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import AccountRole
from app.auth.permissions import Permission, Role
from app.auth.phones import masked, national
from app.auth.sessions.queries import end_labels, post_labels
from app.auth.subjects import Subject
from app.core import clock
from app.core.errors import NotFound
from app.core.language import names
from app.core.paging import PageRows, decode_cursor, page
from app.core.sql import table
from app.people.bodies.memberships import memberships
from app.people.models import (
    END_LABELS,
    POST_LABELS,
    UNIT_LABELS,
    Committee,
    Organization,
    Person,
    Post,
    Seat,
    SeatCommittee,
    SeatEnd,
    Sector,
    Term,
    Unit,
)
from app.people.terms import end_of, shown_day_of

_s, _p, _x, _t = table(Seat), table(Person), table(Sector), table(Term)
post_labels.update({post.value: label for post, label in POST_LABELS.items()})
end_labels.update({end.value: label for end, label in END_LABELS.items()})


def author_columns(prefix: str = "author_") -> list[ColumnElement[Any]]:
    """Name, post (as code and in Chinese) and sector of a seat, for lists that joined it by `join_author`."""
    return [
        _p.c.name.label(f"{prefix}name"),
        _s.c.post.label(f"{prefix}post"),
        case(dict(POST_LABELS), value=_s.c.post).label(f"{prefix}post_label"),
        _x.c.name.label(f"{prefix}sector"),
    ]


def join_author(source: FromClause, seat_id: ColumnElement[Any], *, outer: bool = False) -> FromClause:
    """`source` joined with the seat, person and sector of its `seat_id`; `outer` keeps rows without a seat."""
    return (
        source.join(_s, _s.c.id == seat_id, isouter=outer)
        .join(_p, _p.c.id == _s.c.person_id, isouter=outer)
        .join(_x, _x.c.id == _s.c.sector_id, isouter=outer)
    )


_held = table(AccountRole)
_ACCOUNTS = select(_held.c.seat_id, _held.c.account_id).where(
    _held.c.seat_id.in_(bindparam("seat_ids", expanding=True)), _held.c.role == Role.MEMBER
)


def named(seat_id: int, name: str, sector: str, post: str) -> dict[str, Any]:
    """A seat as lists name it."""
    said = {"id": seat_id, "name": name, "sector": sector, "post": Post(post)}
    return said | {"post_label": POST_LABELS[Post(post)]}


def accounts_of(conn: Connection, seat_ids: Collection[int]) -> dict[int, int]:
    """The account of each seat that has one, by seat id."""
    return {row.seat_id: row.account_id for row in conn.execute(_ACCOUNTS, {"seat_ids": list(seat_ids)})}


_HOLDER = select(_p.c.account_id).join(_s, _s.c.person_id == _p.c.id).where(_s.c.id == bindparam("seat_id"))


def is_own_seat(conn: Connection, actor: Actor, seat_id: int) -> bool:
    """Whether a seat is the actor's: the one acted for, or one that the same person held in an earlier term."""
    return seat_id in actor.seat_ids or conn.scalar(_HOLDER, {"seat_id": seat_id}) == actor.account_id


def seats_in(
    organization_id: int,
    day: date,
    *,
    sectors: Collection[int] = (),
    committees: Collection[int] = (),
    bodies: Collection[int] = (),
) -> Select[int]:
    """Ids of the seats that are held on a local day, of some sectors, committees or bodies if any are named."""
    seats = select(_s.c.id).where(
        _s.c.organization_id == organization_id, _s.c.starts_on <= day, _s.c.ends_on >= day
    )
    if sectors or committees or bodies:
        c = table(SeatCommittee)
        in_committee = select(c.c.seat_id).where(c.c.committee_id.in_(committees))
        among = [_s.c.sector_id.in_(sectors), _s.c.id.in_(in_committee)]
        if bodies:
            among.append(_s.c.id.in_(select(memberships(day, bodies).c.seat_id)))
        seats = seats.where(or_(*among))
    return seats


def sector_mates(seat_id: int | ColumnElement[int]) -> Select[int]:
    """Ids of the seats in the sector of a seat."""
    return select(_s.c.id).where(
        _s.c.sector_id == select(_s.c.sector_id).where(_s.c.id == seat_id).scalar_subquery()
    )


def committee_mates(seat_id: int | ColumnElement[int]) -> Select[int]:
    """Ids of the seats that share a committee with a seat."""
    c = table(SeatCommittee)
    return select(c.c.seat_id).where(
        c.c.committee_id.in_(select(c.c.committee_id).where(c.c.seat_id == seat_id))
    )


def _today(conn: Connection, organization_id: int) -> date:
    o = table(Organization)
    zone = conn.execute(select(o.c.timezone).where(o.c.id == organization_id)).scalar_one()
    return clock.local_day(clock.now(), zone)


def terms(conn: Connection, organization_id: int) -> list[dict[str, Any]]:
    """The terms of an organization, newest first."""
    t, today = table(Term), _today(conn, organization_id)
    rows = conn.execute(
        select(t.c.id, t.c.ordinal, t.c.name, t.c.starts_on, t.c.ends_on)
        .where(t.c.organization_id == organization_id)
        .order_by(t.c.ordinal.desc())
    ).mappings()
    return [{**r, "current": r["starts_on"] <= today <= r["ends_on"]} for r in rows]


def present_term(conn: Connection, organization_id: int) -> int:
    """The id of the term in which today lies, else of the last that has ended; `NotFound` when there is none."""
    found = terms(conn, organization_id)
    if not found:
        raise NotFound("还没有建立届次。", code="no_term")
    today = _today(conn, organization_id)
    begun = [t for t in found if t["starts_on"] <= today]  # newest first
    return int((begun or found)[0]["id"])


def groups(
    conn: Connection, actor: Actor, model: type[SQLModel], term_id: int | None
) -> list[dict[str, Any]]:
    """Sectors or committees of a term (the present one) of the actor's organization, with the seats held today.

    Between terms the seats are those that were held to the end.
    """
    g, t, today = table(model), table(Term), shown_day_of(conn, actor.organization_id)
    term_id = term_id or present_term(conn, actor.organization_id)
    held = (_s.c.starts_on <= today) & (_s.c.ends_on >= today)
    if model is Sector:
        count = select(func.count()).where(_s.c.sector_id == g.c.id, held)
    else:
        c = table(SeatCommittee)
        count = select(func.count()).where(c.c.committee_id == g.c.id, _s.c.id == c.c.seat_id, held)
    rows = conn.execute(
        select(g.c.id, g.c.term_id, g.c.name, g.c.position, count.scalar_subquery().label("seat_count"))
        .join(t, t.c.id == g.c.term_id)
        .where(g.c.term_id == term_id, t.c.organization_id == actor.organization_id)
        .order_by(g.c.position, g.c.id)
    )
    return [dict(r) for r in rows.mappings()]


def units(conn: Connection, organization_id: int) -> list[dict[str, Any]]:
    """The handling units of an organization, by name."""
    u = table(Unit)
    rows = conn.execute(
        select(u.c.id, u.c.name, u.c.kind).where(u.c.organization_id == organization_id).order_by(u.c.name)
    )
    return [{**r, "kind_label": UNIT_LABELS[r["kind"]]} for r in rows.mappings()]


def _seat_rows(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    """Seats as `SeatOut`: what only staff who manage people may know is masked or empty for all others."""
    manages, today = actor.may(Permission.PEOPLE_MANAGE), clock.local_day(clock.now(), actor.zone)
    rows = [dict(r) for r in conn.execute(query).mappings()]
    sits: dict[int, list[dict[str, Any]]] = {r["id"]: [] for r in rows}
    c, k = table(SeatCommittee), table(Committee)
    for sitting in conn.execute(
        select(c.c.seat_id, k.c.id, k.c.name)
        .join(k, k.c.id == c.c.committee_id)
        .where(c.c.seat_id.in_(sits))
        .order_by(k.c.position, k.c.id)
    ):
        sits[sitting.seat_id].append({"id": sitting.id, "name": sitting.name})
    for row in rows:
        row["committees"] = sits[row["id"]]
        row["post_label"] = POST_LABELS[Post(row["post"])]
        row["current"] = row["starts_on"] <= today <= row["ends_on"]
        row["end_kind"] = end_of(row["end_kind"], row["ends_on"], row.pop("term_ends_on"), today)
        row["end_kind_label"] = END_LABELS[row["end_kind"]] if row["end_kind"] else None
        if manages:
            row["phone"] = national(row["phone"])
        else:
            row |= {"phone": masked(row["phone"]), "gender": None, "born_on": None, "end_paper": None}
            if row["end_kind"] not in {
                None,
                SeatEnd.TERM_OVER,
            }:  # how somebody left is not everybody's business
                row |= {"end_kind": None, "end_kind_label": None if row["current"] else "已离任"}
    return rows


def _seats() -> Select[Any]:
    return (
        select(
            _s.c.id,
            _s.c.term_id,
            _p.c.name,
            _s.c.post,
            _s.c.number,
            _s.c.sector_id,
            _x.c.name.label("sector"),
            _s.c.employer,
            _p.c.phone,
            _p.c.gender,
            _p.c.born_on,
            _p.c.portrait,
            _s.c.starts_on,
            _s.c.ends_on,
            _s.c.end_kind,
            _s.c.end_paper,
            _t.c.ends_on.label("term_ends_on"),
        )
        .join(_t, _t.c.id == _s.c.term_id)
        .join(_p, _p.c.id == _s.c.person_id)
        .join(_x, _x.c.id == _s.c.sector_id)
    )


@dataclass(frozen=True)
class SeatFilter:
    """Which seats of the directory; without `term_id` those held on the shown day; `among` selects ids."""

    sector_id: int | None = None
    committee_id: int | None = None
    term_id: int | None = None
    q: str | None = None
    among: Select[Any] | None = None


def page_of_seats(
    conn: Connection, actor: Actor, wanted: SeatFilter, cursor: str | None, limit: int
) -> PageRows:
    """The directory of the actor's organization, in the order of the roster."""
    today, c = shown_day_of(conn, actor.organization_id), table(SeatCommittee)
    query = _seats().where(_s.c.organization_id == actor.organization_id)
    if wanted.term_id:
        query = query.where(_s.c.term_id == wanted.term_id)
    else:
        query = query.where(_s.c.starts_on <= today, _s.c.ends_on >= today)
    if wanted.sector_id:
        query = query.where(_s.c.sector_id == wanted.sector_id)
    if wanted.committee_id:
        members = select(c.c.seat_id).where(c.c.committee_id == wanted.committee_id)
        query = query.where(_s.c.id.in_(members))
    if wanted.among is not None:
        query = query.where(_s.c.id.in_(wanted.among))
    if wanted.q:
        query = query.where(names.like(_p.c.name, wanted.q))
    if cursor:
        query = query.where(_s.c.id > decode_cursor(cursor, int)[0])
    return page(_seat_rows(conn, actor, query.order_by(_s.c.id).limit(limit + 1)), limit, ["id"])


def seat(conn: Connection, actor: Actor, seat_id: int) -> dict[str, Any]:
    """One seat of the actor's organization; `NotFound` for any other."""
    mine = _s.c.organization_id == actor.organization_id
    rows = _seat_rows(conn, actor, _seats().where(_s.c.id == seat_id, mine))
    if not rows:
        raise NotFound
    return rows[0]


def visible_seats(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Seats are seen within their organization by those who may read people."""
    if not actor.may(Permission.PEOPLE_READ):
        return set()
    rows = conn.execute(
        select(_s.c.id).where(_s.c.id.in_(ids), _s.c.organization_id == actor.organization_id)
    )
    return set(rows.scalars())


subjects.register(Subject("seat", "委员", visible_seats, "/api/v1/seats/{id}"))
