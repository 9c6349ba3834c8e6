"""Reads of bodies: their names, who heads them and who may act for them."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, false, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import Invalid, NotFound
from app.core.sql import AnyRow, alias, table
from app.people.bodies.memberships import memberships
from app.people.bodies.models import Body, BodySpokesperson
from app.people.bodies.rules import BODY_LABELS, masked_phone
from app.people.models import Committee, Seat, Sector, Term
from app.people.queries import accounts_of, author_columns, join_author, present_term
from app.people.terms import terms_in

_b, _k, _s, _t = table(Body), table(BodySpokesperson), table(Seat), table(Term)
_sector, _committee = alias(table(Sector), "body_sector"), alias(table(Committee), "body_committee")
_name = func.coalesce(_b.c.name, _sector.c.name, _committee.c.name)
_named = _b.outerjoin(_sector, _sector.c.id == _b.c.sector_id).outerjoin(
    _committee, _committee.c.id == _b.c.committee_id
)


def name_of(body_id: ColumnElement[Any]) -> ColumnElement[str | None]:
    """The name of the body in a column, for lists."""
    return select(_name).select_from(_named).where(_b.c.id == body_id).scalar_subquery()


def ids_named(matches: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> Select[int]:
    """The ids of the bodies whose name `matches`."""
    return select(_b.c.id).select_from(_named).where(matches(_name))


def names_of(conn: Connection, ids: Collection[int]) -> dict[int, str]:
    """The names of some bodies."""
    rows = conn.execute(select(_b.c.id, _name.label("name")).select_from(_named).where(_b.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def bodies_by_name(conn: Connection, term_id: int) -> dict[str, int]:
    """The bodies of a term by name."""
    rows = conn.execute(
        select(_name.label("name"), _b.c.id).select_from(_named).where(_b.c.term_id == term_id)
    )
    return {row.name: row.id for row in rows}


def _visible(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    own = select(_b.c.id).where(_b.c.id.in_(ids), _b.c.organization_id == actor.organization_id)
    return set(conn.scalars(own)) if actor.may(Permission.PEOPLE_READ) else set()


subjects.register(subjects.Subject("body", "参加单位", _visible, "/api/v1/bodies/{id}", titles=names_of))


def acts_for(actor: Actor, body_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the actor is head or spokesperson of the body in a column."""
    if actor.seat_id is None:
        return false()
    speaks = select(_k.c.body_id).where(_k.c.seat_id == actor.seat_id)
    heads = select(_b.c.id).where(_b.c.head_seat_id == actor.seat_id)
    return body_id.in_(speaks) | body_id.in_(heads)


def own_bodies(
    conn: Connection, organization_id: int, ids: Collection[int], first: date, last: date
) -> Sequence[AnyRow]:
    """Id, sector and committee of these bodies of an organization; `Invalid` unless their terms run in these days."""
    if not ids:
        return []
    own = select(_b.c.id, _b.c.sector_id, _b.c.committee_id, _b.c.kind)
    running = terms_in(organization_id, first, last)
    found = conn.execute(own.where(_b.c.term_id.in_(running), _b.c.id.in_(ids))).all()
    if {row.id for row in found} != set(ids):
        raise Invalid("邀请的参加单位不存在，或者不是这一届的。", code="unknown_group")
    return found


def head_of(conn: Connection, body_id: int | None) -> int | None:
    """The seat of a body's head."""
    return conn.scalar(select(_b.c.head_seat_id).where(_b.c.id == body_id))


def accounts_acting_for(conn: Connection, body_id: int | None) -> set[int]:
    """The accounts of those who may act for a body."""
    if body_id is None:
        return set()
    seats = conn.scalars(select(_k.c.seat_id).where(_k.c.body_id == body_id)).all()
    return set(accounts_of(conn, [*seats, *filter(None, [head_of(conn, body_id)])]).values())


def _rows(actor: Actor) -> Select[Any]:
    names = ("id", "term_id", "kind", "sector_id", "committee_id", "head_seat_id", "position")
    return (
        select(
            *(_b.c[name] for name in names),
            *(_b.c[name] for name in ("contact_name", "contact_phone")),
            _name.label("name"),
            acts_for(actor, _b.c.id).label("mine"),
        )
        .select_from(_named)
        .where(_b.c.organization_id == actor.organization_id)
        .order_by(_b.c.position, _b.c.id)
    )


