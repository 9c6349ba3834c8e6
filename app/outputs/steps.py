"""Reads of the steps of outputs: which still hold, and which are open next to staff."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select

from app.casefiles import steps
from app.core.sql import table
from app.outputs.lifecycle import (
    ACTION_LABELS,
    ASKS,
    LIFECYCLE,
    SWITCHES,
    UNDOABLE,
    OutputAction,
    OutputState,
)
from app.outputs.models import OutputStep, OutputVersion

_t, _v = table(OutputStep), table(OutputVersion)


def last_step(conn: Connection, output_id: int) -> Row[Any] | None:
    """The last step that was not undone, if it can be."""
    last = steps.last_step(conn, _t, (_t.c.output_id == output_id) & _t.c.action.not_in(SWITCHES))
    return last if last and last.action in UNDOABLE else None


def last_of(conn: Connection, output_id: int, actions: Collection[OutputAction]) -> Row[Any] | None:
    """The last step of some actions that was not undone."""
    return steps.last_step(conn, _t, (_t.c.output_id == output_id) & _t.c.action.in_(actions))


def text_moved(conn: Connection, step: Row[Any]) -> bool:
    """Whether the text was written since a step: it is not undone any more."""
    since = (_v.c.output_id == step.output_id) & (_v.c.saved_at > step.at)
    return conn.scalar(select(_v.c.version).where(since).limit(1)) is not None


def closed_switch(*, released: bool) -> OutputAction:
    """Which of release and withhold would change nothing."""
    return OutputAction.RELEASE if released else OutputAction.WITHHOLD


def actions(conn: Connection, output: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that are open to who works on an output."""
    closed = closed_switch(released=output["released"])
    found = [
        _action(step.action, needs_reason=step.needs_reason)
        for step in LIFECYCLE.transitions
        if OutputState(output["state"]) in step.sources and step.action != closed
    ]
    if (last := last_step(conn, output["id"])) and not text_moved(conn, last):
        found.append(_action(OutputAction.UNDO, needs_reason=True) | {"step_id": last.id})
    return found


def _action(action: str, *, needs_reason: bool) -> dict[str, Any]:
    return {
        "action": action,
        "action_label": ACTION_LABELS[action],
        "needs_reason": needs_reason,
        "asks": ASKS.get(OutputAction(action), ()),
        "step_id": None,
    }
