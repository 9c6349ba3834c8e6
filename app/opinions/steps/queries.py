"""Reads of the steps of opinion reports: which still hold, and which are open next."""

from typing import Any

from sqlalchemy import Connection, Row

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.casefiles import steps
from app.core.sql import table
from app.opinions.lifecycle import (
    ACTION_LABELS,
    ASKS,
    LIFECYCLE,
    OWN_COMMENT,
    UNDOABLE,
    Asked,
    OpinionAction,
    OpinionState,
    never,
)
from app.opinions.models import OpinionStep

_t = table(OpinionStep)


def last_step(conn: Connection, report_id: int) -> Row[Any] | None:
    """The last step that was not undone."""
    return steps.last_step(conn, _t, _t.c.report_id == report_id)


def comments_as_leader(actor: Actor) -> bool:
    """Whether a comment of the actor is their own; staff write down those of others."""
    return not actor.may(Permission.OPINION_EDIT)


def may_undo(actor: Actor, step: Row[Any]) -> bool:
    """Whether the actor may undo a step: editors any that can be undone, leaders their own comment."""
    if step.action not in UNDOABLE:
        return False
    own_comment = step.action == OpinionAction.COMMENT and step.account_id == actor.account_id
    return actor.may(Permission.OPINION_EDIT) or (own_comment and actor.may(Permission.OPINION_COMMENT))


def asked(actor: Actor, action: OpinionAction) -> tuple[Asked, ...]:
    """What a step asks of the actor beside a reason."""
    own = action is OpinionAction.COMMENT and comments_as_leader(actor)
    return OWN_COMMENT if own else ASKS.get(action, ())


def actions(
    conn: Connection, actor: Actor, report: dict[str, Any], *, author: bool, part: bool
) -> list[dict[str, Any]]:
    """The steps that are open to the actor; `part`: a part of the combined report is theirs."""
    state = OpinionState(report["state"])
    closed = never(report["kind"], has_author=report["seat_id"] is not None)
    if comments_as_leader(actor) and (author or part):
        closed |= {OpinionAction.COMMENT}
    found = [
        _action(actor, OpinionAction(t.action), needs_reason=t.needs_reason)
        for t in LIFECYCLE.open_to(state, actor.permissions, author=author)
        if t.action not in closed
    ]
    works = actor.may(Permission.OPINION_EDIT) or actor.may(Permission.OPINION_COMMENT)
    if works and state is not OpinionState.COMBINED:
        last = last_step(conn, report["id"])
        if last and may_undo(actor, last):
            found.append(_action(actor, OpinionAction.UNDO, needs_reason=True) | {"step_id": last.id})
    return found


def _action(actor: Actor, action: OpinionAction, *, needs_reason: bool) -> dict[str, Any]:
    asks = asked(actor, action)
    return {
        "action": action,
        "action_label": ACTION_LABELS[action],
        "needs_reason": needs_reason,
        "needs_tier": "tier" in asks,
        "needs_leader": "leader" in asks,
        "needs_words": "words" in asks,
        "needs_into": "into_id" in asks,
        "step_id": None,
    }
