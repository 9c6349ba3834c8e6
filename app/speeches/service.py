"""Verbs of speeches: hand in, save a text, run a step; ledger, track, news and audit in the same transaction.

The call is locked before the speech, so that the order of its speeches and its last day hold.
"""

from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.queries import staff_who_may
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.core.lifecycle import Transition
from app.core.sql import table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.bodies import queries as bodies
from app.speeches import queries
from app.speeches.calls.queries import takes_speeches
from app.speeches.calls.queries import visible_to as calls_of
from app.speeches.lifecycle import COUNTED, IN_ORDER, LIFECYCLE, SpeechAction, SpeechState
from app.speeches.models import Speech, SpeechCall, SpeechStep, SpeechVersion
from app.speeches.rules import SpeechForm
from app.speeches.schemas import SpeechIn, SpeechOut, SpeechStepIn, SpeechTextIn
from app.speeches.visible import visible_to

_s, _c, _t, _v = table(Speech), table(SpeechCall), table(SpeechStep), table(SpeechVersion)
SUBMITTED, DELIVERED = "speech.submitted", "speech.delivered"


def submit(db: Session, actor: Actor, new: SpeechIn) -> SpeechOut:
    """Hand in a speech: an act of duty of the member who does it."""
    seat_id = actor.own_seat
    call = _call(db, actor, new.call_id)
    if not takes_speeches(actor, call):
        raise Conflict("征集已经截止，不能再提交。", code="call_closed", state=call.state)
    _check_length(call, new)
    _check_body(db, actor, new.body_id)
    row = {
        **new.model_dump(),
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "seat_id": seat_id,
        "state": SpeechState.SUBMITTED,
        "version": 1,
        "created_at": clock.now(),
    }
    conn = db.connection()
    speech_id: int = conn.execute(insert(_s).values(row).returning(_s.c.id)).scalar_one()
    _keep_text(db, actor, speech_id, 1, new)
    duty.record(db, seat_id, SUBMITTED, ("speech", speech_id))
    _ask_office(db, actor, speech_id, new.title)
    audit(db, actor, "speech.submitted", ("speech", speech_id), call_id=call.id)
    return _changed(db, actor, speech_id)


def save(db: Session, actor: Actor, speech_id: int, version: int, new: SpeechTextIn) -> SpeechOut:
    """Save a text as a new version; the author hears of one that somebody else saved."""
    call, row = _held(db, actor, speech_id)
    if not (actor.may(Permission.SPEECH_MANAGE) or (row.mine and actor.may(Permission.SPEECH_WRITE))):
        raise Forbidden
    _require_version(db, actor, row, version)
    if not queries.may_edit(actor, row, call):
        raise Conflict("现在不能修改发言稿。", code="not_editable", state=row.state)
    _check_length(call, new)
    steps.move(db, _s, row, row.state, version=version + 1, title=new.title, body=new.body)
    _keep_text(db, actor, speech_id, version + 1, new)
    duty.invalidate_figures(db, row.seat_id)
    if row.account_id != actor.account_id:
        sentence = f"您提交的《{row.title}》有文字修改，请您查看"
        subject = ("speech", speech_id)
        notify(db, row.organization_id, [row.account_id], NoticeKind.SPEECH_EDITED, sentence, subject)
    audit(db, actor, "speech.edited", ("speech", speech_id), version=version + 1)
    return _changed(db, actor, speech_id)


def step(db: Session, actor: Actor, speech_id: int, version: int, wanted: SpeechStepIn) -> SpeechOut:
    """Run one step on the version that the caller has seen."""
    call, row = _held(db, actor, speech_id)
    _require_version(db, actor, row, version)
    taken = LIFECYCLE.step(SpeechState(row.state), wanted.action)
    taken.require(actor.permissions, author=bool(row.mine))
    if taken not in queries.steps_open_to(actor, row):
        raise Conflict("结果已经公布，不能重新提交。", code="call_closed", state=row.state)
    taken.check_reason(None, wanted.reason)
    _check_day(actor, call, wanted)
    steps.move(db, _s, row, taken.target, version=version + 1, **_changes(db, actor, row, wanted))
    duty.invalidate_figures(db, row.seat_id)  # points go by how it was chosen
    if (taken.target in IN_ORDER) != (row.state in IN_ORDER):
        db.connection().execute(update(_c).where(_c.c.id == call.id).values(version=_c.c.version + 1))
    track = {
        "speech_id": row.id,
        "at": clock.now(),
        "account_id": actor.account_id,
        "action": wanted.action,
        "from_state": row.state,
        "to_state": taken.target,
        "reason": wanted.reason,
    }
    db.connection().execute(insert(_t).values(track))
    _keep_ledger(db, actor, row, taken.target, wanted)
    _tell(db, actor, row, taken, wanted)
    audit(db, actor, f"speech.{wanted.action}", ("speech", row.id), **{"from": row.state, "to": taken.target})
    return _changed(db, actor, speech_id)


def _call(db: Session, actor: Actor, call_id: int) -> Row[Any]:
    """The call, locked; `Invalid` where there is none."""
    try:
        return steps.lock(db, select(_c).where(_c.c.id == call_id, calls_of(actor)))
    except NotFound:
        raise Invalid("没有这次征集。", code="unknown_call") from None


