"""Verbs of visits: log, edit, withdraw, restore; the record of duty in the same transaction."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.casefiles import steps
from app.contacts import queries as contacts
from app.contacts.models import Contact, Visit
from app.contacts.visits import queries
from app.contacts.visits.schemas import DUTY, VisitIn, VisitOut
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, Stale
from app.core.sql import table
from app.duty import service as duty
from app.duty.measures import ledger
from app.duty.measures.rules import Amounts, Measure
from app.duty.models import DutyRecord
from app.duty.outside.manual import check_day
from app.files.service import attach, detach

_c, _v, _d = table(Contact), table(Visit), table(DutyRecord)


def log(db: Session, actor: Actor, new: VisitIn) -> VisitOut:
    """Log a visit of the actor's seat with its record, pictures and measures."""
    conn, seat_id, now = db.connection(), actor.own_seat, clock.now()
    values = _values(conn, actor, new) | {"version": 1, "created_at": now, "edited_at": now}
    values |= {"organization_id": actor.organization_id, "seat_id": seat_id}
    visit_id = int(conn.execute(insert(_v).values(values).returning(_v.c.id)).scalar_one())
    attach(db, actor, new.pictures, ("visit", visit_id), pictures_only=True)
    _record(db, actor, visit_id, values, _measures(new))
    return _read(db, actor, visit_id)


def edit(db: Session, actor: Actor, visit_id: int, version: int, new: VisitIn) -> VisitOut:
    """Write one's own visit again; a new day or new amounts are a new record in place of the old one."""
    conn, row = db.connection(), _own(db, actor, visit_id, withdrawn=False)
    if row.version != version:
        raise Stale(current=queries.read(conn, actor, visit_id))
    subject, values = ("visit", visit_id), _values(conn, actor, new, row)
    conn.execute(
        update(_v)
        .where(_v.c.id == visit_id)
        .values(values | {"version": version + 1, "edited_at": clock.now()})
    )
    detach(db, subject, keep=new.pictures)
    attach(db, actor, new.pictures, subject, pictures_only=True)
    before = queries.measures_of(conn, [visit_id]).get(visit_id, {})
    if (values["visited_on"], _measures(new)) != (row.visited_on, before):
        duty.void(db, subject, "本人修改", actor.account_id)
        _record(db, actor, visit_id, {**row._asdict(), **values}, _measures(new))
    duty.invalidate_figures(db, row.seat_id)
    return _read(db, actor, visit_id)


def withdraw(db: Session, actor: Actor, visit_id: int) -> VisitOut:
    """Withdraw one's own visit: its record is void, and the office sees it no more."""
    _own(db, actor, visit_id, withdrawn=False)
    _mark(db, visit_id, withdrawn_at=clock.now())
    duty.void(db, ("visit", visit_id), "本人撤回", actor.account_id)
    return _read(db, actor, visit_id)


def restore(db: Session, actor: Actor, visit_id: int) -> VisitOut:
    """Undo a withdrawal: the visit counts again, on its day and with its amounts."""
    row = _own(db, actor, visit_id, withdrawn=True)
    _mark(db, visit_id, withdrawn_at=None)
    amounts = queries.measures_of(db.connection(), [visit_id]).get(visit_id, {})
    _record(db, actor, visit_id, row._asdict(), amounts)
    return _read(db, actor, visit_id)


def _values(conn: Connection, actor: Actor, new: VisitIn, row: Row[Any] | None = None) -> dict[str, Any]:
    """The columns that its author writes; `Invalid` for a contact of somebody else, or a day out of office."""
    visited_on = new.visited_on or (row.visited_on if row else actor.today)
    check_day(conn, actor.own_seat, visited_on)
    whom = new.whom
    if new.contact_id is not None:
        mine = select(_c.c.id).where(_c.c.id == new.contact_id, _c.c.seat_id == actor.own_seat)
        if conn.scalar(mine.with_for_update(read=True)) is None:
            raise Invalid("没有这个联系对象，请重新选择。", code="unknown_contact")
        whom = contacts.names_of(conn, [new.contact_id])[new.contact_id][1]
        if row is None or (row.contact_id, row.visited_on) != (new.contact_id, visited_on):
            _require_running(conn, new.contact_id, whom, visited_on)
    if not whom:
        raise Invalid("请选择联系对象，或填写走访了谁。", code="whom_required")
    return {"contact_id": new.contact_id, "whom": whom, "visited_on": visited_on, "body": new.body}


def _require_running(conn: Connection, contact_id: int, whom: str, on: date) -> None:
    """`Invalid` for a day after the contact had ended; one before it began counts for it."""
    ended = conn.scalar(select(_c.c.ends_on).where(_c.c.id == contact_id, _c.c.ends_on < on))
    if ended is not None:
        said = f"与“{whom}”的联系已于{clock.in_words(ended)}结束，请改选联系对象，或写下走访了谁。"
        raise Invalid(said, code="contact_ended")


def _measures(new: VisitIn) -> Amounts:
    return {Measure.VISITS: 1} | new.measures


def _record(db: Session, actor: Actor, visit_id: int, visit: dict[str, Any], amounts: Amounts) -> None:
    conn, now, on = db.connection(), clock.now(), visit["visited_on"]
    at = now if on == actor.today else clock.noon(on, actor.zone)
    duty.record(db, visit["seat_id"], DUTY, ("visit", visit_id), at=at, by=actor.account_id)
    live = select(_d.c.id).where(
        _d.c.kind == DUTY,
        _d.c.subject_type == "visit",
        _d.c.subject_id == visit_id,
        _d.c.voided_at.is_(None),
    )
    ledger.write(conn, {conn.execute(live).scalar_one(): amounts})


def _mark(db: Session, visit_id: int, **marks: Any) -> None:
    db.connection().execute(
        update(_v).where(_v.c.id == visit_id).values(marks | {"version": _v.c.version + 1})
    )


def _own(db: Session, actor: Actor, visit_id: int, *, withdrawn: bool) -> Row[Any]:
    """One's own visit, held until the commit; `Conflict` when it is not in the state that the verb is for."""
    row = steps.lock(db, select(_v).where(_v.c.id == visit_id, queries.visible_to(actor)))
    if row.seat_id != actor.own_seat:
        raise Forbidden("只能修改或撤回自己的走访记录。", code="not_yours")
    if (row.withdrawn_at is not None) != withdrawn:
        said = "这条走访记录没有撤回。" if withdrawn else "这条走访记录已经撤回，请先恢复。"
        raise Conflict(said, code="illegal_transition", state="withdrawn" if row.withdrawn_at else "logged")
    return row


def _read(db: Session, actor: Actor, visit_id: int) -> VisitOut:
    return VisitOut.model_validate(queries.read(db.connection(), actor, visit_id))
