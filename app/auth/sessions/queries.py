"""Reads of who the actor is, as `GET /auth/me` says it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Date, TableClause, column, select
from sqlalchemy import table as named

from app.auth.actor import NOTICE_VERSION, Actor
from app.auth.models import AccountRole
from app.auth.permissions import ROLE_LABELS, Role
from app.auth.phones import masked
from app.auth.queries import account, organizations_of
from app.core import clock
from app.core.sql import table

_r = table(AccountRole)


def _named(name: str, *columns: str) -> TableClause:
    return named(name, *(column(c) for c in columns))


# The package `people` stands above this one: its tables are named here, not imported.
_organization = _named("organization", "id", "name")
_seat = named(
    "seat",
    *map(column, ("id", "sector_id", "term_id", "number", "post", "end_kind")),
    column("ends_on", Date),
)
_sector, _term, _unit = (
    _named("sector", "id", "name"),
    _named("term", "id", "name"),
    _named("unit", "id", "name"),
)
_office = _named("office", "id", "name", "committee_id")
#: Chinese names of posts; `people` fills them in.
post_labels: dict[str, str] = {}
#: Chinese names of the ends of a seat; `people` fills them in.
end_labels: dict[str, str] = {}


def me(conn: Connection, actor: Actor) -> dict[str, Any]:
    """Who the actor is: name, roles, permissions, organizations, seat and unit."""
    mine = account(conn, actor.account_id)
    organizations = conn.execute(
        select(_organization.c.id, _organization.c.name)
        .where(_organization.c.id.in_(organizations_of(conn, actor.account_id)))
        .order_by(_organization.c.id)
    )
    seats = _seats_of(conn, actor) if actor.seat_ids else []
    known = {row.id: dict(row._mapping) for row in organizations}  # noqa: SLF001 - the documented way
    return {
        "account_id": actor.account_id,
        "session_id": actor.session_id,
        "name": actor.name,
        "phone": masked(mine.phone),
        "organization": known[actor.organization_id],
        "organizations": list(known.values()),
        "roles": [{"role": role, "role_label": ROLE_LABELS[role]} for role in Role if role in actor.roles],
        "permissions": sorted(actor.permissions),
        "seat": seats[0] if seats else None,
        "past_seats": seats[1:],
        "unit": _unit_of(conn, actor.unit_id),
        "offices": _offices_of(conn, actor),
        "due": actor.due,
        "consent_version": mine.consent_version,
        "notice_version": NOTICE_VERSION,
        "second_factor": mine.second_factor_at is not None,
        "password_changed_at": mine.password_changed_at,
    }


def _seats_of(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The actor's seats, present and past: the one acted for or held last first, then the newest."""
    rows = conn.execute(
        select(
            *(_seat.c.id, _seat.c.number, _seat.c.post, _seat.c.ends_on, _seat.c.end_kind),
            _sector.c.name.label("sector"),
            _term.c.name.label("term"),
        )
        .join(_sector, _sector.c.id == _seat.c.sector_id)
        .join(_term, _term.c.id == _seat.c.term_id)
        .where(_seat.c.id.in_(actor.seat_ids))
        .order_by(_seat.c.id != actor.last_seat_id, _seat.c.ends_on.desc(), _seat.c.id)
    ).mappings()
    seats = []
    for row in rows:
        seat = {name: value for name, value in row.items() if name != "end_kind"}
        seat |= {"post_label": post_labels[row["post"]], "current": row["id"] == actor.seat_id, "note": None}
        if row["id"] == actor.last_seat_id != actor.seat_id:
            seat["note"] = _farewell(seat, end_labels.get(row["end_kind"], ""), actor.roles)
        seats.append(seat)
    return seats


def _farewell(seat: dict[str, Any], end: str, roles: Collection[Role]) -> str:
    """What somebody reads whose seat has ended."""
    day = clock.in_words(seat["ends_on"])
    if Role.OUTGOING_MEMBER in roles:
        return (
            f"{seat['term']}任期已于{day}届满，新一届还没有开始。"
            "名册、榜单、动态和您的履职档案都可以照常查阅，暂时不能发布新的内容。"
        )
    how = f"（{end}）" if end else ""
    return (
        f"您的委员任期已于{day}结束{how}，感谢您的履职。"
        "履职档案、积分、纪念卡和通报都为您留着，随时可以查阅、分享、下载。"
    )


def _unit_of(conn: Connection, unit_id: int | None) -> dict[str, Any] | None:
    row = conn.execute(select(_unit.c.id, _unit.c.name).where(_unit.c.id == unit_id)).mappings()
    return next((dict(r) for r in row), None)


def _offices_of(conn: Connection, actor: Actor) -> list[dict[str, Any]]:
    rows = conn.execute(
        select(_office.c.id, _office.c.name, _office.c.committee_id)
        .join(_r, _r.c.office_id == _office.c.id)
        .where(
            _r.c.account_id == actor.account_id,
            _r.c.organization_id == actor.organization_id,
            _r.c.ends_on.is_(None) | (_r.c.ends_on >= clock.local_day(clock.now(), actor.zone)),
        )
        .order_by(_office.c.id)
    )
    return [dict(r) for r in rows.mappings()]
