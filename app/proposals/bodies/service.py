"""A body's head is asked to confirm what will be submitted in its name, and a new head what still waits."""

from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.bodies import queries as bodies
from app.people.bodies.service import on_new_head
from app.people.queries import accounts_of, seats_in
from app.proposals.lifecycle import State
from app.proposals.models import Proposal
from app.proposals.service_text import called

_p = table(Proposal)


def ask_head(db: Session, actor: Actor, row: Row[Any]) -> None:
    """Tell the head that a proposal waits; `Conflict` when nobody in office is the head."""
    conn = db.connection()
    name = bodies.names_of(conn, [row.body_id])[row.body_id]
    held = seats_in(row.organization_id, clock.local_day(clock.now(), actor.zone))
    head = bodies.head_of(conn, row.body_id)
    accounts = accounts_of(conn, conn.scalars(held.where(held.selected_columns[0] == head)).all())
    if not accounts:
        raise Conflict(
            f"“{name}”还没有在任的负责人，请联系政协机关登记后再提交。", code="no_head", state=row.state
        )
    news = f"{actor.name}以{name}名义起草了提案{called(row.title)}，请您确认"
    notify(db, row.organization_id, accounts.values(), "proposal.to_confirm", news, ("proposal", row.id))


def _ask_new_head(db: Session, organization_id: int, body_id: int) -> None:
    """Tell a new head what waited for the one before, who is asked no more."""
    conn = db.connection()
    waiting = conn.execute(
        select(_p.c.id, _p.c.title)
        .where(_p.c.body_id == body_id, _p.c.state == State.CONFIRMING, _p.c.deleted_at.is_(None))
        .order_by(_p.c.id)
    ).all()
    if not waiting:
        return
    name = bodies.names_of(conn, [body_id])[body_id]
    heads = accounts_of(conn, [bodies.head_of(conn, body_id) or 0]).values()
    for row in waiting:
        settle(db, ("proposal", row.id), only=[NoticeKind.PROPOSAL_TO_CONFIRM])
        news = f"以{name}名义起草的提案{called(row.title)}，请您确认"
        notify(db, organization_id, heads, "proposal.to_confirm", news, ("proposal", row.id))


on_new_head.append(_ask_new_head)
