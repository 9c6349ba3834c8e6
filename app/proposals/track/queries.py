"""Reads of how a proposal came about: its saved versions and the steps of its track."""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Permission
from app.casefiles import reads
from app.casefiles.steps import label
from app.core.errors import NotFound
from app.core.paging import PageRows
from app.core.sql import table
from app.people.bodies import queries as bodies
from app.proposals import rules
from app.proposals.actions.queries import actions
from app.proposals.assignments.lifecycle import ACTION_LABELS, INTERNAL
from app.proposals.form import queries as form
from app.proposals.handling.queries.ratings import is_protected
from app.proposals.lifecycle import DECLINE_REASONS, LABELS, ON_FILE, ProposalState
from app.proposals.models import Proposal, ProposalSigner, ProposalStep, ProposalVersion
from app.proposals.queries import handled, insider, visible_to, written_by
from app.proposals.rules import KIND_LABELS
from app.proposals.settings.schemas import ProposalRules

_p, _s = table(Proposal), table(ProposalSigner)
#: What a version keeps beside the text, as it is.
_SAID = ("kind", "category", "body_id", "publish_consent", "publish_reason", "research")
#: Steps of which others hear that they were taken, no more: who rated how, and what was merged under which title.
_CLOSED = frozenset({"rate", "merge_in", "merge_out"})
#: Steps that nobody takes: they follow from the calendar.
_BY_ITSELF = frozenset({"recalculate"})
#: Who rated, for units that may not know it.
_RATER = "提案人或联名人"


def _versions(conn: Connection, actor: Actor, proposal_id: int, *further: ColumnElement[Any]) -> Any:
    """The author's versions are all of them; staff's those since the first submission; a co-signer's the one signed."""
    v, a = table(ProposalVersion), table(Account)
    seen = written_by(actor)
    if actor.seat_id is not None:
        mine = (_s.c.proposal_id == _p.c.id) & (_s.c.seat_id == actor.seat_id)
        seen |= select(_s.c.seat_id).where(mine, _s.c.signed_version == v.c.version).exists()
    if actor.may(Permission.PROPOSAL_REVIEW):
        seen |= v.c.version >= _p.c.submitted_version
    found = (
        select(v.c.version, v.c.title, a.c.name.label("saved_by"), v.c.saved_at, *further)
        .select_from(v.join(_p, _p.c.id == v.c.proposal_id).join(a, a.c.id == v.c.saved_by))
        .where(v.c.proposal_id == proposal_id, visible_to(actor), seen)
    )
    if not conn.scalar(select(found.exists())):
        raise NotFound
    return found


def page_of_versions(
    conn: Connection, actor: Actor, proposal_id: int, cursor: str | None, limit: int
) -> PageRows:
    """The saved versions of a text, newest first."""
    found, v = _versions(conn, actor, proposal_id), table(ProposalVersion)
    return reads.page_of_versions(conn, found, v.c.version, cursor, limit)


def version(conn: Connection, actor: Actor, proposal_id: int, number: int) -> dict[str, Any]:
    """The text of one version."""
    v = table(ProposalVersion)
    found = _versions(conn, actor, proposal_id, v.c.situation, v.c.suggestions, v.c.form)
    of = reads.only(conn, found.where(v.c.version == number))
    said = dict.fromkeys(_SAID) | (of.pop("form") or {})
    return (
        of
        | {name: said[name] for name in _SAID if name != "body_id"}
        | form.shown(conn, actor, said)
        | {"kind_label": KIND_LABELS.get(said["kind"])}
        | {"body_name": bodies.names_of(conn, [said["body_id"]]).get(said["body_id"])}
    )


def track(conn: Connection, actor: Actor, proposal_id: int) -> dict[str, Any]:
    """Every step so far, oldest first; who is no insider sees the steps into states that they may see."""
    t, a = table(ProposalStep), table(Account)
    found = select(
        *(_p.c[name] for name in ("id", "state", "kind", "body_id")),
        written_by(actor).label("writes"),
        insider(actor).label("insider"),
        handled(actor).label("handled"),
    )
    head = conn.execute(found.where(_p.c.id == proposal_id, visible_to(actor))).one_or_none()
    if head is None:
        raise NotFound
    names = ("id", "at", "action", "from_state", "to_state", "reason_code", "reason", "data", "undoes_id")
    steps = (
        select(*(t.c[name] for name in names), t.c.before, a.c.name.label("actor"))
        .select_from(t.join(a, a.c.id == t.c.account_id))
        .where(t.c.proposal_id == proposal_id)
        .order_by(t.c.id)
    )
    works_on_it = actor.may(Permission.PROPOSAL_INSPECT) or head.handled
    if not head.insider:
        seen = {*rules.states_seen(actor), *(ON_FILE if head.handled else ())}
        steps = steps.where(t.c.to_state.in_(seen))
    rows = [dict(r) for r in conn.execute(steps).mappings()]
    protected = is_protected(actor, handles=bool(head.handled))
    if protected and (
        head.state != ProposalState.CLOSED or ProposalRules.of(conn, actor.organization_id).hide_raters
    ):
        rows = [row | {"data": {}, "actor": _RATER} if row["action"] == "rate" else row for row in rows]
    newest_first = [SimpleNamespace(**row) for row in reversed(rows)]
    for row in rows:
        del row["before"]
        if not (head.insider or works_on_it):
            if row["action"] in INTERNAL:
                row["reason"] = None
            if row["action"] in _CLOSED:
                row["data"] = {}
        if row["action"] in _BY_ITSELF:
            row["actor"] = "系统"
        row["reason_code_label"] = DECLINE_REASONS.get(row["reason_code"])
    label(rows, ACTION_LABELS, LABELS)
    return {
        "state": head.state,
        "state_label": LABELS[head.state],
        "steps": rows,
        "undoable": rules.undoable(newest_first) if actor.may(Permission.PROPOSAL_REVIEW) else None,
        "actions": actions(conn, actor, head._asdict(), author=head.writes),
    }
