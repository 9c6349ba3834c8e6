"""Records that staff write and void by hand: acts outside the platform."""

from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import insert_new, table
from app.duty import queries, service
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord, OutsideAct
from app.duty.schemas import OutsideActIn, OutsideActOut
from app.people.models import Organization, Seat

_d, _a, _s = table(DutyRecord), table(OutsideAct), table(Seat)


def record_outside(db: Session, actor: Actor, seat_id: int, new: OutsideActIn) -> OutsideActOut:
    """Record an act of a seat outside the platform; the act itself is kept once, whoever took part."""
    conn = db.connection()
    queries.require_seat(conn, actor, seat_id)
    o = table(Organization)
    seat = conn.execute(
        select(_s.c.starts_on, _s.c.ends_on, o.c.timezone).join(o).where(_s.c.id == seat_id)
    ).one()
    if not seat.starts_on <= new.held_on <= min(seat.ends_on, clock.local_day(clock.now(), seat.timezone)):
        raise Invalid("日期应在委员任期之内，且不晚于今天。", code="day_outside_seat")
    named = f"{actor.organization_id}|{new.kind}|{new.held_on}|{new.title}|{new.place}"
    act = {
        "organization_id": actor.organization_id,
        "kind": new.kind,
        "title": new.title,
        "held_on": new.held_on,
        "place": new.place,
        "source_ref": f"manual:{sha256(named.encode()).hexdigest()}",
    }
    insert_new(conn, _a, act, ["source_ref"])
    act_id = conn.execute(select(_a.c.id).where(_a.c.source_ref == act["source_ref"])).scalar_one()
    written = service.record(
        db,
        seat_id,
        new.kind,
        ("outside_act", act_id),
        at=clock.day_starts(new.held_on, seat.timezone) + timedelta(hours=12),
        role=new.role,
        level=new.level,
        source="manual",
        note=new.note,
        by=actor.account_id,
    )
    if not written:
        raise Conflict("该委员的这条履职记录已经登记过。", code="already_recorded", state="recorded")
    audit(db, actor, "duty.recorded", ("outside_act", act_id), seat_id=seat_id)
    return OutsideActOut(
        id=act_id,
        kind=new.kind,
        kind_label=KINDS[new.kind].label,
        title=new.title,
        held_on=new.held_on,
        place=new.place,
    )


def void_record(db: Session, actor: Actor, record_id: int, reason: str) -> None:
    """Void one record that was written by hand or imported; what the platform recorded follows its content."""
    conn = db.connection()
    found = conn.execute(
        select(_d.c.seat_id, _d.c.source, _d.c.voided_at).where(
            _d.c.id == record_id, _d.c.organization_id == actor.organization_id
        )
    ).first()
    if found is None:
        raise NotFound
    if found.source == "platform":
        raise Conflict("平台产生的记录请在其内容处更正。", code="platform_record", state="platform")
    voided = conn.execute(
        update(_d)
        .where(_d.c.id == record_id, _d.c.voided_at.is_(None))
        .values(voided_at=clock.now(), voided_by=actor.account_id, void_reason=reason)
    )
    if voided.rowcount == 0:
        raise Conflict("这条记录已经作废。", code="already_voided", state="voided")
    service.touch(db, found.seat_id)
    live.emit(db, actor.organization_id, "ledger", "record.voided")
    audit(db, actor, "duty.voided", ("duty_record", record_id), seat_id=found.seat_id)
