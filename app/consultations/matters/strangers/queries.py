"""Reads without a login: what was released, and what became of a matter for who has its code."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from app.auth.permissions import Permission
from app.auth.queries import where_somebody_may
from app.consultations.matters.lifecycle import JUDGEMENTS, LIFECYCLE, MatterAction, MatterState
from app.consultations.matters.models import Matter, MatterStep
from app.consultations.venues.models import Venue
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import AnyRow, alias, table
from app.people.models import Organization

_m, _t, _v, _o = table(Matter), table(MatterStep), table(Venue), table(Organization)
_main = alias(table(Matter), "main")
_WORDS = ("title", "problem", "result")
#: So many released matters stand on the page of a venue.
_ON_PAGE = 50


def place(conn: Connection, venue_code: str | None, organization_id: int | None) -> AnyRow:
    """The organization, and the venue if one is named, that citizens may turn to; else `NotFound`."""
    takes = _o.c.id.in_(where_somebody_may(conn, Permission.MATTER_MANAGE))
    if venue_code is None:
        found = select(_o.c.id.label("organization_id"), _o.c.timezone).where(_o.c.id == organization_id)
    else:
        found = (
            select(_v.c.id.label("venue_id"), _v.c.organization_id, _v.c.closed_on, _o.c.timezone)
            .join(_o, _o.c.id == _v.c.organization_id)
            .where(_v.c.code == venue_code, _v.c.is_public)
        )
    row = conn.execute(found.where(takes)).one_or_none()
    if row is None or (venue_code and _is_closed(row)):
        raise NotFound("没有这个议事场所或政协组织，或它不再收集议题。", code="unknown_place")
    return row


def _is_closed(row: AnyRow) -> bool:
    closed: date | None = row.closed_on
    return closed is not None and closed <= clock.local_day(clock.now(), row.timezone)


def page_of_places(conn: Connection, cursor: str | None, limit: int) -> PageRows:
    """The organizations that take matters: where somebody screens them."""
    found = select(_o.c.id, _o.c.name).where(_o.c.id.in_(where_somebody_may(conn, Permission.MATTER_MANAGE)))
    if cursor:
        found = found.where(_o.c.id > decode_cursor(cursor, int)[0])
    rows = conn.execute(found.order_by(_o.c.id).limit(limit + 1)).mappings()
    return page([dict(row) for row in rows], limit, ["id"])


def _released() -> Select[Any]:
    words = (_m.c[f"released_{name}"].label(name) for name in _WORDS)
    return (
        select(_m.c.id, *words, _v.c.name.label("venue"), _m.c.solved.is_(True).label("solved"))
        .add_columns(_m.c.released_at)
        .select_from(_m.outerjoin(_v, _v.c.id == _m.c.venue_id))
        .where(_m.c.released_at.is_not(None))
    )


def page_of_released(
    conn: Connection, here: AnyRow, *, solved: bool | None, cursor: str | None, limit: int
) -> PageRows:
    """What was released of the matters of a venue, or of an organization; newest first."""
    venue_id = here._mapping.get("venue_id")  # noqa: SLF001
    found = _released().where(_m.c.organization_id == here.organization_id)
    if venue_id is not None:
        found = found.where(_m.c.venue_id == venue_id)
    if solved is not None:
        found = found.where(_m.c.solved.is_(True) if solved else _m.c.solved.is_not(True))
    if cursor:
        found = found.where(before([_m.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_m.c.id.desc()).limit(limit + 1)).mappings()
    return page([{**row, "solved": bool(row["solved"])} for row in rows], limit, ["id"])


def results_of(conn: Connection, venue_id: int) -> list[dict[str, Any]]:
    """The newest that was released of the matters of a venue, for its public page."""
    found = _released().where(_m.c.venue_id == venue_id).order_by(_m.c.id.desc()).limit(_ON_PAGE)
    return [{**row, "solved": bool(row["solved"])} for row in conn.execute(found).mappings()]


def released(conn: Connection, matter_id: int) -> dict[str, Any]:
    """One released matter; `NotFound` for any other."""
    row = conn.execute(_released().where(_m.c.id == matter_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return {**row, "solved": bool(row["solved"])}


def status(conn: Connection, which: ColumnElement[bool]) -> dict[str, Any]:
    """What became of a matter, as the citizen who brought it reads it; `NotFound` for an unknown code."""
    declined = (
        select(_t.c.reason)
        .where(_t.c.matter_id == _m.c.id, _t.c.action == MatterAction.DECLINE)
        .order_by(_t.c.id.desc())
        .limit(1)
    )
    row = conn.execute(
        select(_m, _o.c.name.label("organization"), _v.c.name.label("venue"))
        .add_columns(declined.scalar_subquery().label("reason"), _main.c.state.label("main_state"))
        .add_columns(*(_main.c[f"released_{name}"].label(f"main_{name}") for name in _WORDS))
        .add_columns(_main.c.released_at.label("main_released_at"))
        .select_from(
            _m.join(_o, _o.c.id == _m.c.organization_id)
            .outerjoin(_v, _v.c.id == _m.c.venue_id)
            .outerjoin(_main, _main.c.id == _m.c.into_id)
        )
        .where(which)
    ).one_or_none()
    if row is None:
        raise NotFound("没有这个受理编号，请核对后再查。", code="unknown_receipt")
    merged = row.state == MatterState.MERGED
    state = MatterState(row.main_state if merged else row.state)
    prefix = "main_" if merged else "released_"
    told = row.main_released_at if merged else row.released_at
    return {
        **{name: getattr(row, name) for name in ("organization", "venue")},
        "state": state,
        "state_label": LIFECYCLE.labels[state],
        "merged": merged,
        "reason": row.reason if state is MatterState.DECLINED else None,
        "release": {name: getattr(row, prefix + name) for name in _WORDS} if told else None,
        "received_at": row.created_at,
        "may_judge": not merged and any(state in step.sources for step in _JUDGING),
    }


_JUDGING = [step for step in LIFECYCLE.transitions if step.action in JUDGEMENTS]
