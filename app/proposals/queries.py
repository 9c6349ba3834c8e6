"""Reads of proposals, and the one rule of who sees which."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    case,
    false,
    func,
    literal,
    select,
)

from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.core.errors import NotFound
from app.core.sql import alias, table
from app.files.queries import attached
from app.people.bodies import queries as bodies
from app.people.models import Person
from app.people.paper import queries as paper
from app.people.queries import author_columns, join_author
from app.proposals import rules
from app.proposals.actions import queries
from app.proposals.assignments import columns
from app.proposals.assignments.lifecycle import GONE, INTERNAL, RESULT_LABELS
from app.proposals.assignments.models import ProposalAssignment
from app.proposals.form import queries as form
from app.proposals.lifecycle import DECLINE_REASONS, EDITABLE, LABELS
from app.proposals.models import Proposal, ProposalSigner, ProposalStep, ProposalWindow
from app.proposals.readers import ForReaders
from app.proposals.rules import KIND_LABELS, PERIOD_LABELS, SIGNATURE_LABELS, signer_label
from app.proposals.signatures.queries import changed_since

_p, _s, _w = table(Proposal), table(ProposalSigner), table(ProposalWindow)
_a = alias(table(ProposalAssignment), "handled")  # so that it never means that of a query around it
#: Columns of a whole proposal beside those of a list.
_BESIDE = (
    *("situation", "suggestions", "decline_code", "account_id", "publish_consent", "publish_reason"),
    *("suggested_unit_ids", "research", "activity_ids", "handed_in_by", "handed_in_on"),
)
#: The reader's own signature.
mine = alias(_s, "mine")


def _signed(actor: Actor) -> ColumnElement[bool]:
    """Proposals that the actor has signed, or may still sign or confirm."""
    asked = (_s.c.state == "unconfirmed") | ((_s.c.state == "invited") & (_s.c.answer_by >= actor.today))
    present = false() if actor.seat_id is None else _s.c.seat_id == actor.seat_id
    return (
        select(_s.c.seat_id)
        .where(
            _s.c.proposal_id == _p.c.id,
            _s.c.seat_id.in_(actor.seat_ids),
            (_s.c.state == "accepted") | (asked & present & _p.c.state.in_(EDITABLE)),
        )
        .exists()
    )


def handled(actor: Actor) -> ColumnElement[bool]:
    """Proposals that the actor's unit handles."""
    if actor.unit_id is None or not actor.may(Permission.PROPOSAL_HANDLE):
        return false()
    theirs = (_a.c.proposal_id == _p.c.id) & (_a.c.unit_id == actor.unit_id)
    return select(_a.c.id).where(theirs, _a.c.state.not_in(GONE)).exists()


def written_by(actor: Actor) -> ColumnElement[bool]:
    """Proposals whose text the actor writes: their own, and those of a body for which they may act."""
    return (_p.c.account_id == actor.account_id) | bodies.acts_for(actor, _p.c.body_id)


def calls_contact(actor: Actor) -> ColumnElement[bool]:
    """Proposals of which the actor may see whom to call: for those who work on them."""
    return literal(actor.may(Permission.PROPOSAL_REVIEW)) | written_by(actor) | handled(actor)


def writes(conn: Connection, actor: Actor, proposal_id: int) -> bool:
    """Whether the actor writes a proposal."""
    return conn.scalar(select(_p.c.id).where(_p.c.id == proposal_id, written_by(actor))) is not None


def insider(actor: Actor) -> ColumnElement[bool]:
    """Proposals which the actor writes or signs."""
    return written_by(actor) | _signed(actor)