def _out(conn: Connection, actor: Actor, query: Select[Any]) -> list[dict[str, Any]]:
    bodies = [dict(row) for row in conn.execute(query).mappings()]
    today = clock.local_day(clock.now(), actor.zone)
    speakers = _seats(conn, today, [body["id"] for body in bodies], [body["head_seat_id"] for body in bodies])
    counts, belongs = _memberships(conn, actor, today, [body["id"] for body in bodies])
    manages = actor.may(Permission.PEOPLE_MANAGE)
    for body in bodies:
        body["member_count"] = counts.get(body["id"], 0)
        body["belongs"] = body["id"] in belongs
        body["kind_label"] = BODY_LABELS[body["kind"]]
        body["head"] = speakers.get((None, body.pop("head_seat_id")))
        body["spokespersons"] = [seat for (of, _), seat in speakers.items() if of == body["id"]]
        if body["contact_phone"] and not (manages or body["mine"]):
            body["contact_phone"] = masked_phone(body["contact_phone"])
    return bodies


def _memberships(
    conn: Connection, actor: Actor, day: date, ids: Collection[int]
) -> tuple[dict[int, int], set[int]]:
    """How many belong to each of some bodies, and to which the actor does."""
    of = memberships(day, ids)
    held = of.join(_s, (_s.c.id == of.c.seat_id) & (_s.c.starts_on <= day) & (_s.c.ends_on >= day))
    mine = func.max(case((of.c.seat_id == actor.seat_id, 1), else_=0))
    rows = conn.execute(
        select(of.c.body_id, func.count(), mine).select_from(held).group_by(of.c.body_id)
    ).all()
    return {row[0]: row[1] for row in rows}, {row[0] for row in rows if row[2]}


def _seats(
    conn: Connection, today: date, body_ids: Collection[int], heads: Collection[int | None]
) -> dict[tuple[int | None, int], dict[str, Any]]:
    """Spokespersons by body and seat, heads by None and seat; without those who left before the end of the term."""
    term_ends_on = select(_t.c.ends_on).where(_t.c.id == _s.c.term_id).scalar_subquery()
    stays = (_s.c.ends_on >= today) | (_s.c.ends_on >= term_ends_on)
    name, _, post_label, sector = author_columns("")
    columns = (name.label("name"), sector.label("sector"), post_label.label("post_label"))
    found: dict[tuple[int | None, int], dict[str, Any]] = {}
    spoken = select(_k.c.body_id, _k.c.seat_id, *columns).select_from(join_author(_k, _k.c.seat_id))
    for row in conn.execute(
        spoken.where(_k.c.body_id.in_(body_ids), stays).order_by(_k.c.seat_id)
    ).mappings():
        found[row["body_id"], row["seat_id"]] = {k: v for k, v in row.items() if k != "body_id"}
    headed = select(_b.c.head_seat_id.label("seat_id"), *columns).select_from(
        join_author(_b, _b.c.head_seat_id)
    )
    for row in conn.execute(headed.where(_b.c.head_seat_id.in_(set(heads) - {None}), stays)).mappings():
        found[None, row["seat_id"]] = dict(row)
    return found


def bodies(
    conn: Connection, actor: Actor, term_id: int | None, *, mine: bool = False
) -> list[dict[str, Any]]:
    """The bodies of a term (the present one), or only those for which the actor may act."""
    query = _rows(actor).where(_b.c.term_id == (term_id or present_term(conn, actor.organization_id)))
    return _out(conn, actor, query.where(acts_for(actor, _b.c.id)) if mine else query)


def body(conn: Connection, actor: Actor, body_id: int) -> dict[str, Any]:
    """One body of the actor's organization; `NotFound` for any other."""
    found = _out(conn, actor, _rows(actor).where(_b.c.id == body_id))
    if not found:
        raise NotFound
    return found[0]


def may_edit_brand(actor: Actor, head_seat_id: int | None) -> bool:
    """Whether the actor writes what a body is known for: its head in office, or staff."""
    return actor.may(Permission.PEOPLE_MANAGE) or head_seat_id == actor.seat_id is not None


def brand(conn: Connection, body_id: int) -> dict[str, Any]:
    """What a body is known for, as `BrandOut`."""
    columns = (_b.c[f"brand_{name}"].label(name) for name in ("title", "text", "version"))
    return dict(conn.execute(select(*columns).where(_b.c.id == body_id)).mappings().one())


def contact(conn: Connection, body_id: int | None, *, whole: bool) -> dict[str, str | None]:
    """Name and phone of a body's contact person; the phone masked unless `whole`."""
    found = select(_b.c.contact_name, _b.c.contact_phone).where(_b.c.id == body_id)
    name, phone = (body_id and conn.execute(found).one_or_none()) or (None, None)
    return {"contact_name": name, "contact_phone": phone and (phone if whole else masked_phone(phone))}


def speaks_for(conn: Connection, actor: Actor, body_id: int | None) -> bool:
    """Whether the actor may act for a body of their organization."""
    own = (_b.c.id == body_id) & (_b.c.organization_id == actor.organization_id)
    return conn.scalar(select(_b.c.id).where(own, acts_for(actor, _b.c.id))) is not None
