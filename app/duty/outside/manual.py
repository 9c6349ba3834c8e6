"""Records that staff write and void by hand: acts outside the platform."""

from datetime import date
from hashlib import sha256

from sqlalchemy import Connection, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict, Invalid, NotFound
from app.core.sql import advisory_lock, insert_new, table
from app.duty import queries, service
from app.duty.measures import ledger
from app.duty.models import DutyRecord
from app.duty.outside import acts
from app.duty.records import Source
from app.duty.schemas import OutsideActIn, OutsideActOut
from app.people.models import Organization, Seat

_d, _s = table(DutyRecord), table(Seat)


def check_day(conn: Connection, seat_id: int, on: date) -> str:
    """The zone of a seat's organization; `Invalid` unless the seat was held on a local day that has come."""
    o = table(Organization)
    seat = conn.execute(
        select(_s.c.starts_on, _s.c.ends_on, o.c.timezone).join(o).where(_s.c.id == seat_id)
    ).one()
    if not seat.starts_on <= on <= min(seat.ends_on, clock.local_day(clock.now(), seat.timezone)):
        raise Invalid("日期应在委员任期之内，且不晚于今天。", code="day_outside_seat")
    return str(seat.timezone)


def record_outside(db: Session, actor: Actor, seat_id: int, new: OutsideActIn) -> OutsideActOut:
    """Record an act of a seat outside the platform; the act itself is kept once, whoever took part."""
    act_id, _ = write_outside(db, actor, seat_id, new)
    return OutsideActOut.model_validate(queries.outside_act(db.connection(), actor, act_id))


def write_outside(
    db: Session,
    actor: Actor,
    seat_id: int,
    new: OutsideActIn,
    *,
    source: Source = "manual",
    source_ref: str | None = None,
) -> tuple[int, int]:
    """As `record_outside`, from a source of any kind; the ids of the act and of the record."""
    conn = db.connection()
    queries.require_seat(conn, actor, seat_id)
    zone = check_day(conn, seat_id, new.held_on)
    named = f"{actor.organization_id}|{new.kind}|{new.held_on}|{new.title}|{new.place}"
    act = {
        "organization_id": actor.organization_id,
        "kind": new.kind,
        "form": new.form,
        "title": new.title,
        "held_on": new.held_on,
        "place": new.place,
        "source_ref": f"manual:{sha256(named.encode()).hexdigest()}",
    }
    act_id = acts.keep(db, act)
    _require_first(conn, seat_id, act_id)
    service.record(
        db,
        seat_id,
        new.kind,
        ("outside_act", act_id),
        at=clock.noon(new.held_on, zone),
        role=new.role,
        level=new.level,
        source=source,
        source_ref=source_ref,
        note=new.note,
        by=actor.account_id,
    )
    audit(db, actor, "duty.recorded", ("outside_act", act_id), seat_id=seat_id)
    record_id = _written(conn, seat_id, new.kind, ("outside_act", act_id), new.role)
    ledger.write(conn, {record_id: new.measures})
    return act_id, record_id


def record_again(db: Session, actor: Actor, record_id: int) -> int:
    """Append a copy of a voided record of the actor's organization, where it was voided by mistake; its id."""
    conn, own = db.connection(), {"id", "recorded_by", "recorded_at", "voided_at", "voided_by", "void_reason"}
    row = conn.execute(select(_d).where(_d.c.id == record_id)).mappings().one()
    copy = {name: value for name, value in row.items() if name not in own}
    copy |= {"recorded_by": actor.account_id, "recorded_at": clock.now()}
    if row["subject_type"] == "outside_act":
        _require_first(conn, row["seat_id"], row["subject_id"])
    if not insert_new(conn, _d, copy):
        raise Conflict("该委员的这条履职记录已经登记过。", code="already_recorded", state="recorded")
    service.invalidate_figures(db, row["seat_id"])
    subject = (row["subject_type"], row["subject_id"])
    audit(db, actor, "duty.recorded", subject, seat_id=row["seat_id"])
    again = _written(conn, row["seat_id"], row["kind"], subject, row["role"])
    ledger.write(conn, {again: ledger.read(conn, [record_id]).get(record_id, {})})
    return again


def _require_first(conn: Connection, seat_id: int, act_id: int) -> None:
    """`Conflict` when an act stands in the ledger of a seat already, be it in another role: it counts once."""
    advisory_lock(conn, f"act {act_id} of {seat_id}")
    same = (_d.c.seat_id == seat_id) & (_d.c.subject_type == "outside_act") & (_d.c.subject_id == act_id)
    if conn.scalar(select(_d.c.id).where(same, _d.c.voided_at.is_(None)).limit(1)) is not None:
        raise Conflict("该委员的这条履职记录已经登记过。", code="already_recorded", state="recorded")


def _written(conn: Connection, seat_id: int, kind: str, subject: tuple[str, int], role: str) -> int:
    """The id of the live record that has just been written."""
    same = {
        "seat_id": seat_id,
        "kind": kind,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "role": role,
    }
    found = select(_d.c.id).filter_by(**same).where(_d.c.voided_at.is_(None))
    return int(conn.execute(found.order_by(_d.c.id.desc()).limit(1)).scalar_one())


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
    service.invalidate_figures(db, found.seat_id)
    live.emit(db, actor.organization_id, "ledger", "record.voided")
    audit(db, actor, "duty.voided", ("duty_record", record_id), seat_id=found.seat_id)