def _held(db: Session, actor: Actor, speech_id: int) -> tuple[Row[Any], Row[Any]]:
    """The call and the speech, both locked in this order; `NotFound` unless the actor sees the speech."""
    of = select(_s.c.call_id).where(_s.c.id == speech_id, visible_to(actor)).scalar_subquery()
    call = steps.lock(db, select(_c).where(_c.c.id == of))
    steps.lock(db, select(_s.c.id).where(_s.c.id == speech_id, visible_to(actor)))
    return call, db.connection().execute(queries.rows(actor).where(_s.c.id == speech_id)).one()


def _require_version(db: Session, actor: Actor, row: Row[Any], version: int) -> None:
    if row.version != version:
        raise Stale(current=_read(db, actor, row.id).model_dump(mode="json"))


def _check_length(call: Row[Any], new: SpeechTextIn) -> None:
    if len(new.body) > call.most_characters:
        raise Invalid(
            f"发言稿最多{call.most_characters}字，现在有{len(new.body)}字，请适当精简。", code="too_long"
        )


def _check_body(db: Session, actor: Actor, body_id: int | None) -> None:
    if body_id is None:
        return
    conn = db.connection()
    if not bodies.speaks_for(conn, actor, body_id):
        raise Forbidden("只有参加单位的负责人和发言人可以以单位名义提交。", code="not_a_speaker")
    bodies.own_bodies(conn, actor.organization_id, [body_id], actor.today, actor.today)


def _check_day(actor: Actor, call: Row[Any], wanted: SpeechStepIn) -> None:
    day = wanted.delivered_on
    if day is not None and wanted.action is not SpeechAction.DELIVER:
        raise Invalid("此操作不需要这些内容。", code="extra_forbidden")
    first = clock.local_day(call.created_at, actor.zone)
    if day is not None and not first <= day <= actor.today:
        raise Invalid("发言日期应在征集以后、今天以前。", code="bad_delivered_on")


def _changes(db: Session, actor: Actor, row: Row[Any], wanted: SpeechStepIn) -> dict[str, Any]:
    """What a step changes beside the state."""
    match wanted.action:
        case SpeechAction.ORAL:
            in_order = select(func.max(_s.c.place)).where(_s.c.call_id == row.call_id)
            last = db.connection().scalar(in_order) or 0
            return {"choice": SpeechForm.ORAL, "place": last + 1}
        case SpeechAction.WRITTEN:
            return {"choice": SpeechForm.WRITTEN}
        case SpeechAction.DELIVER:
            return {"delivered_on": wanted.delivered_on or actor.today}
        case SpeechAction.UNDO if row.state == SpeechState.DELIVERED:
            return {"delivered_on": None}
        case SpeechAction.UNDO:
            return {"choice": None, "place": None}
    return {}


def _keep_text(db: Session, actor: Actor, speech_id: int, version: int, new: SpeechTextIn) -> None:
    row = {"title": new.title, "body": new.body, "saved_by": actor.account_id, "saved_at": clock.now()}
    db.connection().execute(insert(_v).values(speech_id=speech_id, version=version, **row))


def _keep_ledger(db: Session, actor: Actor, row: Row[Any], target: SpeechState, wanted: SpeechStepIn) -> None:
    """What is withdrawn was not handed in; a speech is made when it is delivered, or chosen as a written one."""
    subject = ("speech", row.id)
    if target is SpeechState.WITHDRAWN:
        duty.void(db, subject, wanted.reason or "本人撤回", actor.account_id, kinds=[SUBMITTED])
    if target is SpeechState.SUBMITTED and row.state == SpeechState.WITHDRAWN:
        duty.record(db, row.seat_id, SUBMITTED, subject)
    if target in COUNTED:
        earlier = wanted.delivered_on if wanted.delivered_on != actor.today else None
        at = clock.noon(earlier, actor.zone) if earlier else None
        duty.record(db, row.seat_id, DELIVERED, subject, at=at, by=actor.account_id)
    if row.state in COUNTED and target not in COUNTED:
        duty.void(db, subject, wanted.reason or "机关撤销", actor.account_id, kinds=[DELIVERED])


def _tell(
    db: Session, actor: Actor, row: Row[Any], taken: Transition[SpeechState], wanted: SpeechStepIn
) -> None:
    """The author hears of what others do, the office of what is handed in again."""
    subject = ("speech", row.id)
    settle(db, subject)
    if row.account_id != actor.account_id:
        sentence = taken.news.format(title=row.title, reason=wanted.reason)
        kind = NoticeKind.of(f"speech.{wanted.action}")
        notify(db, row.organization_id, [row.account_id], kind, sentence, subject)
    if wanted.action is SpeechAction.RESUBMIT:
        _ask_office(db, actor, row.id, row.title)


def _ask_office(db: Session, actor: Actor, speech_id: int, title: str) -> None:
    of = actor.organization_id
    staff = staff_who_may(db.connection(), of, Permission.SPEECH_MANAGE)
    sentence = f"{actor.name}提交大会发言《{title}》，请遴选"
    notify(db, of, staff, NoticeKind.SPEECH_TO_SELECT, sentence, ("speech", speech_id))


def _read(db: Session, actor: Actor, speech_id: int) -> SpeechOut:
    return SpeechOut.model_validate(queries.read(db.connection(), actor, speech_id))


def _changed(db: Session, actor: Actor, speech_id: int) -> SpeechOut:
    """The speech after a verb, of which screens hear."""
    found = _read(db, actor, speech_id)
    of, subject = actor.organization_id, ("speech", speech_id)
    live.emit(db, of, "speeches", "speech.changed", subject=subject, id=speech_id, state=found.state)
    return found
