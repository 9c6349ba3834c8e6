"""Reads of what became of a report: its saved versions and its track."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles import reads
from app.casefiles.steps import label, undone
from app.core.errors import NotFound
from app.core.paging import PageRows
from app.core.sql import table
from app.opinions.lifecycle import ACTION_LABELS, LABELS, TIER_LABELS, UPWARD
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.opinions.queries import contributed, refs, states_seen, visible_to
from app.opinions.steps.queries import actions

_r, _t, _v, _a = table(OpinionReport), table(OpinionStep), table(OpinionVersion), table(Account)


def _versions(conn: Connection, actor: Actor, report_id: int, *further: ColumnElement[Any]) -> Select[Any]:
    """The author has all of their own and what was released of others; staff those since the first submission."""
    own = (_v.c.saved_by == actor.account_id) | (_v.c.version <= _r.c.released_version)
    seen = (_r.c.account_id == actor.account_id) & own
    if actor.may(Permission.OPINION_EDIT):
        seen |= _v.c.version >= _r.c.submitted_version
    found = (
        select(_v.c.version, _v.c.title, _a.c.name.label("saved_by"), _v.c.saved_at, *further)
        .select_from(_v.join(_r, _r.c.id == _v.c.report_id).join(_a, _a.c.id == _v.c.saved_by))
        .where(_v.c.report_id == report_id, visible_to(actor), seen)
    )
    if not conn.scalar(select(found.exists())):
        raise NotFound
    return found


def page_of_versions(
    conn: Connection, actor: Actor, report_id: int, cursor: str | None, limit: int
) -> PageRows:
    """The saved versions of a text, newest first."""
    return reads.page_of_versions(conn, _versions(conn, actor, report_id), _v.c.version, cursor, limit)


def version(conn: Connection, actor: Actor, report_id: int, number: int) -> dict[str, Any]:
    """The text of one version."""
    return reads.only(conn, _versions(conn, actor, report_id, _v.c.body).where(_v.c.version == number))


def track(conn: Connection, actor: Actor, report_id: int) -> dict[str, Any]:
    """Every step so far, oldest first; others than the author see the steps into states that they may see."""
    found = select(
        *(_r.c[name] for name in ("id", "kind", "state", "seat_id", "account_id")),
        contributed(actor).label("part"),
    )
    head = reads.only(conn, found.where(_r.c.id == report_id, visible_to(actor)))
    author = head["account_id"] == actor.account_id
    names = ("id", "at", "action", "from_state", "to_state", "tier", "leader", "words", "reason")
    steps = (
        select(
            *(_t.c[name] for name in names),
            _t.c.other_id,
            _t.c.undoes_id,
            undone(_t).label("undone"),
            _a.c.name.label("actor"),
        )
        .select_from(_t.join(_a, _a.c.id == _t.c.account_id))
        .where(_t.c.report_id == report_id)
        .order_by(_t.c.id)
    )
    if not author:
        seen = {*states_seen(actor), *(UPWARD if head["part"] else ())}
        steps = steps.where(_t.c.to_state.in_(seen))
    rows = [dict(r) for r in conn.execute(steps).mappings()]
    others = refs(conn, actor, {row["other_id"] for row in rows} - {None})
    for row in rows:
        row["other"] = others.get(row.pop("other_id"))
        row["tier_label"] = TIER_LABELS.get(row["tier"])
    label(rows, ACTION_LABELS, LABELS)
    return {
        "state": head["state"],
        "state_label": LABELS[head["state"]],
        "steps": rows,
        "actions": actions(conn, actor, head, author=author, part=head["part"]),
    }
