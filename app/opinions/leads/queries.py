"""Reads of leads: staff see all of their organization, everybody else their own."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.auth.queries import where_somebody_may
from app.auth.strangers import printed
from app.casefiles import reads
from app.core.errors import NotFound
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.opinions.leads.lifecycle import (
    LEAD_LABELS,
    LEAD_LIFECYCLE,
    SOURCE_LABELS,
    LeadState,
    Source,
    masked_contact,
)
from app.opinions.lifecycle import LABELS, UPWARD
from app.opinions.models import Lead, OpinionReport
from app.opinions.queries import visible_to as report_visible_to
from app.people.models import Organization
from app.people.paper import queries as paper

_l, _r, _a, _o = table(Lead), table(OpinionReport), table(Account), table(Organization)
#: A part of a combined report comes as far as that does.
_whole = _r.alias()
_fate = func.coalesce(_whole.c.state, _r.c.state)


class LeadScope(StrEnum):
    """Which leads a list holds."""

    MINE = "mine"
    DESK = "desk"


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Staff see the leads of their organization, who handed one in with an account that one."""
    seen = true() if actor.may(Permission.OPINION_EDIT) else _l.c.account_id == actor.account_id
    return (_l.c.organization_id == actor.organization_id) & seen


def visible_leads(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_l.c.id).where(_l.c.id.in_(ids), visible_to(actor))))


subjects.register(subjects.Subject("lead", "线索", visible_leads, "/api/v1/leads/{id}"))


def _rows(actor: Actor) -> Select[Any]:
    names = ("id", "state", "source", "body", "seat_id", "contact", "reason", "decided_at", "code")
    return (
        select(
            *(_l.c[name] for name in names),
            _l.c.created_at.label("received_at"),
            func.coalesce(_a.c.name, _l.c.name).label("name"),
            _l.c.report_id,
            paper.entered_by(_l.c.entered_by).label("entered_by"),
            *(_l.c[name] for name in ("handed_in_by", "handed_in_on")),
            report_visible_to(actor).label("report_seen"),
            _fate.label("fate"),
        )
        .select_from(
            _l.outerjoin(_a, _a.c.id == _l.c.account_id)
            .outerjoin(_r, _r.c.id == _l.c.report_id)
            .outerjoin(_whole, _whole.c.id == _r.c.combined_into_id)
        )
        .where(visible_to(actor))
    )


def _out(actor: Actor, found: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """A row as `LeadOut`; only staff who open a lead see the contact whole."""
    row = found | {
        "state_label": LEAD_LABELS[found["state"]],
        "source_label": SOURCE_LABELS[found["source"]],
        "outcome": _outcome(found["fate"]),
        "actions": [
            {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason}
            for t in LEAD_LIFECYCLE.open_to(LeadState(found["state"]), actor.permissions, author=False)
        ],
    }
    if not row.pop("report_seen"):
        row["report_id"] = None
    told = row["entered_by"] and actor.may(
        Permission.OPINION_EDIT
    )  # the caller has nothing but what staff read out
    row["code"] = printed(row["code"]) if told and row["code"] else None
    if row["contact"] and not (whole and actor.may(Permission.OPINION_EDIT)):
        row["contact"] = masked_contact(row["contact"])
    del row["fate"]
    return row


def _outcome(state: str | None) -> str | None:
    return LABELS[state] if state in UPWARD else None  # type: ignore[index] # checked by the condition


def page_of_leads(
    conn: Connection,
    actor: Actor,
    scope: LeadScope,
    cursor: str | None,
    limit: int,
    *,
    state: LeadState | None = None,
    source: Source | None = None,
) -> PageRows:
    """My leads, or all that staff have received, newest first."""
    found = _rows(actor)
    if scope is LeadScope.MINE:
        found = found.where(_l.c.account_id == actor.account_id)
    for column, value in ((_l.c.state, state), (_l.c.source, source)):
        if value is not None:
            found = found.where(column == value)
    if cursor:
        found = found.where(before([_l.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(found.order_by(_l.c.id.desc()).limit(limit + 1)).mappings()
    return page([_out(actor, dict(row), whole=False) for row in rows], limit, ["id"])


def read(conn: Connection, actor: Actor, lead_id: int, *, whole: bool = True) -> dict[str, Any]:
    """One lead; `NotFound` when it may not be seen."""
    row = reads.only(conn, _rows(actor).where(_l.c.id == lead_id))
    return _out(actor, dict(row), whole=whole)


def state_of(conn: Connection, code: str) -> dict[str, Any]:
    """What became of the lead with a receipt code; `NotFound` when there is none."""
    row = conn.execute(
        select(
            _o.c.name.label("organization"),
            _l.c.state,
            _l.c.reason,
            _l.c.created_at.label("received_at"),
            _l.c.decided_at,
            _fate.label("fate"),
        )
        .select_from(
            _l.join(_o, _o.c.id == _l.c.organization_id)
            .outerjoin(_r, _r.c.id == _l.c.report_id)
            .outerjoin(_whole, _whole.c.id == _r.c.combined_into_id)
        )
        .where(_l.c.code == code)
    ).mappings()
    found = row.one_or_none()
    if found is None:
        raise NotFound("没有这个受理编号，请核对后再查。", code="unknown_receipt")
    told = {**found, "state_label": LEAD_LABELS[found["state"]], "outcome": _outcome(found["fate"])}
    del told["fate"]
    return told


def takes_leads(conn: Connection) -> ColumnElement[bool]:
    """Whether an organization has somebody who receives leads."""
    return _o.c.id.in_(where_somebody_may(conn, Permission.OPINION_EDIT))


def page_of_places(conn: Connection, cursor: str | None, limit: int) -> PageRows:
    """The organizations that take leads: where somebody receives them."""
    found = select(_o.c.id, _o.c.name).where(takes_leads(conn))
    if cursor:
        found = found.where(_o.c.id > decode_cursor(cursor, int)[0])
    rows = conn.execute(found.order_by(_o.c.id).limit(limit + 1)).mappings()
    return page([dict(row) for row in rows], limit, ["id"])
