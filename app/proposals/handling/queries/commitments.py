"""Reads of commitments: what replies promised for later, and what became of it."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import PageRows, after, decode_cursor, page
from app.core.sql import days_from, table
from app.people.models import Unit
from app.proposals.assignments.lifecycle import RESULT_LABELS
from app.proposals.assignments.models import CommitmentNote, ProposalAssignment, ProposalCommitment
from app.proposals.handling.schemas import CommitmentOut
from app.proposals.models import Proposal, ProposalWindow
from app.proposals.queries import visible_to

_c, _n, _a, _u, _p, _w = (
    table(ProposalCommitment),
    table(CommitmentNote),
    table(ProposalAssignment),
    table(Unit),
    table(Proposal),
    table(ProposalWindow),
)


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    OPEN = "open"
    KEPT = "kept"
    DROPPED = "dropped"
    REPLACED = "replaced"


STATE_LABELS = {"open": "兑现中", "kept": "已兑现", "dropped": "已终止", "replaced": "已由新的答复代替"}
NOTE_LABELS = {
    "progress": "进展",
    "kept": "兑现",
    "postponed": "延期",
    "dropped": "终止",
    "replaced": "由新的答复代替",
}


def _commitments() -> Select[Any]:
    names = (
        "id",
        "proposal_id",
        "reply_id",
        "result_class",
        "body",
        "due_on",
        "state",
        "created_at",
        "ended_at",
    )
    return select(
        *(_c.c[name] for name in names),
        _a.c.unit_id,
        _u.c.name.label("unit_name"),
        _p.c.title,
        _p.c.number,
        _w.c.name.label("window_name"),
    ).select_from(
        _c.join(_p, _p.c.id == _c.c.proposal_id)
        .join(_a, _a.c.id == _c.c.assignment_id)
        .join(_u, _u.c.id == _a.c.unit_id)
        .outerjoin(_w, _w.c.id == _p.c.window_id)
    )


_OF_PROPOSAL = _commitments().where(_c.c.proposal_id == bindparam("proposal_id")).order_by(_c.c.id)


def _whole(conn: Connection, actor: Actor, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        return []
    account, today = table(Account), clock.local_day(clock.now(), actor.zone)
    notes: dict[int, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    names = ("commitment_id", "action", "body", "from_on", "to_on", "at")
    written = (
        select(*(_n.c[name] for name in names), account.c.name.label("actor"))
        .join(account, account.c.id == _n.c.account_id)
        .where(_n.c.commitment_id.in_(notes))
        .order_by(_n.c.id)
    )
    for note in conn.execute(written).mappings():
        said = dict(note) | {"action_label": NOTE_LABELS[note["action"]]}
        notes[said.pop("commitment_id")].append(said)
    staff = actor.may(Permission.PROPOSAL_REVIEW)
    for row in rows:
        row["notes"] = notes[row["id"]]
        row["state_label"] = STATE_LABELS[row["state"]]
        row["result_class_label"] = RESULT_LABELS[row["result_class"]]
        row["is_overdue"] = row["state"] == "open" and row["due_on"] < today
        mine = staff or (actor.may(Permission.PROPOSAL_HANDLE) and row["unit_id"] == actor.unit_id)
        row["may_note"] = mine and row["state"] == "open"
    return rows


def of_proposal(conn: Connection, actor: Actor, proposal_id: int) -> list[dict[str, Any]]:
    """The commitments of a proposal, oldest first."""
    rows = conn.execute(_OF_PROPOSAL, {"proposal_id": proposal_id}).mappings()
    return _whole(conn, actor, [dict(row) for row in rows])


def commitment(conn: Connection, actor: Actor, commitment_id: int) -> CommitmentOut:
    """One commitment; `NotFound` when its proposal may not be seen."""
    found = _commitments().where(_c.c.id == commitment_id, visible_to(actor))
    rows = _whole(conn, actor, [dict(r) for r in conn.execute(found).mappings()])
    if not rows:
        raise NotFound
    return CommitmentOut.model_validate(rows[0])


def is_overdue(today: date) -> ColumnElement[bool]:
    """Commitments that are open though their day has gone by."""
    return (_c.c.state == "open") & (_c.c.due_on < today)


def _listed(
    actor: Actor, state: CommitmentState | None, unit_id: int | None, due_to: date | None
) -> Select[Any]:
    found = _commitments().where(_c.c.organization_id == actor.organization_id, visible_to(actor))
    if state is not None:
        found = found.where(_c.c.state == state)
    if unit_id is not None:
        found = found.where(_a.c.unit_id == unit_id)
    return found if due_to is None else found.where(_c.c.due_on <= due_to)


def due_by(
    actor: Actor, soon: date, *, state: CommitmentState, due_to: date, unit_id: int | None = None
) -> Select[int, bool]:
    """One row for each commitment of the list with these filters: its proposal, whether it is due by `soon`."""
    late = (_c.c.due_on <= soon).label("late")
    return _listed(actor, state, unit_id, due_to).with_only_columns(
        _a.c.proposal_id.label("thing"), late, maintain_column_froms=True
    )


def page_of_commitments(
    conn: Connection,
    actor: Actor,
    cursor: str | None,
    limit: int,
    *,
    state: CommitmentState | None = None,
    unit_id: int | None = None,
    overdue: bool = False,
    due_to: date | None = None,
) -> PageRows:
    """The commitment ledger of the organization: first what is due about now, ahead or lately gone by."""
    today = clock.local_day(clock.now(), actor.zone)
    found = _listed(actor, state, unit_id, due_to)
    if overdue:
        found = found.where(is_overdue(today))
    day, *at = (
        decode_cursor(cursor, date, int, int) if cursor else (today,)
    )  # pages go on from the first one's day
    columns = [days_from(conn, _c.c.due_on, day), _c.c.id]
    if at:
        found = found.where(after(columns, at))
    found = found.add_columns(columns[0].label("away")).order_by(*columns).limit(limit + 1)
    rows = [{**r, "day": day} for r in conn.execute(found).mappings()]
    shown = page(_whole(conn, actor, rows), limit, ["day", "away", "id"])
    for row in rows:
        del row["away"], row["day"]
    return shown
