"""Who is invited to a topic: sectors, committees, bodies and members by name."""

from datetime import date

from sqlalchemy import Connection, delete, insert, literal, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Invalid
from app.core.sql import table
from app.deliberation.models import TopicBody, TopicCommittee, TopicSeat, TopicSector
from app.deliberation.schemas import TopicIn
from app.people.bodies.models import Body
from app.people.bodies.queries import own_bodies
from app.people.bodies.rules import ROSTER_KINDS
from app.people.bodies.service import on_merge, referring
from app.people.models import Committee, Seat, Sector
from app.people.terms import terms_in

#: The first and the last on which a topic is open.
Days = tuple[date, date]
INVITED = (TopicSector, TopicCommittee, TopicBody, TopicSeat)


def invite(db: Session, actor: Actor, topic_id: int, new: TopicIn) -> None:
    """Write whom a topic that has no guests yet invites."""
    conn = db.connection()
    days = clock.local_day(new.opens_at, actor.zone), clock.local_day(new.closes_at, actor.zone)
    bodies = own_bodies(conn, actor.organization_id, new.body_ids, *days)
    groups = (
        (Sector, TopicSector, "sector_id", new.sector_ids),
        (Committee, TopicCommittee, "committee_id", new.committee_ids),
    )
    for group, link, key, ids in groups:
        # the body of a sector or committee is invited as the sector or committee
        meant = {getattr(body, key) for body in bodies if body.kind in ROSTER_KINDS}
        g, wanted = table(group), {*ids, *meant} - {None}
        if not wanted:
            continue
        own = terms_in(actor.organization_id, *days)
        if set(conn.scalars(select(g.c.id).where(g.c.id.in_(wanted), g.c.term_id.in_(own)))) != wanted:
            raise Invalid("邀请的界别或专委会不存在，或者不是这一届的。", code="unknown_group")
        conn.execute(insert(table(link)), [{"topic_id": topic_id, key: i} for i in sorted(wanted)])
    listed = sorted(body.id for body in bodies if body.kind not in ROSTER_KINDS)
    if listed:
        conn.execute(insert(table(TopicBody)), [{"topic_id": topic_id, "body_id": i} for i in listed])
    _invite_seats(db, actor, topic_id, set(new.seat_ids), days)


def _invite_seats(db: Session, actor: Actor, topic_id: int, seats: set[int], days: Days) -> None:
    """Write who is invited by name, of the members in office on some day while the topic is open."""
    conn, s, (first, last) = db.connection(), table(Seat), days
    if not seats:
        return
    held = (s.c.starts_on <= last) & (s.c.ends_on >= first)
    own = select(s.c.id).where(s.c.organization_id == actor.organization_id, s.c.id.in_(seats), held)
    if set(conn.scalars(own)) != seats:
        raise Invalid("点名邀请的委员不存在，或者议题期间不在任。", code="unknown_seat")
    conn.execute(insert(table(TopicSeat)), [{"topic_id": topic_id, "seat_id": i} for i in sorted(seats)])


referring.append(table(TopicBody).c.body_id)


def _invite_group(conn: Connection, body_id: int, into: Body) -> None:
    """Topics that invited a body which is merged into a sector's or committee's invite that one."""
    of = table(TopicBody)
    for link, key, group_id in (
        (TopicSector, "sector_id", into.sector_id),
        (TopicCommittee, "committee_id", into.committee_id),
    ):
        if group_id is not None and into.kind in ROSTER_KINDS:
            there = select(table(link).c.topic_id).where(table(link).c[key] == group_id)
            topics = select(of.c.topic_id, literal(group_id)).where(of.c.body_id == body_id)
            new = topics.where(of.c.topic_id.not_in(there))
            conn.execute(insert(table(link)).from_select(["topic_id", key], new))
            conn.execute(delete(of).where(of.c.body_id == body_id))


on_merge.append(_invite_group)
