"""Verbs of findings: write down, edit, run a step; ledger, track, news and audit in the same transaction."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth import subjects
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, belongs, staff_who_may
from app.casefiles import steps
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, Stale
from app.core.lifecycle import Transition
from app.core.sql import AnyRow, advisory_lock, table
from app.duty import domain_events
from app.duty import service as duty
from app.findings import news, queries
from app.findings.lifecycle import (
    LIFECYCLE,
    SOURCES,
    TAKEN_UP,
    Fate,
    FindingAction,
    FindingSource,
    FindingState,
)
from app.findings.models import Finding, FindingAuthor, FindingStep
from app.findings.schemas import FindingIn, FindingOut, FindingStepIn
from app.findings.settings import FindingRules
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, notify_seats, settle
from app.people.models import Seat, Unit
from app.threads.models import Reply, Thread
from app.workdays.queries import calendar
from app.workdays.rules import after_workdays

_f, _w, _t = table(Finding), table(FindingAuthor), table(FindingStep)
_r, _h, _s, _u = table(Reply), table(Thread), table(Seat), table(Unit)
DUTY = "finding.adopted"
#: An answer may take so long at most.
_FARTHEST = timedelta(days=366)


def note(db: Session, actor: Actor, new: FindingIn) -> FindingOut:
    """Write a suggestion down; its authors hear that it was."""
    if new.reply_id is not None:
        _require_free(db, new.reply_id)
    columns, seat_ids = _values(db, actor, new)
    now = clock.now()
    row = {
        **columns,
        "organization_id": actor.organization_id,
        "state": FindingState.NOTED,
        "version": 1,
        "created_by": actor.account_id,
        "created_at": now,
        "edited_at": now,
    }
    finding_id = db.connection().execute(insert(_f).values(row).returning(_f.c.id)).scalar_one()
    _write_authors(db, finding_id, seat_ids)
    sentence, subject = news.of_note(columns["body"]), ("finding", finding_id)
    notify_seats(db, actor.organization_id, seat_ids, NoticeKind.FINDING_NOTE, sentence, subject)
    audit(db, actor, "finding.note", subject, source=new.source)
    _announce(db, actor.organization_id, finding_id, FindingState.NOTED)
    return _read(db, actor, finding_id)


def edit(db: Session, actor: Actor, finding_id: int, version: int, new: FindingIn) -> FindingOut:
    """Write it down again while it is with the office; `Stale` carries the present one. Its reply stays the same."""
    row = _lock(db, actor, finding_id)
    if row.state != FindingState.NOTED:
        label = LIFECYCLE.labels[FindingState(row.state)]
        raise Conflict(f"当前状态为“{label}”，不能修改，请先收回。", code="not_editable", state=row.state)
    _require_version(db, actor, row, version)
    if new.reply_id != row.reply_id:
        raise Invalid("不能改为另一条跟帖，请另行登记。", code="other_subject")
    columns, seat_ids = _values(db, actor, new)
    values = columns | {"version": version + 1, "edited_at": clock.now()}
    db.connection().execute(update(_f).where(_f.c.id == finding_id).values(values))
    db.connection().execute(delete(_w).where(_w.c.finding_id == finding_id))
    _write_authors(db, finding_id, seat_ids)
    audit(db, actor, "finding.edit", ("finding", finding_id))
    _announce(db, actor.organization_id, finding_id, row.state)
    return _read(db, actor, finding_id)


def step(db: Session, actor: Actor, finding_id: int, version: int, wanted: FindingStepIn) -> FindingOut:
    """Run one step on the version that the caller has seen."""
    row = _lock(db, actor, finding_id)
    taken = LIFECYCLE.step(FindingState(row.state), wanted.action)
    taken.require(actor.permissions, author=False)
    if taken not in queries.steps_open_to(actor, row.state, row.unit_id):
        raise Forbidden
    _require_version(db, actor, row, version)
    taken.check_reason(None, wanted.reason)
    _check(actor, row, wanted)
    steps.move(db, _f, row, taken.target, version=version + 1, **_changes(db, actor, wanted))
    track = {
        "finding_id": row.id,
        "at": clock.now(),
        "account_id": actor.account_id,
        "action": wanted.action,
        "from_state": row.state,
        "to_state": taken.target,
        "reason": wanted.reason,
        "fate": wanted.fate,
        "result": wanted.result,
    }
    db.connection().execute(insert(_t).values(track))
    seats = _seats(db, row.id)
    _keep_ledger(db, actor, row, wanted, seats)
    _tell(db, row, taken, wanted, seats)
    if taken.event:
        domain_events.publish(db, taken.event, row.organization_id, ("finding", row.id), by=actor.account_id)
    audit(
        db, actor, f"finding.{wanted.action}", ("finding", row.id), **{"from": row.state, "to": taken.target}
    )
    _announce(db, row.organization_id, row.id, taken.target)
    return _read(db, actor, row.id)


def _values(db: Session, actor: Actor, new: FindingIn) -> tuple[dict[str, Any], list[int]]:
    """The columns and authors of what staff wrote down; `Invalid` for what does not fit together."""
    conn, source = db.connection(), SOURCES[new.source]
    subject = (source.subject_type, new.subject_id)
    if new.subject_id not in subjects.visible(conn, actor, subject[0], [new.subject_id]):
        raise Invalid(f"没有这个{source.label}。", code="unknown_subject")
    if new.clause and not source.has_clause:
        raise Invalid("只有立法协商的建议填写条款。", code="clause_not_fitting")
    body, seat_ids = new.body, list(dict.fromkeys(new.seat_ids))
    if new.reply_id is not None:
        reply = _reply(db, actor, new, subject)
        body, seat_ids = body or reply.body, seat_ids or [reply.seat_id] * (reply.seat_id is not None)
    if not body:
        raise Invalid("请写明建议的内容。", code="words_required")
    if not seat_ids and not source.by_all:
        raise Invalid("请选择提出建议的委员。", code="author_required")
    known = select(_s.c.id).where(_s.c.id.in_(seat_ids), _s.c.organization_id == actor.organization_id)
    if set(conn.scalars(known)) != set(seat_ids):
        raise Invalid("没有这位委员。", code="unknown_seat")
    if new.unit_id is not None and not belongs(conn, actor.organization_id, unit_id=new.unit_id):
        raise Invalid("没有这个单位。", code="unknown_unit")
    columns = new.model_dump(include={"source", "subject_id", "reply_id", "clause", "unit_id"})
    return {**columns, "subject_type": source.subject_type, "body": body}, seat_ids


def _reply(db: Session, actor: Actor, new: FindingIn, subject: tuple[str, int]) -> AnyRow:
    """The reply that a suggestion is taken over from, which stands in its topic."""
    conn = db.connection()
    here = (_h.c.subject_type == subject[0]) & (_h.c.subject_id == subject[1])
    found = select(_r.c.body, _r.c.seat_id).join(_h, _h.c.id == _r.c.thread_id)
    row = conn.execute(found.where(_r.c.id == new.reply_id, here)).one_or_none()
    if new.source is not FindingSource.TOPIC or row is None:
        raise Invalid("这条跟帖不在所选的议题里。", code="reply_elsewhere")
    subjects.require(conn, actor, "reply", new.reply_id or 0)
    return row


def _require_free(db: Session, reply_id: int) -> None:
    conn = db.connection()
    advisory_lock(conn, f"finding:{reply_id}")
    if (known := conn.scalar(select(_f.c.id).where(_f.c.reply_id == reply_id))) is not None:
        raise Conflict("这条跟帖已经登记为建议。", code="already_noted", finding_id=known)


def _check(actor: Actor, row: Row[Any], wanted: FindingStepIn) -> None:
    """`Invalid` for what a step does not ask for, or lacks."""
    action, answers = wanted.action, wanted.action is FindingAction.ANSWER
    follows_up = action is FindingAction.FOLLOW_UP
    if (wanted.fate and not answers) or (wanted.result and not (answers or follows_up)):
        raise Invalid("此操作不需要这些内容。", code="extra_forbidden")
    if wanted.due_on and action is not FindingAction.SEND:
        raise Invalid("此操作不需要答复期限。", code="extra_forbidden")
    if wanted.due_on and not actor.today <= wanted.due_on <= actor.today + _FARTHEST:
        raise Invalid("答复期限应在今天以后、一年以内。", code="bad_due_on")
    if action is FindingAction.SEND and row.unit_id is None:
        raise Invalid("请先选择答复的单位。", code="unit_required")
    if answers and wanted.fate is None:
        raise Invalid("请选择是否采纳。", code="fate_required")
    if answers and wanted.fate is not Fate.ADOPTED and not wanted.reason:
        raise Invalid("没有全部采纳的，请说明理由。", code="reason_required")
    if follows_up and not wanted.result:
        raise Invalid("请写明落实情况。", code="result_required")


def _changes(db: Session, actor: Actor, wanted: FindingStepIn) -> dict[str, Any]:
    """What a step changes beside the state."""
    now = clock.now()
    match wanted.action:
        case FindingAction.SEND:
            return {"due_on": wanted.due_on or _due(db, actor)}
        case FindingAction.ANSWER:
            return wanted.model_dump(include={"fate", "reason", "result"}) | {"answered_at": now}
        case FindingAction.FOLLOW_UP:
            return {"result": wanted.result}
        case FindingAction.RECALL:
            return dict.fromkeys(("fate", "reason", "result", "answered_at", "due_on"))
        case FindingAction.RELEASE | FindingAction.REOPEN:
            told = wanted.action is FindingAction.RELEASE
            return {"released_at": now if told else None, "released_on": actor.today if told else None}
        case _:
            return {}


def _due(db: Session, actor: Actor) -> date:
    """By when a suggestion is answered that is sent today."""
    conn, of = db.connection(), actor.organization_id
    return after_workdays(calendar(conn, of), actor.today, FindingRules.of(conn, of).answer_days).on


def _keep_ledger(db: Session, actor: Actor, row: Row[Any], wanted: FindingStepIn, seats: list[int]) -> None:
    """Adoption is a record of its authors from the release on; what is reopened is voided."""
    subject = ("finding", row.id)
    if wanted.action is FindingAction.REOPEN:
        duty.void(db, subject, wanted.reason or "", actor.account_id, kinds=[DUTY])
    if wanted.action is FindingAction.RELEASE and row.fate in TAKEN_UP:
        for place, seat_id in enumerate(seats):
            duty.record(db, seat_id, DUTY, subject, role="participant" if place else "lead")


def _tell(
    db: Session, row: Row[Any], taken: Transition[FindingState], wanted: FindingStepIn, seats: list[int]
) -> None:
    conn, of, subject = db.connection(), row.organization_id, ("finding", row.id)
    title, action = news.excerpt(row.body), wanted.action
    settle(db, subject)
    if taken.news:
        unit = conn.scalar(select(_u.c.name).where(_u.c.id == row.unit_id)) or ""
        sentence = news.of_step(taken, row.body, unit, row.fate, wanted.reason)
        notify_seats(db, of, seats, NoticeKind.of(f"finding.{action}"), sentence, subject)
    if action is FindingAction.ANSWER:
        staff = staff_who_may(conn, of, Permission.FINDING_MANAGE)
        notify(db, of, staff, NoticeKind.FINDING_ANSWERED, f"建议“{title}”已有答复，请审核反馈", subject)
    if row.unit_id is None:
        return
    officers = accounts_in_role(conn, of, Role.UNIT_OFFICER, [row.unit_id])
    if action is FindingAction.SEND:
        notify(db, of, officers, NoticeKind.FINDING_TO_ANSWER, f"委员建议“{title}”请贵单位研究答复", subject)
    if action is FindingAction.SEND_BACK:
        sentence = f"对委员建议“{title}”的答复请修改：{wanted.reason}"
        notify(db, of, officers, NoticeKind.FINDING_TO_ANSWER, sentence, subject)
    if action is FindingAction.RECALL:
        notify(db, of, officers, NoticeKind.FINDING_TAKEN_BACK, f"委员建议“{title}”已收回，不必答复", subject)


def _seats(db: Session, finding_id: int) -> list[int]:
    found = select(_w.c.seat_id).where(_w.c.finding_id == finding_id).order_by(_w.c.position)
    return list(db.connection().scalars(found))


def _write_authors(db: Session, finding_id: int, seat_ids: list[int]) -> None:
    if not seat_ids:
        return
    rows = [{"finding_id": finding_id, "seat_id": one, "position": n} for n, one in enumerate(seat_ids)]
    db.connection().execute(insert(_w), rows)


def _require_version(db: Session, actor: Actor, row: Row[Any], version: int) -> None:
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, row.id))


def _lock(db: Session, actor: Actor, finding_id: int) -> Row[Any]:
    return steps.lock(db, select(_f).where(_f.c.id == finding_id, queries.visible_to(actor)))


def _read(db: Session, actor: Actor, finding_id: int) -> FindingOut:
    return FindingOut.model_validate(queries.read(db.connection(), actor, finding_id))


def _announce(db: Session, organization_id: int, finding_id: int, state: str) -> None:
    subject = ("finding", finding_id)
    live.emit(db, organization_id, "findings", "finding.changed", subject=subject, id=finding_id, state=state)
