"""Reads of how a proposal is handled: units, talks, replies, ratings, inspections; each for who may see it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, or_, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core.errors import NotFound
from app.core.sql import table
from app.files.queries import attached
from app.people.models import Unit
from app.proposals import queries_commitments, queries_deadlines, queries_ratings
from app.proposals.lifecycle import ENDS
from app.proposals.lifecycle_handling import (
    ANSWERING,
    NOT_BEGUN,
    RESULT_LABELS,
    UNIT_ROLE_LABELS,
    WORK,
    WORK_LABELS,
    WRITABLE,
    Work,
)
from app.proposals.models import Proposal
from app.proposals.models_handling import (
    ProposalAssignment,
    ProposalInspection,
    ProposalReply,
)
from app.proposals.queries import handled, insider, visible_to
from app.proposals.queries_rules import settings_of
from app.proposals.schemas_handling import HandlingOut, UnitReplyOut
from app.proposals.talks import queries as talks

_p, _a, _u = table(Proposal), table(ProposalAssignment), table(Unit)
_r, _acc = table(ProposalReply), table(Account)


def handling(conn: Connection, actor: Actor, proposal_id: int) -> HandlingOut:
    """All that units, signers and leaders did with a proposal; `NotFound` when it may not be seen."""
    columns = (_p.c.state, _p.c.round, _p.c.is_key, _p.c.supervisor_id, _p.c.account_id)
    within = (insider(actor).label("insider"), handled(actor).label("handled"))
    found = select(*columns, *within, _acc.c.name.label("supervisor_name"))
    found = found.select_from(_p.outerjoin(_acc, _acc.c.id == _p.c.supervisor_id))
    head = conn.execute(found.where(_p.c.id == proposal_id, visible_to(actor))).one_or_none()
    if head is None:
        raise NotFound
    works_on_it = bool(head.handled or actor.may(Permission.PROPOSAL_INSPECT))
    inside = bool(head.insider or works_on_it)
    author, staff = head.account_id == actor.account_id, actor.may(Permission.PROPOSAL_REVIEW)
    protected = queries_ratings.is_protected(actor, handles=bool(head.handled))
    supervises = staff or (head.supervisor_id is not None and head.supervisor_id == actor.account_id)
    return HandlingOut.model_validate(
        {
            "round": head.round,
            "supervisor_id": head.supervisor_id,
            "supervisor_name": head.supervisor_name,
            "assignments": _assignments(conn, actor, proposal_id, head.state, works_on_it=works_on_it),
            "deadlines": queries_deadlines.of_proposal(conn, actor, proposal_id) if inside else [],
            "consultations": talks.of_proposal(conn, actor, proposal_id, head.state, author=author)
            if inside
            else [],
            "replies": _replies(conn, actor, _r.c.proposal_id == proposal_id),
            "ratings": queries_ratings.of_proposal(conn, actor, proposal_id, head.state, protected=protected)
            if inside
            else [],
            "rating_sums": queries_ratings.sums(conn, proposal_id, head.state, protected=protected)
            if inside
            else [],
            "commitments": queries_commitments.of_proposal(conn, actor, proposal_id),
            "inspections": _inspections(conn, proposal_id) if inside else [],
            "may": [
                verb
                for verb, held in (
                    ("inspect", head.is_key and supervises),
                    ("supervise", head.is_key and staff),
                )
                if held
            ],
            "to_rate": queries_ratings.to_rate(conn, actor, proposal_id, 1),
            "to_rate_again": queries_ratings.to_rate(conn, actor, proposal_id, 2),
        }
    )


def _assignments(
    conn: Connection, actor: Actor, proposal_id: int, state: str, *, works_on_it: bool
) -> list[dict[str, Any]]:
    names = ("id", "unit_id", "role", "state", "note", "assigned_at", "replied_at")
    found = select(*(_a.c[name] for name in names), _u.c.name.label("unit_name"))
    rows = conn.execute(
        found.join(_u, _u.c.id == _a.c.unit_id).where(_a.c.proposal_id == proposal_id).order_by(_a.c.id)
    )
    shown = [dict(r) for r in rows.mappings()]
    for row in shown:
        own = actor.may(Permission.PROPOSAL_HANDLE) and row["unit_id"] == actor.unit_id
        staff = actor.may(Permission.PROPOSAL_REVIEW)
        row["role_label"] = UNIT_ROLE_LABELS[row["role"]]
        row["state_label"] = WORK_LABELS[row["state"]]
        row["note"] = row["note"] if works_on_it else None
        row["actions"] = [
            {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason}
            for t in WORK.open_to(Work(row["state"]), actor.permissions, author=False)
            if own or staff
        ]
        held = {
            "write_reply": own and row["state"] in WRITABLE,
            "consult": (own or staff) and state not in ENDS and row["state"] not in NOT_BEGUN,
        }
        row["may"] = [verb for verb, may in held.items() if may]
    return shown


def _seen(actor: Actor) -> ColumnElement[bool]:
    """Replies that were sent are seen with the proposal; helping opinions and drafts by those who work on it."""
    sent = _r.c.replied_at.is_not(None) & _a.c.role.in_(ANSWERING)
    if actor.may(Permission.PROPOSAL_REVIEW):
        return or_(sent, _r.c.submitted_at.is_not(None))
    handed = _r.c.replied_at.is_not(None) | (_a.c.unit_id == (actor.unit_id or 0))
    return or_(sent, handled(actor) & handed)


def _joined() -> Join:
    """Replies with the assignment and the proposal that they answer."""
    return _r.join(_a, _a.c.id == _r.c.assignment_id).join(_p, _p.c.id == _r.c.proposal_id)


def _replies(conn: Connection, actor: Actor, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    names = (
        "id",
        "assignment_id",
        "round",
        "version",
        "body",
        "result_class",
        "asked",
        "adopted",
        "commitment",
    )
    more = ("commitment_due_on", "contact", "saved_at", "submitted_at", "replied_at")
    found = (
        select(
            *(_r.c[name] for name in (*names, *more)),
            _u.c.name.label("unit_name"),
            _a.c.role,
            _p.c.organization_id,
        )
        .select_from(_joined().join(_u, _u.c.id == _a.c.unit_id))
        .where(which, visible_to(actor), _seen(actor))
        .order_by(_r.c.id)
    )
    rows = [dict(r) for r in conn.execute(found).mappings()]
    letters = settings_of(conn, rows[0]["organization_id"]).letters if rows else {}
    files = attached(conn, "proposal_reply", [row["id"] for row in rows])
    for row in rows:
        row["attachments"] = files[row["id"]]
        row["result_class_label"] = RESULT_LABELS.get(row["result_class"])
        row["role_label"] = UNIT_ROLE_LABELS[row["role"]]
        row["letter"] = letters.get(row["result_class"])
    return rows


def reply(conn: Connection, actor: Actor, reply_id: int) -> UnitReplyOut:
    """One reply as the actor may see it."""
    rows = _replies(conn, actor, _r.c.id == reply_id)
    if not rows:
        raise NotFound
    return UnitReplyOut.model_validate(rows[0])


def _visible_replies(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    found = select(_r.c.id).select_from(_joined()).where(_r.c.id.in_(ids), visible_to(actor), _seen(actor))
    return set(conn.scalars(found))


subjects.register(
    subjects.Subject("proposal_reply", "提案答复", _visible_replies, "/api/v1/proposal-replies/{id}")
)


def _inspections(conn: Connection, proposal_id: int) -> list[dict[str, Any]]:
    i = table(ProposalInspection)
    found = (
        select(i.c.id, i.c.held_on, i.c.body, i.c.at, _acc.c.name.label("actor"))
        .join(_acc, _acc.c.id == i.c.account_id)
        .where(i.c.proposal_id == proposal_id)
        .order_by(i.c.held_on, i.c.id)
    )
    return [dict(r) for r in conn.execute(found).mappings()]
