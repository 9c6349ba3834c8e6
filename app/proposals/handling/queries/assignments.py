"""Reads of how a proposal is handled: units, talks, replies, ratings, inspections; each for who may see it."""

from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, Select, bindparam, or_, select

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles import reads
from app.core.errors import NotFound
from app.core.sql import Id, table
from app.files.queries import attached
from app.people.models import Unit
from app.proposals.assignments.lifecycle import (
    ANSWERING,
    NOT_BEGUN,
    RESULT_LABELS,
    UNIT_ROLE_LABELS,
    WORK,
    WORK_LABELS,
    WRITABLE,
    AssignmentState,
)
from app.proposals.assignments.models import ProposalAssignment, ProposalInspection, ProposalReply
from app.proposals.handling.queries import commitments, deadlines, talks
from app.proposals.handling.queries import ratings as query_ratings
from app.proposals.handling.queries.supervision import supervisor_left
from app.proposals.handling.schemas import HandlingOut, UnitReplyOut
from app.proposals.lifecycle import ENDS
from app.proposals.models import Proposal
from app.proposals.queries import handled, insider, visible_to
from app.proposals.readers import ForReaders
from app.proposals.settings.schemas import ProposalRules

_p, _a, _u = table(Proposal), table(ProposalAssignment), table(Unit)
_r, _acc, _i = table(ProposalReply), table(Account), table(ProposalInspection)
_ID = bindparam("proposal_id", type_=Id)


def _head(actor: Actor) -> Select[Any]:
    columns = (_p.c.state, _p.c.round, _p.c.is_key, _p.c.supervisor_id, _p.c.account_id)
    within = (insider(actor).label("insider"), handled(actor).label("handled"))
    left = supervisor_left(actor).label("supervisor_left")
    found = select(*columns, *within, left, _acc.c.name.label("supervisor_name"))
    found = found.select_from(_p.outerjoin(_acc, _acc.c.id == _p.c.supervisor_id))
    return found.where(_p.c.id == _ID, visible_to(actor))


_HEAD = ForReaders(_head)


def handling(conn: Connection, actor: Actor, proposal_id: int) -> HandlingOut:
    """All that units, signers and leaders did with a proposal; `NotFound` when it may not be seen."""
    found = _HEAD.first(conn, actor, proposal_id=proposal_id)
    if found is None:
        raise NotFound
    head = SimpleNamespace(**found)
    works_on_it = bool(head.handled or actor.may(Permission.PROPOSAL_INSPECT))
    inside = bool(head.insider or works_on_it)
    author, staff = head.account_id == actor.account_id, actor.may(Permission.PROPOSAL_REVIEW)
    protected = query_ratings.is_protected(actor, handles=bool(head.handled))
    supervises = staff or (head.supervisor_id is not None and head.supervisor_id == actor.account_id)
    ratings = query_ratings.of_proposal(conn, proposal_id) if inside else []
    return HandlingOut.model_validate(
        {
            "round": head.round,
            "supervisor_id": head.supervisor_id,
            "supervisor_name": head.supervisor_name,
            "supervisor_left": bool(head.supervisor_left),
            "assignments": _assignments(conn, actor, proposal_id, head.state, works_on_it=works_on_it),
            "deadlines": deadlines.of_proposal(conn, actor, proposal_id) if inside else [],
            "consultations": talks.of_proposal(conn, actor, proposal_id, head.state, author=author)
            if inside
            else [],
            "replies": _replies_of(conn, actor, proposal_id, handles=bool(head.handled)),
            "ratings": query_ratings.shown_to(conn, actor, ratings, head.state, protected=protected),
            "rating_sums": query_ratings.sums(ratings, head.state, protected=protected),
            "commitments": commitments.of_proposal(conn, actor, proposal_id),
            "inspections": _inspections(conn, proposal_id) if inside else [],
            "may": [
                verb
                for verb, held in (
                    ("inspect", head.is_key and supervises),
                    ("supervise", head.is_key and staff),
                )
                if held
            ],
            "to_rate": query_ratings.to_rate(conn, actor, proposal_id, 1),
            "to_rate_again": query_ratings.to_rate(conn, actor, proposal_id, 2),
        }
    )


