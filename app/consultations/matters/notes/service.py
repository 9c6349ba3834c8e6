"""Verbs of notes: write one for a matter, withdraw and restore it; a member's record of duty goes with it."""

from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.casefiles import steps
from app.consultations.matters.lifecycle import LIFECYCLE, NOTED, MatterState
from app.consultations.matters.models import Matter, MatterNote
from app.consultations.matters.notes.queries import visible_notes
from app.consultations.matters.notes.schemas import DUTY, MatterNoteIn
from app.consultations.matters.rights import verbs_open_to
from app.core import clock
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.sql import AnyRow, table
from app.duty import service as duty
from app.duty.outside.manual import check_day
from app.files.service import attach

_m, _n = table(Matter), table(MatterNote)


def write(db: Session, actor: Actor, matter: AnyRow, new: MatterNoteIn) -> None:
    """Write a note for a matter that the actor sees; a member's is an act of duty on its day."""
    if "note" not in verbs_open_to(actor, matter):
        if matter.state not in NOTED:
            label = LIFECYCLE.labels[MatterState(matter.state)]
            raise Conflict(f"议题当前状态为“{label}”，不记走访调研。", code="not_noted", state=matter.state)
        raise Forbidden("您不能为这个议题记走访调研。", code="not_noted")
    on = new.noted_on or actor.today
    if actor.seat_id is not None:
        check_day(db.connection(), actor.seat_id, on)
    elif on > actor.today:
        raise Invalid("日期不能晚于今天。", code="in_future")
    row = {
        "matter_id": matter.id,
        "account_id": actor.account_id,
        "seat_id": actor.seat_id,
        "kind": new.kind,
        "noted_on": on,
        "body": new.body,
        "created_at": clock.now(),
    }
    note_id = int(db.connection().execute(insert(_n).values(row).returning(_n.c.id)).scalar_one())
    attach(db, actor, new.pictures, ("matter_note", note_id), pictures_only=True)
    _record(db, actor, note_id, actor.seat_id, on)


def withdraw(db: Session, actor: Actor, note_id: int) -> int:
    """Withdraw one's own note, which counts no more; the id of its matter."""
    row = _own(db, actor, note_id, withdrawn=False)
    db.connection().execute(update(_n).where(_n.c.id == note_id).values(withdrawn_at=clock.now()))
    duty.void(db, ("matter_note", note_id), "本人撤回", actor.account_id)
    return int(row.matter_id)


def restore(db: Session, actor: Actor, note_id: int) -> int:
    """Undo the withdrawal; the id of its matter."""
    row = _own(db, actor, note_id, withdrawn=True)
    db.connection().execute(update(_n).where(_n.c.id == note_id).values(withdrawn_at=None))
    _record(db, actor, note_id, row.seat_id, row.noted_on)
    return int(row.matter_id)


def _record(db: Session, actor: Actor, note_id: int, seat_id: int | None, on: date) -> None:
    if seat_id is not None:
        at = clock.now() if on == actor.today else clock.noon(on, actor.zone)
        duty.record(db, seat_id, DUTY, ("matter_note", note_id), at=at, by=actor.account_id)


def _own(db: Session, actor: Actor, note_id: int, *, withdrawn: bool) -> Row[Any]:
    """One's own note, held until the commit; `Conflict` when it is not in the state that the verb is for."""
    if note_id not in visible_notes(db.connection(), actor, [note_id]):
        raise NotFound
    row = steps.lock(db, select(_n).where(_n.c.id == note_id))
    if row.account_id != actor.account_id:
        raise Forbidden("只能撤回自己写的走访调研。", code="not_yours")
    if (row.withdrawn_at is not None) != withdrawn:
        said = "这条走访调研没有撤回。" if withdrawn else "这条走访调研已经撤回。"
        raise Conflict(said, code="illegal_transition", state="withdrawn" if row.withdrawn_at else "noted")
    return row
