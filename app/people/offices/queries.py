"""Reads of offices, and of what else a role may stand for."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, null, select

from app.auth.actor import Actor
from app.auth.areas import AREA_LABELS
from app.auth.models import Account, AccountRole
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import PageRows, decode_cursor, page
from app.core.sql import table
from app.people.models import Committee, Person, Seat, Sector, Term, Unit
from app.people.models_offices import Office

_o, _r, _a, _c = table(Office), table(AccountRole), table(Account), table(Committee)
_s, _p, _x, _t, _u = table(Seat), table(Person), table(Sector), table(Term), table(Unit)


def offices(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The offices of the actor's organization with their staff, in the order in which they were made."""
    return _offices(conn, actor, _o.c.organization_id == actor.organization_id)


def office(conn: Connection, actor: Actor, office_id: int) -> dict[str, Any]:
    """One office of the actor's organization; `NotFound` for any other."""
    own = (_o.c.organization_id == actor.organization_id) & (_o.c.id == office_id)
    found = _offices(conn, actor, own)
    if not found:
        raise NotFound
    return found[0]


def _offices(conn: Connection, actor: Actor, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = conn.execute(
        select(
            _o.c.id, _o.c.name, _o.c.areas, _o.c.closed_at, _o.c.committee_id, _c.c.name.label("committee")
        )
        .outerjoin(_c, _c.c.id == _o.c.committee_id)
        .where(wanted)
        .order_by(_o.c.id)
    ).all()
    staff: dict[int, list[dict[str, Any]]] = {row.id: [] for row in rows}
    for clerk in conn.execute(works_in(staff, clock.local_day(clock.now(), actor.zone))):
        staff[clerk.office_id].append(
            {"account_id": clerk.account_id, "name": clerk.name, "ends_on": clerk.ends_on}
        )
    return [
        {
            "id": row.id,
            "name": row.name,
            "areas": [
                {"area": area, "area_label": label}
                for area, label in AREA_LABELS.items()
                if area in row.areas
            ],
            "committee": {"id": row.committee_id, "name": row.committee} if row.committee_id else None,
            "staff": staff[row.id],
            "closed_at": row.closed_at,
        }
        for row in rows
    ]


def works_in(office_ids: Any, today: Any) -> Select[Any]:
    """Who works in some offices today."""
    return (
        select(_r.c.office_id, _r.c.account_id, _a.c.name, _r.c.ends_on)
        .join(_a, _a.c.id == _r.c.account_id)
        .where(_r.c.office_id.in_(office_ids), _r.c.ends_on.is_(None) | (_r.c.ends_on >= today))
        .order_by(_r.c.office_id, _r.c.id)
    )


class TargetKind(StrEnum):
    """What a role, or an office, may stand for."""

    SEATS = "seats"
    UNITS = "units"
    COMMITTEES = "committees"


def page_of_targets(
    conn: Connection, actor: Actor, kind: TargetKind, q: str, cursor: str | None, limit: int
) -> PageRows:
    """What a grant in the actor's organization may name: ids and names, no phones or days of birth."""
    today = clock.local_day(clock.now(), actor.zone)
    match kind:
        case TargetKind.SEATS:
            id_, name = _s.c.id, _p.c.name
            found = select(id_, name, _x.c.name.label("note")).select_from(
                _s.join(_p, _p.c.id == _s.c.person_id).join(_x, _x.c.id == _s.c.sector_id)
            )
            found = found.where(_s.c.organization_id == actor.organization_id, _s.c.ends_on >= today)
        case TargetKind.UNITS:
            id_, name = _u.c.id, _u.c.name
            found = select(id_, name, null().label("note"))
            found = found.where(_u.c.organization_id == actor.organization_id)
        case TargetKind.COMMITTEES:
            id_, name = _c.c.id, _c.c.name
            found = select(id_, name, _t.c.name.label("note")).join(_t, _t.c.id == _c.c.term_id)
            found = found.where(_t.c.organization_id == actor.organization_id, _t.c.ends_on >= today)
    if q:
        found = found.where(name.contains(q, autoescape=True))
    if cursor:
        found = found.where(id_ > decode_cursor(cursor, int)[0])
    rows = conn.execute(found.order_by(id_).limit(limit + 1)).mappings()
    return page([dict(row) for row in rows], limit, ["id"])
