"""Reads of opinion reports, and the one rule of who sees which."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission, Role
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.opinions.lifecycle import (
    ACTION_LABELS,
    AT_TIER,
    AUDIENCE,
    LABELS,
    LIFECYCLE,
    ON_DESK,
    OPEN_TO_AUTHOR,
    OPEN_TO_STAFF,
    TIER_LABELS,
    Action,
    Audience,
    State,
    Verb,
)
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.people.queries import author_columns, join_author

_r, _t, _a = table(OpinionReport), table(OpinionStep), table(Account)


class Scope(StrEnum):
    """Which reports a list holds."""

    MINE = "mine"
    DESK = "desk"
    ISSUED = "issued"


def states_seen(actor: Actor) -> list[State]:
    """The states in which the actor sees the reports of others."""
    circles = {Role.SECRETARIAT: Audience.STAFF, Role.LEADER: Audience.LEADERS}
    reached = [circle for role, circle in circles.items() if role in actor.roles]
    return [state for state, audience in AUDIENCE.items() if reached and audience >= min(reached)]


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Its author sees a report in every state, staff and leaders as far as the state's audience reaches."""
    return (
        (_r.c.organization_id == actor.organization_id)
        & _r.c.deleted_at.is_(None)
        & ((_r.c.account_id == actor.account_id) | _r.c.state.in_(states_seen(actor)))
    )


def visible_reports(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_r.c.id).where(_r.c.id.in_(ids), visible_to(actor))))


subjects.register(
    subjects.Subject(
        "opinion_report",
        "社情民意信息",
        visible_reports,
        "/api/v1/opinions/{id}",
        titles=subjects.titled(_r.c.id, _r.c.title),
    )
)


def _rows(actor: Actor, *further: ColumnElement[Any]) -> Select[Any]:
    comments = (
        select(func.count()).where(_t.c.report_id == _r.c.id, _t.c.action == Action.COMMENT).scalar_subquery()
    )
    names = ("id", "version", "state", "title", "tier", "seat_id", "created_at", "edited_at", "submitted_at")
    return (
        select(
            *(_r.c[name] for name in names),
            *author_columns(),
            comments.label("comment_count"),
            *further,
        )
        .select_from(join_author(_r, _r.c.seat_id))
        .where(visible_to(actor))
    )


