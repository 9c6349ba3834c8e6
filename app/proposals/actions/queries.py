"""Reads of what the actor may do with a proposal: the steps of its life cycle and the verbs beside them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.auth.actor import Actor
from app.auth.permissions import PROPOSAL_STAFF, Permission
from app.people.bodies import queries as bodies
from app.proposals import rules
from app.proposals.actions.reviews import is_sole_reviewer
from app.proposals.lifecycle import (
    EDITABLE,
    FOR_BODIES,
    FOR_HEADS,
    LIFECYCLE,
    ON_FILE,
    REVIEWERS,
    ProposalAction,
    ProposalState,
)
from app.proposals.rules import ProposalKind, Verb
from app.proposals.settings.schemas import ProposalRules


def closed(conn: Connection, actor: Actor, *, kind: str, body_id: int | None) -> frozenset[ProposalAction]:
    """The steps of a text that are not the actor's: what a body puts forward is submitted by its head."""
    if kind != ProposalKind.COLLECTIVE:
        return FOR_BODIES
    heads = body_id is not None and bodies.head_of(conn, body_id) == actor.seat_id is not None
    return frozenset({ProposalAction.ASK_HEAD}) if heads else FOR_HEADS


def actions(conn: Connection, actor: Actor, row: Mapping[str, Any], *, author: bool) -> list[dict[str, Any]]:
    """The steps that the actor may run with a proposal, of which `row` has state, kind and body."""
    state = row["state"]
    steps = LIFECYCLE.open_to(ProposalState(state), actor.permissions, author=author)
    if state in EDITABLE | {ProposalState.CONFIRMING} and steps:
        shut = closed(conn, actor, kind=row["kind"], body_id=row["body_id"])
        steps = [t for t in steps if t.action not in shut]
    if actor.permissions & PROPOSAL_STAFF and is_sole_reviewer(conn, actor, row["id"], ProposalState(state)):
        steps = [t for t in steps if t.permission not in REVIEWERS.values()]
    if any(t.action is ProposalAction.FILE for t in steps):
        reviews = ProposalRules.of(conn, actor.organization_id).reviews
        steps = [
            t
            for t in steps
            if t.action is not ProposalAction.FILE or rules.may_file(ProposalState(state), reviews)
        ]
    return [
        {"action": t.action, "action_label": t.label, "needs_reason": t.needs_reason, "reasons": t.reasons}
        for t in steps
    ]


def verbs(actor: Actor, row: dict[str, Any], *, own: bool, author: bool) -> list[Verb]:
    """What the actor may do with a proposal beside the steps of its life cycle."""
    editable, signature = row["state"] in EDITABLE, row["my_signature"]
    held: dict[Verb, bool] = {
        "edit": author and editable,
        "attach": own and editable,
        "invite": author and editable and row["kind"] in rules.NAMES_OTHERS,
        "delete": own and row["state"] == ProposalState.DRAFT,
        "answer": not own and editable and signature is not None,
        "mark": row["state"] in ON_FILE and actor.may(Permission.PROPOSAL_REVIEW),
    }
    return [verb for verb, is_open in held.items() if is_open]
