"""Verbs of calls for speeches: open, edit, run a step, put the oral speeches in order."""

from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, Invalid, Stale
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify_seats
from app.people.queries import seats_in
from app.speeches.calls import queries
from app.speeches.calls.lifecycle import LIFECYCLE, CallAction, CallState
from app.speeches.calls.schemas import SpeechCallIn, SpeechCallOut, SpeechCallStepIn, SpeechOrderIn
from app.speeches.lifecycle import CHOSEN, IN_ORDER, SpeechState
from app.speeches.models import Speech, SpeechCall

_c, _s = table(SpeechCall), table(Speech)
_PLACE = update(_s).where(_s.c.id == bindparam("of")).values(place=bindparam("at"))


def open_call(db: Session, actor: Actor, new: SpeechCallIn) -> SpeechCallOut:
    """Open a call, of which all members hear."""
    _check_last_day(actor, new)
    row = {
        **new.model_dump(),
        "organization_id": actor.organization_id,
        "state": CallState.OPEN,
        "version": 1,
        "created_by": actor.account_id,
        "created_at": clock.now(),
    }
    call_id: int = db.connection().execute(insert(_c).values(row).returning(_c.c.id)).scalar_one()
    closes = clock.in_words(new.closes_on)
    _tell_members(
        db, actor, call_id, NoticeKind.SPEECH_CALL_OPENED, f"“{new.name}”开始征集，请于{closes}前提交"
    )
    audit(db, actor, "speech_call.opened", ("speech_call", call_id))
    return _changed(db, actor, call_id)


def edit(db: Session, actor: Actor, call_id: int, version: int, new: SpeechCallIn) -> SpeechCallOut:
    """Save a call as it shall be; members hear of another last day."""
    row = _held(db, actor, call_id, version)
    if row.state not in {CallState.OPEN, CallState.CLOSED}:
        raise Conflict("征集已经公布或撤销，不能修改。", state=row.state)
    if new.closes_on != row.closes_on:
        _check_last_day(actor, new)
        sentence = f"“{new.name}”的截止日期改为{clock.in_words(new.closes_on)}"
        _tell_members(db, actor, call_id, NoticeKind.SPEECH_CALL_CHANGED, sentence)
    steps.move(db, _c, row, row.state, version=version + 1, **new.model_dump())
    audit(db, actor, "speech_call.edited", ("speech_call", call_id))
    return _changed(db, actor, call_id)


def step(db: Session, actor: Actor, call_id: int, version: int, wanted: SpeechCallStepIn) -> SpeechCallOut:
    """Run one step on the version that the caller has seen."""
    row = _held(db, actor, call_id, version)
    taken = LIFECYCLE.take(CallState(row.state), wanted.action, None, actor.permissions, author=False)
    handed_in = (_s.c.call_id == row.id) & (_s.c.state != SpeechState.WITHDRAWN)
    if wanted.action is CallAction.WITHDRAW and db.connection().scalar(
        select(_s.c.id).where(handed_in).limit(1)
    ):
        raise Conflict("已经有委员提交发言，请先截止征集。", code="has_speeches", state=row.state)
    if taken.target is CallState.OPEN and row.closes_on < actor.today:
        raise Invalid("截止日期已过，请先修改截止日期。", code="bad_closes_on")
    steps.move(db, _c, row, taken.target, version=version + 1)
    if CallState.PUBLISHED in {row.state, taken.target}:  # cards name what is published
        made = select(_s.c.seat_id).where(_s.c.call_id == row.id, _s.c.state.in_(CHOSEN))
        duty.invalidate_figures(db, *db.connection().scalars(made))
    published = wanted.action is CallAction.PUBLISH
    kind = NoticeKind.SPEECH_CALL_PUBLISHED if published else NoticeKind.SPEECH_CALL_CHANGED
    sentence = taken.news.format(name=row.name, closes=clock.in_words(row.closes_on))
    _tell_members(db, actor, call_id, kind, sentence)
    audit(db, actor, f"speech_call.{wanted.action}", ("speech_call", call_id))
    return _changed(db, actor, call_id)


def put_in_order(
    db: Session, actor: Actor, call_id: int, version: int, wanted: SpeechOrderIn
) -> SpeechCallOut:
    """Put the oral speeches of a call in a new order: all of them, each once."""
    row = _held(db, actor, call_id, version)
    conn, ids = db.connection(), wanted.speech_ids
    oral = set(conn.scalars(select(_s.c.id).where(_s.c.call_id == call_id, _s.c.state.in_(IN_ORDER))))
    if len(ids) != len(oral) or set(ids) != oral:
        raise Invalid("请排列全部口头发言，每篇一次。", code="not_the_whole_order")
    if ids:
        conn.execute(_PLACE, [{"of": speech_id, "at": place} for place, speech_id in enumerate(ids, 1)])
    steps.move(db, _c, row, row.state, version=version + 1)
    audit(db, actor, "speech_call.ordered", ("speech_call", call_id))
    return _changed(db, actor, call_id)


def _check_last_day(actor: Actor, new: SpeechCallIn) -> None:
    if new.closes_on < actor.today:
        raise Invalid("截止日期应在今天或以后。", code="bad_closes_on")


def _held(db: Session, actor: Actor, call_id: int, version: int) -> Row[Any]:
    """The call, locked, when it still has the version that the caller has seen."""
    row = steps.lock(db, select(_c).where(_c.c.id == call_id, queries.visible_to(actor)))
    if row.version != version:
        raise Stale(current=read(db, actor, call_id).model_dump(mode="json"))
    return row


def _tell_members(db: Session, actor: Actor, call_id: int, kind: NoticeKind, sentence: str) -> None:
    seats = db.connection().scalars(seats_in(actor.organization_id, actor.today)).all()
    notify_seats(db, actor.organization_id, seats, kind, sentence, ("speech_call", call_id))


def read(db: Session, actor: Actor, call_id: int) -> SpeechCallOut:
    """The call as it stands in the transaction."""
    return SpeechCallOut.model_validate(queries.read(db.connection(), actor, call_id))


def _changed(db: Session, actor: Actor, call_id: int) -> SpeechCallOut:
    """The call after a verb, of which screens hear."""
    found = read(db, actor, call_id)
    of, subject = actor.organization_id, ("speech_call", call_id)
    live.emit(db, of, "speeches", "speech_call.changed", subject=subject, id=call_id, state=found.state)
    return found
