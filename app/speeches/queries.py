"""Reads of speeches: authors their own, staff all, members the chosen ones once the results are published."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, literal, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles.reads import only, page_of_versions
from app.core.finding import contains_words
from app.core.lifecycle import Transition
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import AnyRow, table
from app.people.bodies import queries as bodies
from app.speeches.calls.lifecycle import CallState
from app.speeches.calls.queries import takes_speeches
from app.speeches.lifecycle import CHOSEN, LIFECYCLE, SpeechAction, SpeechState
from app.speeches.models import Speech, SpeechCall, SpeechStep, SpeechVersion
from app.speeches.rules import FORM_LABELS, SpeechForm
from app.speeches.visible import own_of, published, visible_to

_s, _c, _t, _v, _a = table(Speech), table(SpeechCall), table(SpeechStep), table(SpeechVersion), table(Account)
#: Comes after every place in the order.
_LAST = 1_000_000
_SAME = ("call_id", "state", "wishes")
#: Columns of a speech that are shown as they are.
_SHOWN = (
    *("id", "version", "call_id", "state", "wishes", "place", "delivered_on", "title"),
    *("seat_id", "body_id", "created_at"),
)
#: By what a list is in order.
_KEYS = ["of_call", "position", "newest"]
_NAMED = ("call", "author", "body_name")


class SpeechFilter(NamedTuple):
    """Which speeches a list holds."""

    call_id: int | None = None
    state: SpeechState | None = None
    wishes: SpeechForm | None = None
    mine: bool = False
    text: str = ""


def visible_speeches(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    if not actor.may(Permission.SPEECH_READ):
        return set()
    return set(conn.scalars(select(_s.c.id).where(_s.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "speech",
        "大会发言",
        visible_speeches,
        "/api/v1/speeches/{id}",
        titles=subjects.titled(_s.c.id, _s.c.title, where=published()),
    )
)


def steps_open_to(actor: Actor, row: AnyRow) -> list[Transition[SpeechState]]:
    """The steps that the actor may run; a withdrawn speech comes back while its call is not published."""
    return [
        step
        for step in LIFECYCLE.open_to(SpeechState(row.state), actor.permissions, author=bool(row.mine))
        if step.action != SpeechAction.RESUBMIT or row.call_state in {CallState.OPEN, CallState.CLOSED}
    ]


def may_edit(actor: Actor, row: AnyRow, call: AnyRow) -> bool:
    """Whether the actor may save a text: authors while it is asked for, staff while they work on it."""
    author = bool(row.mine) and actor.may(Permission.SPEECH_WRITE)
    match SpeechState(row.state):
        case SpeechState.RETURNED:
            return author
        case SpeechState.WITHDRAWN:
            return author and takes_speeches(actor, call)
        case SpeechState.SUBMITTED:
            return actor.may(Permission.SPEECH_MANAGE) or (author and takes_speeches(actor, call))
        case SpeechState.ORAL | SpeechState.WRITTEN:
            return actor.may(Permission.SPEECH_MANAGE)
    return False


def rows(actor: Actor) -> Select[Any]:
    """The speeches that the actor may see, with names and their calls."""
    return (
        select(
            _s,
            _c.c.name.label("call"),
            _c.c.state.label("call_state"),
            _c.c.closes_on,
            _c.c.most_characters,
            _a.c.name.label("author"),
            bodies.name_of(_s.c.body_id).label("body_name"),
            own_of(actor).label("mine"),
        )
        .select_from(_s.join(_c, _c.c.id == _s.c.call_id).join(_a, _a.c.id == _s.c.account_id))
        .where(visible_to(actor))
    )


def page_of_speeches(
    conn: Connection, actor: Actor, wanted: SpeechFilter, cursor: str | None, limit: int
) -> PageRows:
    """By call, the newest first: oral speeches in their order, then the newest; one's own newest first."""
    call, place = (
        (literal(0), literal(0)) if wanted.mine else (-_s.c.call_id, func.coalesce(_s.c.place, _LAST))
    )
    order = [call, place, -_s.c.id]
    same = [_s.c[name] == value for name in _SAME if (value := getattr(wanted, name)) is not None]
    found = (
        rows(actor)
        .add_columns(call.label("of_call"), place.label("position"), (-_s.c.id).label("newest"))
        .where(
            true(), *same, own_of(actor) if wanted.mine else true(), contains_words(_s.c.title, wanted.text)
        )
    )
    if cursor:
        found = found.where(after(order, decode_cursor(cursor, int, int, int)))
    got = conn.execute(found.order_by("of_call", "position", "newest").limit(limit + 1)).all()
    keys = [{name: getattr(row, name) for name in _KEYS} for row in got]
    return {
        "items": [_finished(actor, row) for row in got[:limit]],
        "next": page(keys, limit, _KEYS)["next"],
    }


