"""What every step of a proposal does beside its own work: the track, the ledger, the news, and how it was before."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, Row, Table, bindparam, insert, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, staff_who_may
from app.core import clock, live
from app.core.errors import NotFound
from app.core.sql import Utc, table
from app.duty import domain_events
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.bodies.queries import accounts_acting_for
from app.people.models import Unit
from app.proposals.assignments.models import (
    ProposalAssignment,
    ProposalCommitment,
    ProposalDeadline,
    ProposalReply,
)
from app.proposals.models import Proposal, ProposalSigner, ProposalStep
from app.proposals.text import cosigner_accounts

_p, _s, _w, _u = table(Proposal), table(ProposalSigner), table(ProposalAssignment), table(Unit)

#: What a step may change, and what its undoing brings back; children come before what they hang on.
KEPT: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (
        table(ProposalDeadline),
        ("id", "starts_on", "due_on", "how", "met_on", "lifted_on", "span"),
    ),
    (table(ProposalCommitment), ("id", "due_on", "state", "ended_at")),
    (table(ProposalReply), ("id", "submitted_at", "replied_at")),
    (table(ProposalAssignment), ("id", "role", "state", "note", "assigned_at", "replied_at")),
)
_OWN = (
    *("state", "submitted_at", "filed_at", "closed_at", "decline_code", "merged_into_id"),
    *("round", "result_class", "replied_at"),
)


_SNAPSHOTS = {
    of.name: (
        select(*(of.c[name] for name in names))
        .where(of.c.proposal_id == bindparam("proposal_id"))
        .order_by(of.c.id)
    )
    for of, names in KEPT
}


def snapshot(conn: Connection, proposal: Row[Any]) -> dict[str, Any]:
    """The columns that steps change, as they are now; JSON."""
    found: dict[str, Any] = {"proposal": {name: _plain(getattr(proposal, name)) for name in _OWN}}
    for name, kept in _SNAPSHOTS.items():
        rows = conn.execute(kept, {"proposal_id": proposal.id})
        found[name] = [[_plain(value) for value in row] for row in rows]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def restored(of: Table, values: dict[str, Any]) -> dict[str, Any]:
    """Columns of a snapshot as the database takes them."""
    return {name: _typed(of, name, value) for name, value in values.items()}


def _typed(of: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = of.c[name].type
    if isinstance(kind, Utc):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


_t = table(ProposalStep)


class Doer(NamedTuple):
    """By whose account a step is written that no request takes."""

    account_id: int


def add_step(  # noqa: PLR0913 - the columns of a step
    db: Session,
    actor: Actor | Doer,
    row: Row[Any],
    action: str,
    target: str,
    *,
    reason: str | None = None,
    reason_code: str | None = None,
    before: dict[str, Any] | None = None,
    assignment_id: int | None = None,
    undoes_id: int | None = None,
    **data: Any,
) -> None:
    """Write one step from the state of `row` to `target`; `before` makes it one that can be undone."""
    db.flush()
    db.connection().execute(
        insert(_t),
        {
            "proposal_id": row.id,
            "at": clock.now(),
            "account_id": actor.account_id,
            "action": str(action),
            "from_state": str(row.state),
            "to_state": str(target),
            "reason_code": reason_code,
            "reason": reason,
            "data": data,
            "before": before,
            "assignment_id": assignment_id,
            "undoes_id": undoes_id,
        },
    )
    duty.invalidate_figures(
        db, *(signed["seat_id"] for signed in _signatures(db, row.id))
    )  # their cards tell of the way it goes
    domain_events.publish(
        db, "proposal.stepped", row.organization_id, ("proposal", row.id), by=actor.account_id
    )


_SIGNED = (
    select(_s.c.seat_id, _s.c.role)
    .where(_s.c.proposal_id == bindparam("proposal_id"), _s.c.state == "accepted")
    .order_by(_s.c.seat_id)
)


def _signatures(db: Session, proposal_id: int) -> list[dict[str, Any]]:
    """Who has signed, in the order in which every verb takes the seats."""
    return [dict(row) for row in db.connection().execute(_SIGNED, {"proposal_id": proposal_id}).mappings()]


def credit(db: Session, actor: Actor, proposal_id: int, kind: str, *, at: datetime | None = None) -> None:
    """One record of `kind` for each who signed, done `at` a moment (now)."""
    for signed in _signatures(db, proposal_id):
        duty.record(db, **signed, kind=kind, subject=("proposal", proposal_id), by=actor.account_id, at=at)


def announce(db: Session, row: Row[Any], name: str, state: str) -> None:
    """Tell screens that show it."""
    also, subject = f"proposal:{row.id}", ("proposal", row.id)
    live.emit(db, row.organization_id, "proposals", name, also=also, subject=subject, id=row.id, state=state)


def tell_signers(db: Session, actor: Actor | None, row: Row[Any], kind: NoticeKind, news: str) -> None:
    """Author, co-signers and those who act for the body hear of it."""
    told = {
        row.account_id,
        *cosigner_accounts(db, row.id),
        *accounts_acting_for(db.connection(), row.body_id),
    }
    told -= {actor.account_id if actor else 0}
    notify(db, row.organization_id, told, kind, news, ("proposal", row.id))


def tell_staff(db: Session, row: Row[Any], kind: NoticeKind, news: str) -> None:
    """The secretariat hears of what waits for it."""
    told = staff_who_may(db.connection(), row.organization_id, Permission.PROPOSAL_REVIEW)
    notify(db, row.organization_id, told, kind, news, ("proposal", row.id))


def tell_units(db: Session, row: Row[Any], unit_ids: list[int], kind: NoticeKind, news: str) -> None:
    """The officers of some units hear of it."""
    told = accounts_in_role(db.connection(), row.organization_id, Role.UNIT_OFFICER, unit_ids)
    notify(db, row.organization_id, told, kind, news, ("proposal", row.id))


def units_of(conn: Connection, proposal_id: int, *states: str) -> list[int]:
    """The units whose work on a proposal stands in one of `states`."""
    at_work = select(_w.c.unit_id).where(_w.c.proposal_id == proposal_id, _w.c.state.in_(states))
    return list(conn.scalars(at_work))


def own_work(db: Session, actor: Actor, row: Row[Any], assignment_id: int) -> Row[Any]:
    """An assignment of a proposal: for staff any, for a unit its own; `NotFound` otherwise."""
    for one in assignments(db, row.id):
        if one.id == assignment_id and (
            actor.may(Permission.PROPOSAL_REVIEW)
            or (actor.may(Permission.PROPOSAL_HANDLE) and one.unit_id == actor.unit_id)
        ):
            return one
    raise NotFound


_ASSIGNMENTS = (
    select(_w, _u.c.name.label("unit_name"))
    .join(_u, _u.c.id == _w.c.unit_id)
    .where(_w.c.proposal_id == bindparam("proposal_id"))
    .order_by(_w.c.id)
)


def assignments(db: Session, proposal_id: int) -> list[Row[Any]]:
    """The work of every unit on a proposal, with its name."""
    return list(db.connection().execute(_ASSIGNMENTS, {"proposal_id": proposal_id}))
