"""Reads of opinion reports, and the one rule of who sees which."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.casefiles import reads
from app.casefiles.steps import undone
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.opinions.lifecycle import (
    AUDIENCE,
    KIND_LABELS,
    LABELS,
    ON_DESK,
    OPEN_TO_AUTHOR,
    OPEN_TO_STAFF,
    TIER_LABELS,
    UPWARD,
    OpinionAction,
    OpinionAudience,
    OpinionKind,
    OpinionState,
    Tier,
    Verb,
)
from app.opinions.models import Lead, OpinionReport, OpinionStep, OpinionVersion
from app.opinions.steps.numbers import number_of
from app.opinions.steps.queries import actions
from app.people.bodies import queries as bodies
from app.people.models import Seat
from app.people.paper import queries as paper
from app.people.queries import author_columns, join_author

_r, _t, _v, _l = table(OpinionReport), table(OpinionStep), table(OpinionVersion), table(Lead)
#: When a report was issued, as long as that was not undone.
_issued = (
    select(func.max(_t.c.at))
    .where(_t.c.report_id == _r.c.id, _t.c.action == OpinionAction.ISSUE, ~undone(_t))
    .scalar_subquery()
)


class OpinionScope(StrEnum):
    """Which reports a list holds."""

    MINE = "mine"
    DESK = "desk"
    ISSUED = "issued"


@dataclass(frozen=True)
class Filter:
    """Which reports of a scope; all where nothing is said."""

    state: OpinionState | None = None
    kind: OpinionKind | None = None
    tier: Tier | None = None
    seat_id: int | None = None
    sector_id: int | None = None
    q: str | None = None
    commented: bool | None = None


#: Comments of leaders on a report that were not taken back.
_comments = select(_t.c.id).where(
    _t.c.report_id == _r.c.id, _t.c.action == OpinionAction.COMMENT, ~undone(_t)
)


def states_seen(actor: Actor) -> list[OpinionState]:
    """The states in which the actor sees the reports of others."""
    circles = {
        OpinionAudience.STAFF: actor.may(Permission.OPINION_EDIT),
        OpinionAudience.LEADERS: Role.LEADER in actor.roles,
    }
    reached = [circle for circle, inside in circles.items() if inside]
    return [state for state, audience in AUDIENCE.items() if reached and audience >= min(reached)]


def contributed(actor: Actor) -> ColumnElement[bool]:
    """The combined reports of which a report of the actor's is a part."""
    s = _r.alias()
    return _r.c.id.in_(
        select(s.c.combined_into_id).where(
            s.c.account_id == actor.account_id, s.c.combined_into_id.is_not(None)
        )
    )


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Its author sees a report in every state, staff and leaders as far as the state's audience reaches.

    Who wrote a part of a combined report sees it once it is issued.
    """
    return (
        (_r.c.organization_id == actor.organization_id)
        & _r.c.deleted_at.is_(None)
        & (
            (_r.c.account_id == actor.account_id)
            | _r.c.state.in_(states_seen(actor))
            | (_r.c.state.in_(UPWARD) & contributed(actor))
        )
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


def _rows(actor: Actor) -> tuple[Select[Any], FromClause]:
    """Reports with their authors, and where their text stands: staff see what they write, others what was released."""
    comments = _comments.with_only_columns(func.count())
    source: FromClause = _r
    text, version = source, _r.c.released_version
    if actor.may(Permission.OPINION_EDIT):
        newest = (_v.c.report_id == _r.c.id) & (_v.c.version == _r.c.version)
        source, text, version = _r.join(_v, newest), _v, _v.c.version
    names = ("id", "kind", "state", "tier", "seat_id", "created_at", "edited_at", "submitted_at")
    found = (
        select(
            *(_r.c[name] for name in names),
            _issued.label("issued_at"),
            version.label("version"),
            text.c.title,
            *author_columns(),
            comments.scalar_subquery().label("comment_count"),
        )
        .select_from(join_author(source, _r.c.seat_id, outer=True))
        .where(visible_to(actor))
    )
    return found, text


def page_of_reports(
    conn: Connection, actor: Actor, scope: OpinionScope, wanted: Filter, cursor: str | None, limit: int
) -> PageRows:
    """A page of reports, newest first; those that were issued by the time of issue."""
    found, text = _rows(actor)
    keys: list[tuple[str, ColumnElement[Any], type]] = [("id", _r.c.id, int)]
    if scope is OpinionScope.MINE:
        found = found.where(_r.c.account_id == actor.account_id)
    elif scope is OpinionScope.ISSUED:
        found = found.where(_r.c.state.in_(UPWARD))
        keys.insert(0, ("issued_at", _issued, datetime))
    elif wanted.state is None:
        found = found.where(_r.c.state.in_(ON_DESK))
    for column, value in (
        (_r.c.state, wanted.state),
        (_r.c.kind, wanted.kind),
        (_r.c.tier, wanted.tier),
        (_r.c.seat_id, wanted.seat_id),
        (table(Seat).c.sector_id, wanted.sector_id),
    ):
        if value is not None:
            found = found.where(column == value)
    if wanted.commented is not None:
        found = found.where(_comments.exists() if wanted.commented else ~_comments.exists())
    if wanted.q:
        found = found.where(text.c.title.contains(wanted.q, autoescape=True))
    names, columns, types = zip(*keys, strict=True)
    if cursor:
        found = found.where(before(columns, decode_cursor(cursor, *types)))
    rows = conn.execute(found.order_by(*(c.desc() for c in columns)).limit(limit + 1)).mappings()
    return page([_labelled(dict(r)) for r in rows], limit, names)


def _labelled(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "kind_label": KIND_LABELS[row["kind"]],
        "state_label": LABELS[row["state"]],
        "tier_label": TIER_LABELS.get(row["tier"]),
    }


def read(conn: Connection, actor: Actor, report_id: int) -> dict[str, Any]:
    """One report whole, with what the actor may do; `NotFound` when it may not be seen."""
    last_reason = (
        select(_t.c.reason)
        .where(_t.c.report_id == _r.c.id, _t.c.from_state != _t.c.to_state)
        .order_by(_t.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    lead = select(_l.c.id).where(_l.c.report_id == _r.c.id).scalar_subquery()
    found, text = _rows(actor)
    found = found.add_columns(
        text.c.body,
        _r.c.account_id,
        _r.c.combined_into_id,
        last_reason.label("state_reason"),
        lead.label("lead_id"),
        bodies.name_of(_r.c.body_id).label("body_name"),
        paper.entered_by(_r.c.entered_by).label("entered_by"),
        *(_r.c[name] for name in ("handed_in_by", "handed_in_on")),
        contributed(actor).label("contributed"),
    )
    first = reads.only(conn, found.where(_r.c.id == report_id))
    row = _labelled(dict(first))
    author, part = row.pop("account_id") == actor.account_id, row.pop("contributed")
    into_id = row.pop("combined_into_id")
    row["combined_into"] = refs(conn, actor, [into_id])[into_id] if into_id else None
    row["sources"] = _sources(conn, actor, report_id) if row["kind"] == OpinionKind.COMBINED else []
    if not actor.may(Permission.OPINION_EDIT):
        row["lead_id"] = None
    number = number_of(conn, actor.organization_id, report_id, actor.zone) if row["issued_at"] else None
    row["issue_year"], row["issue_number"] = number or (None, None)
    row["actions"] = actions(conn, actor, row, author=author, part=part)
    verbs: dict[Verb, bool] = {
        "edit": may_edit(actor, row["state"], author=author),
        "delete": author and row["state"] == OpinionState.DRAFT,
    }
    row["may"] = [verb for verb, held in verbs.items() if held]
    return row


def refs(conn: Connection, actor: Actor, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What some reports are called, whoever may see them, and the ids of those that the actor may open."""
    rows = conn.execute(select(_r.c.id, _r.c.title, visible_to(actor).label("seen")).where(_r.c.id.in_(ids)))
    return {row.id: {"id": row.id if row.seen else None, "title": row.title} for row in rows}


def _sources(conn: Connection, actor: Actor, report_id: int) -> list[dict[str, Any]]:
    """The parts of a combined report: whose they are everybody sees who sees it, what they are only who may."""
    name, _, _, sector = author_columns()
    rows = conn.execute(
        select(_r.c.id, _r.c.title, _r.c.seat_id, name, sector, visible_to(actor).label("seen"))
        .select_from(join_author(_r, _r.c.seat_id, outer=True))
        .where(_r.c.combined_into_id == report_id)
        .order_by(_r.c.id)
    ).mappings()
    sources = [dict(row) for row in rows]
    for source in sources:
        if not source.pop("seen"):
            source |= {"id": None, "title": None}
    return sources


def may_edit(actor: Actor, state: str, *, author: bool) -> bool:
    """Whether the text is open to the actor."""
    return (author and state in OPEN_TO_AUTHOR) or (
        state in OPEN_TO_STAFF and actor.may(Permission.OPINION_EDIT)
    )
