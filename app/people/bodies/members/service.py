"""What staff change about the members of bodies; the audit log hears of it."""

from datetime import date

from sqlalchemy import delete, func, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import table
from app.people.bodies.members.schemas import BodyJoined, BodyMembersIn, BodyStay
from app.people.bodies.models import Body, BodyMember
from app.people.bodies.rules import ROSTER_KINDS
from app.people.bodies.service import add_members, audited, of_term, own
from app.people.models import Seat
from app.people.queries import seats_in

_m, _s = table(BodyMember), table(Seat)


def join(db: Session, actor: Actor, body_id: int, new: BodyMembersIn) -> BodyJoined:
    """Let members join; the body's row is held, so that two colleagues do not list one member twice."""
    row, day = _listed(db, actor, body_id), new.starts_on or clock.local_day(clock.now(), actor.zone)
    of_term(db, row.term_id, new.seat_ids)
    held = seats_in(row.organization_id, day).where(_s.c.id.in_(new.seat_ids))
    if set(db.scalars(held)) != set(new.seat_ids):
        raise Invalid("有委员在这一天不在任，请从名单里去掉或者改日期。", code="not_in_office")
    joined, overlapping = add_members(db, row, new.seat_ids, day)
    if overlapping:
        raise Conflict(
            f"有 {len(overlapping)} 位委员在这一天之后已有登记，请在成员名单里改日期。", code="stays_overlap"
        )
    audited(db, actor, "body.joined", body_id, seats=len(joined))
    return BodyJoined(joined=len(joined))


def set_stay(db: Session, actor: Actor, body_id: int, seat_id: int, stay: BodyStay) -> None:
    """Change the days of a member's last stay, which begins in office; `Conflict` when it would overlap another."""
    row = _listed(db, actor, body_id)
    in_office = seats_in(row.organization_id, stay.starts_on).where(_s.c.id == seat_id)
    mine = (_m.c.body_id == body_id) & (_m.c.seat_id == seat_id)
    stays = db.execute(select(_m.c.starts_on, _m.c.ends_on).where(mine).order_by(_m.c.starts_on)).all()
    if not stays:
        raise NotFound
    if db.scalar(in_office) is None:
        raise Invalid("加入的日期不在这位委员的任期内。", code="not_in_office")
    if len(stays) > 1 and stay.starts_on <= (stays[-2].ends_on or date.max):
        raise Conflict("加入的日期与以前的一段重叠，请改在上次离开之后。", code="stays_overlap")
    values = {"starts_on": stay.starts_on, "ends_on": stay.ends_on}
    db.execute(update(_m).where(mine, _m.c.starts_on == stays[-1].starts_on).values(values))
    audited(db, actor, "body.stay_changed", body_id, seat_id=seat_id)


def remove(db: Session, actor: Actor, body_id: int, seat_id: int) -> None:
    """Take back the last stay of a member, which was listed by mistake; whoever leaves gets a last day instead."""
    _listed(db, actor, body_id)
    mine = (_m.c.body_id == body_id) & (_m.c.seat_id == seat_id)
    last = db.scalar(select(func.max(_m.c.starts_on)).where(mine))
    if last is None:
        raise NotFound
    db.execute(delete(_m).where(mine, _m.c.starts_on == last))
    audited(db, actor, "body.stay_removed", body_id, seat_id=seat_id)


def _listed(db: Session, actor: Actor, body_id: int) -> Body:
    row = own(db, actor, body_id, lock=True)
    if row.kind in ROSTER_KINDS:
        raise Conflict("界别和专委会的成员在委员名册里维护。", code="members_elsewhere")
    return row