def page_of_reports(
    conn: Connection,
    actor: Actor,
    scope: Scope,
    cursor: str | None,
    limit: int,
    *,
    state: State | None = None,
    seat_id: int | None = None,
    q: str | None = None,
) -> PageRows:
    """A page of reports, newest first."""
    found = _rows(actor)
    if scope is Scope.MINE:
        found = found.where(_r.c.account_id == actor.account_id)
    elif scope is Scope.ISSUED:
        found = found.where(_r.c.state.in_((State.ISSUED, State.ADOPTED)))
    elif state is None:
        found = found.where(_r.c.state.in_(ON_DESK))
    for column, wanted in ((_r.c.state, state), (_r.c.seat_id, seat_id)):
        if wanted is not None:
            found = found.where(column == wanted)
    if q:
        found = found.where(_r.c.title.contains(q, autoescape=True))
    if cursor:
        found = found.where(before([_r.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_r.c.id.desc()).limit(limit + 1)).mappings()
    return page([_labelled(dict(r)) for r in rows], limit, ["id"])


def _labelled(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"state_label": LABELS[row["state"]], "tier_label": TIER_LABELS.get(row["tier"])}


def read(conn: Connection, actor: Actor, report_id: int) -> dict[str, Any]:
    """One report whole, with what the actor may do; `NotFound` when it may not be seen."""
    last_reason = (
        select(_t.c.reason)
        .where(_t.c.report_id == _r.c.id, _t.c.from_state != _t.c.to_state)
        .order_by(_t.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = _rows(actor, _r.c.body, _r.c.account_id, last_reason.label("state_reason"))
    first = conn.execute(found.where(_r.c.id == report_id)).mappings().one_or_none()
    if first is None:
        raise NotFound
    row = _labelled(dict(first))
    author = row.pop("account_id") == actor.account_id
    row["actions"] = _actions(actor, row["state"], author=author)
    verbs: dict[Verb, bool] = {
        "edit": may_edit(actor, row["state"], author=author),
        "delete": author and row["state"] == State.DRAFT,
    }
    row["may"] = [verb for verb, held in verbs.items() if held]
    return row


def may_edit(actor: Actor, state: str, *, author: bool) -> bool:
    """Whether the text is open to the actor."""
    return (author and state in OPEN_TO_AUTHOR) or (
        state in OPEN_TO_STAFF and actor.may(Permission.OPINION_EDIT)
    )


def _actions(actor: Actor, state: str, *, author: bool) -> list[dict[str, Any]]:
    return [
        {
            "action": t.action,
            "action_label": t.label,
            "needs_reason": t.needs_reason,
            "needs_tier": t.action in AT_TIER,
            "needs_comment": t.action == Action.COMMENT,
        }
        for t in LIFECYCLE.open_to(State(state), actor.permissions, author=author)
    ]


def _versions(conn: Connection, actor: Actor, report_id: int, *further: ColumnElement[Any]) -> Select[Any]:
    """The author's versions are all of them; staff's those since the first submission; nobody else has any."""
    v = table(OpinionVersion)
    seen = _r.c.account_id == actor.account_id
    if actor.may(Permission.OPINION_EDIT):
        seen |= v.c.version >= _r.c.submitted_version
    found = (
        select(v.c.version, v.c.title, _a.c.name.label("saved_by"), v.c.saved_at, *further)
        .select_from(v.join(_r, _r.c.id == v.c.report_id).join(_a, _a.c.id == v.c.saved_by))
        .where(v.c.report_id == report_id, visible_to(actor), seen)
    )
    if not conn.scalar(select(found.exists())):
        raise NotFound
    return found


def page_of_versions(
    conn: Connection, actor: Actor, report_id: int, cursor: str | None, limit: int
) -> PageRows:
    """The saved versions of a text, newest first."""
    found, v = _versions(conn, actor, report_id), table(OpinionVersion)
    if cursor:
        found = found.where(before([v.c.version], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(v.c.version.desc()).limit(limit + 1))
    return page([dict(r) for r in rows.mappings()], limit, ["version"])


def version(conn: Connection, actor: Actor, report_id: int, number: int) -> dict[str, Any]:
    """The text of one version."""
    v = table(OpinionVersion)
    found = _versions(conn, actor, report_id, v.c.body).where(v.c.version == number)
    row = conn.execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound
    return dict(row)


def track(conn: Connection, actor: Actor, report_id: int) -> dict[str, Any]:
    """Every step so far, oldest first; others than the author see the steps into states that they may see."""
    head = conn.execute(
        select(_r.c.state, _r.c.account_id).where(_r.c.id == report_id, visible_to(actor))
    ).one_or_none()
    if head is None:
        raise NotFound
    author = head.account_id == actor.account_id
    names = ("id", "at", "action", "from_state", "to_state", "tier", "leader", "words", "reason")
    steps = (
        select(*(_t.c[name] for name in names), _a.c.name.label("actor"))
        .select_from(_t.join(_a, _a.c.id == _t.c.account_id))
        .where(_t.c.report_id == report_id)
        .order_by(_t.c.id)
    )
    if not author:
        steps = steps.where(_t.c.to_state.in_(states_seen(actor)))
    rows = [dict(r) for r in conn.execute(steps).mappings()]
    for row in rows:
        row["action_label"] = ACTION_LABELS[row["action"]]
        row["from_state_label"] = LABELS[row["from_state"]]
        row["to_state_label"] = LABELS[row["to_state"]]
        row["tier_label"] = TIER_LABELS.get(row["tier"])
    return {
        "state": head.state,
        "state_label": LABELS[head.state],
        "steps": rows,
        "actions": _actions(actor, head.state, author=author),
    }
