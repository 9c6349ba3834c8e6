"""A body's head is asked to confirm what will be submitted in its name."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict
from app.notifications.service import notify
from app.people.bodies import queries as bodies
from app.people.queries import accounts_of, seats_in
from app.proposals.service_text import called


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