_ASSIGNMENTS = (
    select(
        *(_a.c[name] for name in ("id", "unit_id", "role", "state", "note", "assigned_at", "replied_at")),
        _u.c.name.label("unit_name"),
    )
    .join(_u, _u.c.id == _a.c.unit_id)
    .where(_a.c.proposal_id == _ID)
    .order_by(_a.c.id)
)


def _assignments(
    conn: Connection, actor: Actor, proposal_id: int, state: str, *, works_on_it: bool
) -> list[dict[str, Any]]:
    shown = [dict(row) for row in conn.execute(_ASSIGNMENTS, {"proposal_id": proposal_id}).mappings()]
    for row in shown:
        own = actor.may(Permission.PROPOSAL_HANDLE) and row["unit_id"] == actor.unit_id
        staff = actor.may(Permission.PROPOSAL_REVIEW)
        row["role_label"] = UNIT_ROLE_LABELS[row["role"]]
        row["state_label"] = WORK_LABELS[row["state"]]
        row["note"] = row["note"] if works_on_it else None
        row["actions"] = [
            {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason}
            for t in WORK.open_to(AssignmentState(row["state"]), actor.permissions, author=False)
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


_TEXT = ("id", "assignment_id", "round", "version", "body", "result_class", "asked", "adopted", "commitment")
_MORE = ("commitment_due_on", "contact", "saved_at", "submitted_at", "replied_at")
_ALL_REPLIES = (
    select(
        *(_r.c[name] for name in (*_TEXT, *_MORE)),
        *(_u.c.name.label("unit_name"), _a.c.role, _a.c.unit_id, _p.c.organization_id),
    )
    .select_from(_joined().join(_u, _u.c.id == _a.c.unit_id))
    .order_by(_r.c.id)
)
_REPLIES = _ALL_REPLIES.where(_r.c.proposal_id == _ID)


def _replies_of(conn: Connection, actor: Actor, proposal_id: int, *, handles: bool) -> list[dict[str, Any]]:
    """The replies to a proposal that the actor sees, of those that `_seen` names."""
    staff = actor.may(Permission.PROPOSAL_REVIEW)

    def is_seen(row: dict[str, Any]) -> bool:
        if row["replied_at"] and row["role"] in ANSWERING:
            return True
        if staff:
            return row["submitted_at"] is not None
        return handles and (row["replied_at"] is not None or row["unit_id"] == actor.unit_id)

    rows = map(dict, conn.execute(_REPLIES, {"proposal_id": proposal_id}).mappings())
    return _whole(conn, [row for row in rows if is_seen(row)])


def _whole(conn: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    letters = ProposalRules.of(conn, rows[0]["organization_id"]).letters if rows else {}
    files = attached(conn, "proposal_reply", [row["id"] for row in rows])
    for row in rows:
        row["attachments"] = files[row["id"]]
        row["result_class_label"] = RESULT_LABELS.get(row["result_class"])
        row["role_label"] = UNIT_ROLE_LABELS[row["role"]]
        row["letter"] = letters.get(row["result_class"])
    return rows


def reply(conn: Connection, actor: Actor, reply_id: int) -> UnitReplyOut:
    """One reply as the actor may see it."""
    found = _ALL_REPLIES.where(_r.c.id == reply_id, visible_to(actor), _seen(actor))
    row = reads.only(conn, found)
    return UnitReplyOut.model_validate(_whole(conn, [dict(row)])[0])


def _visible_replies(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    found = select(_r.c.id).select_from(_joined()).where(_r.c.id.in_(ids), visible_to(actor), _seen(actor))
    return set(conn.scalars(found))


subjects.register(
    subjects.Subject("proposal_reply", "提案答复", _visible_replies, "/api/v1/proposal-replies/{id}")
)


_INSPECTIONS = (
    select(_i.c.id, _i.c.held_on, _i.c.body, _i.c.at, _acc.c.name.label("actor"))
    .join(_acc, _acc.c.id == _i.c.account_id)
    .where(_i.c.proposal_id == _ID)
    .order_by(_i.c.held_on, _i.c.id)
)


def _inspections(conn: Connection, proposal_id: int) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(_INSPECTIONS, {"proposal_id": proposal_id}).mappings()]