def read(conn: Connection, actor: Actor, speech_id: int) -> dict[str, Any]:
    """One speech with text and track; `NotFound` when it may not be seen."""
    only(conn, select(_s.c.id).where(_s.c.id == speech_id, visible_to(actor)))
    row = conn.execute(rows(actor).where(_s.c.id == speech_id)).one()
    call = conn.execute(select(_c).where(_c.c.id == row.call_id)).one()
    works = actor.may(Permission.SPEECH_MANAGE)
    return _finished(actor, row) | {
        "body": row.body,
        "most_characters": row.most_characters,
        "editable": may_edit(actor, row, call),
        "steps": _track(conn, speech_id, named=works) if works or row.mine else [],
    }


def versions(conn: Connection, actor: Actor, speech_id: int, cursor: str | None, limit: int) -> PageRows:
    """Its texts, newest first, for its author and staff; to others it has none."""
    seen = visible_to(actor) if actor.may(Permission.SPEECH_MANAGE) else visible_to(actor) & own_of(actor)
    only(conn, select(_s.c.id).where(_s.c.id == speech_id, seen))
    by_author = (_v.c.saved_by == _s.c.account_id).label("by_author")
    found = (
        select(_v.c.version, _v.c.title, _v.c.body, by_author, _v.c.saved_at)
        .join(_s, _s.c.id == _v.c.speech_id)
        .where(_v.c.speech_id == speech_id)
    )
    return page_of_versions(conn, found, _v.c.version, cursor, limit)


def _finished(actor: Actor, row: AnyRow) -> dict[str, Any]:
    """A row as `SpeechRow`."""
    return {
        **{name: getattr(row, name) for name in (*_SHOWN, *_NAMED)},
        "mine": bool(row.mine),
        "state_label": LIFECYCLE.labels[SpeechState(row.state)],
        "wishes_label": FORM_LABELS[SpeechForm(row.wishes)],
        "actions": [
            {"action": step.action, "action_label": step.label, "needs_reason": step.needs_reason}
            for step in steps_open_to(actor, row)
        ],
    }


def _track(conn: Connection, speech_id: int, *, named: bool) -> list[dict[str, Any]]:
    found = conn.execute(
        select(_t, _a.c.name)
        .join(_a, _a.c.id == _t.c.account_id)
        .where(_t.c.speech_id == speech_id)
        .order_by(_t.c.id)
    )
    return [
        {
            **{name: getattr(row, name) for name in ("at", "action", "reason")},
            "action_label": LIFECYCLE.step(SpeechState(row.from_state), row.action).label,
            "state": row.to_state,
            "state_label": LIFECYCLE.labels[SpeechState(row.to_state)],
            "name": row.name if named else None,
        }
        for row in found
    ]


def chosen(conn: Connection, actor: Actor, call_id: int) -> Sequence[AnyRow]:
    """The chosen speeches of a call with their texts: oral ones in their order, then written ones."""
    found = rows(actor).where(_s.c.call_id == call_id, _s.c.state.in_(CHOSEN))
    return conn.execute(found.order_by(func.coalesce(_s.c.place, _LAST), _s.c.id)).all()
