"""Invite members to an activity, and notify them."""

from collections.abc import Collection

from sqlalchemy import delete, insert, literal, select
from sqlmodel import Session

from app.activities.models import Activity, ActivityBody, Attendance
from app.activities.program.queries import agenda, papers
from app.activities.rules import AttendanceState, invitation
from app.activities.schemas import ActivityIn, ActivityPatch
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import NotFound
from app.core.sql import table
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.bodies.models import Body
from app.people.bodies.queries import own_bodies
from app.people.bodies.service import referring
from app.people.models import Seat
from app.people.queries import seats_in

_t, _ab, _b = table(Attendance), table(ActivityBody), table(Body)
referring.append(_ab.c.body_id)


def invited(db: Session, actor: Actor, row: Activity, asked: ActivityIn | ActivityPatch) -> set[int]:
    """The seats that an invitation means, of those held on the day of the activity; none named means all.

    The bodies that it names are kept.
    """
    conn, day, s = db.connection(), clock.local_day(row.starts_at, actor.zone), table(Seat)
    sectors, committees, seats = asked.sector_ids or [], asked.committee_ids or [], asked.seat_ids or []
    bodies = [body.id for body in own_bodies(conn, actor.organization_id, asked.body_ids or [], day, day)]
    found: set[int] = set()
    if sectors or committees or bodies or not seats:
        groups = seats_in(actor.organization_id, day, sectors=sectors, committees=committees, bodies=bodies)
        found |= set(conn.scalars(groups))
    named = set(conn.scalars(seats_in(actor.organization_id, day).where(s.c.id.in_(seats))))
    if named != set(seats):
        raise NotFound("邀请的委员不存在，或者活动当天不在任。", code="no_seat")
    _keep_bodies(db, actor, row.id or 0, bodies, sectors, committees)
    return found | named


def _keep_bodies(
    db: Session,
    actor: Actor,
    activity_id: int,
    bodies: Collection[int],
    sectors: Collection[int],
    committees: Collection[int],
) -> None:
    """Write which bodies an invitation names, those of its sectors and committees too."""
    db.execute(delete(_ab).where(_ab.c.activity_id == activity_id))
    named = _b.c.id.in_(bodies) | _b.c.sector_id.in_(sectors) | _b.c.committee_id.in_(committees)
    own = _b.c.organization_id == actor.organization_id
    found = select(literal(activity_id), _b.c.id).where(own, named)
    db.execute(insert(_ab).from_select(["activity_id", "body_id"], found))


def invite(db: Session, actor: Actor, row: Activity, seats: Collection[int]) -> None:
    """Put seats on the list, and notify the members who hold them now."""
    if not seats:
        return
    db.connection().execute(
        insert(_t),
        [{"activity_id": row.id, "seat_id": s, "state": AttendanceState.INVITED} for s in sorted(seats)],
    )
    conn, activity_id = db.connection(), row.id or 0
    # only that there are an agenda and papers: the activity shows them
    parts = {"议程": agenda(conn, activity_id), "材料": papers(conn, activity_id)}
    attached = "和".join(label for label, found in parts.items() if found)
    sentence, subject = invitation(row.title, attached), ("activity", activity_id)
    notify_seats(db, actor.organization_id, seats, NoticeKind.ACTIVITY_INVITED, sentence, subject)


def reinvite(db: Session, actor: Actor, row: Activity, seats: set[int]) -> None:
    """Change the list of the invited to these seats; whoever has answered stays on it."""
    conn = db.connection()
    states = {r.seat_id: r.state for r in conn.execute(select(_t).where(_t.c.activity_id == row.id))}
    removed = [s for s, state in states.items() if s not in seats and state == AttendanceState.INVITED]
    conn.execute(delete(_t).where(_t.c.activity_id == row.id, _t.c.seat_id.in_(removed)))
    invite(db, actor, row, seats - states.keys())