def due_on(actor: Actor) -> ColumnElement[date | None]:
    """The soonest day by which something is due of a proposal, where the actor may see its deadlines."""
    if actor.may(Permission.PROPOSAL_INSPECT):
        return columns.due_on(actor.today)
    return case((insider(actor) | handled(actor), columns.due_on(actor.today, actor.unit_id)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Its author and signers see a proposal in every state, others as far as the state's audience reaches.

    A unit sees what it handles.
    """
    return (
        (_p.c.organization_id == actor.organization_id)
        & _p.c.deleted_at.is_(None)
        & (_p.c.state.in_(rules.states_seen(actor)) | insider(actor) | handled(actor))
    )


def visible_proposals(conn: Connection, actor: Actor, ids: Collection[int]) -> set[int]:
    """Which of `ids` the actor may see."""
    return set(conn.scalars(select(_p.c.id).where(_p.c.id.in_(ids), visible_to(actor))))


_titles = subjects.titled(_p.c.id, _p.c.title)
subjects.register(
    subjects.Subject("proposal", "提案", visible_proposals, "/api/v1/proposals/{id}", titles=_titles)
)


def _signature(of: FromClause, actor: Actor) -> ColumnElement[str]:
    """A signature today: an invitation not answered in time is `expired`, one not confirmed in time `lapsed`."""
    today = actor.today
    late = (of.c.state == "invited") & (of.c.answer_by < today)
    lapsed = (of.c.state == "unconfirmed") & _p.c.state.not_in(EDITABLE)
    return case((late, "expired"), (lapsed, "lapsed"), else_=of.c.state)


def _row_columns(actor: Actor) -> list[ColumnElement[Any]]:
    cosigners = (
        select(func.count())
        .where(_s.c.proposal_id == _p.c.id, _s.c.role == "participant", _s.c.state == "accepted")
        .scalar_subquery()
    )
    return [
        *(
            _p.c[name]
            for name in ("id", "version", "state", "kind", "title", "body_id", "category", "period")
        ),
        bodies.name_of(_p.c.body_id).label("body_name"),
        *(_p.c[name] for name in ("number", "window_id", "is_key", "is_commended", "seat_id")),
        *(_p.c[name] for name in ("created_at", "edited_at", "submitted_at", "filed_at", "replied_at")),
        *(_p.c[name] for name in ("closed_at", "round", "result_class", "merged_into_id")),
        *(_p.c[name] for name in ("supervisor_id", "supervised_month")),
        _w.c.name.label("window_name"),
        *author_columns(),
        cosigners.label("cosigner_count"),
        due_on(actor).label("due_on"),
        columns.waiting_since().label("waiting_since"),
        columns.unit_names().label("unit_names"),
        _signature(mine, actor).label("my_signature"),
        mine.c.answer_by,
    ]


def rows(actor: Actor, *further: ColumnElement[Any]) -> Any:
    """The columns of a list, of what the actor may see."""
    own = (mine.c.proposal_id == _p.c.id) & mine.c.seat_id.in_(actor.seat_ids)
    return (
        select(*_row_columns(actor), *further)
        .select_from(
            join_author(_p, _p.c.seat_id).outerjoin(_w, _w.c.id == _p.c.window_id).outerjoin(mine, own)
        )
        .where(visible_to(actor))
    )


def labelled(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a list with the Chinese names of its codes."""
    return row | {
        "unit_names": columns.names(row["unit_names"]),
        "state_label": LABELS[row["state"]],
        "kind_label": KIND_LABELS[row["kind"]],
        "period_label": PERIOD_LABELS.get(row["period"]),
        "my_signature_label": SIGNATURE_LABELS.get(row["my_signature"]),
        "result_class_label": RESULT_LABELS.get(row["result_class"]),
    }


def _whole(actor: Actor) -> Any:
    t = table(ProposalStep)
    within = literal(actor.may(Permission.PROPOSAL_INSPECT)) | insider(actor) | handled(actor)
    last_reason = (
        select(case((t.c.action.not_in(INTERNAL) | within, t.c.reason)))
        .where(t.c.proposal_id == _p.c.id, t.c.from_state != t.c.to_state)
        .order_by(t.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    text = [
        *(_p.c[name] for name in _BESIDE),
        mine.c.signed_version,
        last_reason.label("state_reason"),
        paper.entered_by(_p.c.entered_by).label("entered_by"),
        written_by(actor).label("writes"),
        calls_contact(actor).label("calls"),
    ]
    return rows(actor, *text).where(_p.c.id == bindparam("proposal_id"))


_WHOLE = ForReaders(_whole)


def read(conn: Connection, actor: Actor, proposal_id: int) -> dict[str, Any]:
    """One proposal whole, with what the actor may do; `NotFound` when it may not be seen."""
    first = _WHOLE.first(conn, actor, proposal_id=proposal_id)
    if first is None:
        raise NotFound
    row = labelled(first)
    own, author = row.pop("account_id") == actor.account_id, row.pop("writes")
    row |= form.shown(conn, actor, {name: row.pop(name) for name in ("suggested_unit_ids", "activity_ids")})
    row |= bodies.contact(conn, row["body_id"], whole=row.pop("calls"))
    row["decline_code_label"] = DECLINE_REASONS.get(row["decline_code"])
    row["signers"] = signers(conn, actor, proposal_id)
    row["attachments"] = attached(conn, "proposal", [proposal_id])[proposal_id]
    row["actions"] = queries.actions(conn, actor, row, author=author)
    row["may"] = queries.verbs(actor, row, own=own, author=author)
    row["advice"] = _advice(row) if author and row["state"] in EDITABLE else []
    asks = row["my_signature"] == "unconfirmed" and actor.seat_id is not None
    row["changed_since_signed"] = changed_since(conn, proposal_id, actor.own_seat) if asks else []
    return row


def _advice(row: dict[str, Any]) -> list[str]:
    unconfirmed = [one["name"] for one in row["signers"] if one["state"] == "unconfirmed"]
    waits = f"{'、'.join(unconfirmed)}还没有再次确认修改后的文稿，提交后不计为联名人。"
    advice = rules.advice(row["title"], publish_consent=row["publish_consent"])
    return advice + ([waits] if unconfirmed else [])


def _signers(actor: Actor) -> Select[Any]:
    names = ("seat_id", "role", "answer_by", "answered_at", "signed_version")
    staff = literal(actor.may(Permission.PROPOSAL_REVIEW))
    calls = (_s.c.state == "accepted") & (staff | handled(actor))
    phone = case((calls, table(Person).c.phone)).label("phone")
    shown = (_s.c.state == "accepted") | _s.c.seat_id.in_(actor.seat_ids) | staff
    return (
        select(
            *(_s.c[name] for name in names),
            _p.c.kind,
            _signature(_s, actor).label("state"),
            *author_columns(""),
            phone,
        )
        .select_from(join_author(_s, _s.c.seat_id).join(_p, _p.c.id == _s.c.proposal_id))
        .where(_s.c.proposal_id == bindparam("proposal_id"), shown | written_by(actor))
        .order_by(_s.c.role, _s.c.invited_at, _s.c.seat_id)  # "lead" sorts before "participant"
    )


_SIGNERS = ForReaders(_signers)


def signers(conn: Connection, actor: Actor, proposal_id: int) -> list[dict[str, Any]]:
    """Who signs, the lead first; who was asked and has not signed is known to the author, to staff and to themselves.

    An invitation that nobody answered in time is `expired`.
    """
    found = _SIGNERS.rows(conn, actor, proposal_id=proposal_id)
    for row in found:
        row["state_label"] = SIGNATURE_LABELS[row["state"]]
        row["role_label"] = signer_label(row.pop("kind"), row["role"])
    return found
