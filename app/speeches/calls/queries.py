"""Reads of calls for speeches: all members of the organization see them, withdrawn ones staff alone."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles.reads import only
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import AnyRow, table
from app.speeches.calls.lifecycle import LIFECYCLE, CallState
from app.speeches.models import Speech, SpeechCall
from app.speeches.visible import visible_to as speeches_of

_c, _s = table(SpeechCall), table(Speech)
_SHOWN = ("id", "version", "state", "name", "body", "closes_on", "most_characters", "created_at", "speeches")


class CallFilter(NamedTuple):
    """Which calls a list holds."""

    state: CallState | None = None


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `speech_call` that the actor may see."""
    own = _c.c.organization_id == actor.organization_id
    return own if actor.may(Permission.SPEECH_MANAGE) else own & (_c.c.state != CallState.WITHDRAWN)


def visible_calls(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.SPEECH_READ):
        return set()
    return set(conn.scalars(select(_c.c.id).where(_c.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "speech_call",
        "大会发言征集",
        visible_calls,
        "/api/v1/speech-calls/{id}",
        titles=subjects.excerpted(_c.c.id, _c.c.name, 120),
    )
)


def takes_speeches(actor: Actor, row: AnyRow) -> bool:
    """Whether speeches may be handed in today."""
    return bool(row.state == CallState.OPEN and actor.today <= row.closes_on)


def _rows(actor: Actor) -> Select[Any]:
    count = select(func.count(_s.c.id)).where(_s.c.call_id == _c.c.id, speeches_of(actor))
    return select(_c, count.scalar_subquery().label("speeches")).where(visible_to(actor))


def page_of_calls(
    conn: Connection, actor: Actor, wanted: CallFilter, cursor: str | None, limit: int
) -> PageRows:
    """Calls, the newest first."""
    found = _rows(actor).where(_c.c.state == wanted.state if wanted.state else true())
    if cursor:
        found = found.where(before([_c.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_c.c.id.desc()).limit(limit + 1)).all()
    listed = page([{"id": row.id} for row in rows], limit, ["id"])
    return {"items": [_finished(actor, row) for row in rows[:limit]], "next": listed["next"]}


def read(conn: Connection, actor: Actor, call_id: int) -> dict[str, Any]:
    """One call; `NotFound` when it may not be seen."""
    only(conn, select(_c.c.id).where(_c.c.id == call_id, visible_to(actor)))
    return _finished(actor, conn.execute(_rows(actor).where(_c.c.id == call_id)).one())


def _finished(actor: Actor, row: AnyRow) -> dict[str, Any]:
    """A row as `SpeechCallOut`."""
    steps = LIFECYCLE.open_to(CallState(row.state), actor.permissions, author=False)
    manages = actor.may(Permission.SPEECH_MANAGE)
    return {
        **{name: getattr(row, name) for name in _SHOWN},
        "state_label": LIFECYCLE.labels[CallState(row.state)],
        "takes_speeches": takes_speeches(actor, row),
        "path": f"/api/v1/speeches?call_id={row.id}",
        "editable": manages and row.state in {CallState.OPEN, CallState.CLOSED},
        "actions": [{"action": step.action, "action_label": step.label} for step in steps],
    }
