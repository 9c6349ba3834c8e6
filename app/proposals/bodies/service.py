"""A body's head is asked to confirm what will be submitted in its name, and a new head what still waits.

Whoever drafted it and the office are told when the head leaves and nobody follows yet.
"""

from typing import Any

from sqlalchemy import Row, literal, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queries import staff_who_may
from app.core import clock
from app.core.errors import Conflict
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.bodies import queries as bodies
from app.people.bodies.service import on_head_left, on_new_head
from app.people.queries import accounts_of, seats_in
from app.proposals import news
from app.proposals.lifecycle import ProposalState
from app.proposals.models import Proposal
from app.proposals.news import called

_p = table(Proposal)
_ABOUT_HEADS = (NoticeKind.PROPOSAL_TO_CONFIRM, NoticeKind.PROPOSAL_HEAD_LEFT)


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
    asked = news.to_head(row.title, actor.name, name)
    notify(
        db,
        row.organization_id,
        accounts.values(),
        NoticeKind.PROPOSAL_TO_CONFIRM,
        asked,
        ("proposal", row.id),
    )


def _ask_new_head(db: Session, organization_id: int, body_id: int) -> None:
    """Tell a new head what waited for the one before, who is asked no more."""
    heads = accounts_of(db.connection(), [bodies.head_of(db.connection(), body_id) or 0]).values()
    settle(db, ("body", body_id))
    for row in _waiting(db, body_id):
        settle(db, ("proposal", row.id), only=_ABOUT_HEADS)
        asked = f"以{row.name}名义起草的提案{called(row.title)}，请您确认"
        notify(db, organization_id, heads, NoticeKind.PROPOSAL_TO_CONFIRM, asked, ("proposal", row.id))


def _tell_drafters(db: Session, organization_id: int, body_id: int) -> None:
    """Tell those who drafted what waits that its head has left, and the office how much waits."""
    waiting = _waiting(db, body_id)
    if waiting:
        settle(db, ("body", body_id))
        told = f"{waiting[0].name}没有在任的负责人，{len(waiting)} 件集体提案等人确认，请登记新的负责人"
        staff = staff_who_may(db.connection(), organization_id, Permission.PEOPLE_MANAGE)
        notify(db, organization_id, staff, NoticeKind.BODY_HEADLESS, told, ("body", body_id))
    for row in waiting:
        settle(db, ("proposal", row.id), only=_ABOUT_HEADS)
        told = f"{row.name}的负责人离任，提案{called(row.title)}等新的负责人确认；急需提交的，请联系政协机关"
        notify(
            db, organization_id, [row.account_id], NoticeKind.PROPOSAL_HEAD_LEFT, told, ("proposal", row.id)
        )


def _waiting(db: Session, body_id: int) -> list[Row[Any]]:
    """What waits for a body's head, with the name of the body."""
    name = bodies.name_of(literal(body_id)).label("name")
    waits = (_p.c.body_id == body_id) & (_p.c.state == ProposalState.CONFIRMING) & _p.c.deleted_at.is_(None)
    return list(db.execute(select(_p.c.id, _p.c.title, _p.c.account_id, name).where(waits).order_by(_p.c.id)))


on_new_head.append(_ask_new_head)
on_head_left.append(_tell_drafters)
