"""Verbs of cases: report, run a step; ledger, track, news and audit in the same transaction."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, insert, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, belongs, staff_who_may
from app.casefiles import steps
from app.cases import queries
from app.cases.lifecycle import JUDGEMENTS, LIFECYCLE, UNDOES, CaseAction, CaseState
from app.cases.models import CaseStep, Company, DutyCase, Handling
from app.cases.rules import JUDGEMENT_LABELS, KINDS
from app.cases.schemas import CaseIn, CaseOut, CaseStepIn
from app.cases.settings import CaseRules
from app.core import clock, live
from app.core.db import reads
from app.core.errors import Forbidden, Invalid, Stale
from app.core.lifecycle import Transition
from app.core.sql import insert_new, table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.models import Unit
from app.workdays.queries import calendar
from app.workdays.rules import after_workdays

_c, _t, _m, _u = table(DutyCase), table(CaseStep), table(Company), table(Unit)
DUTY = "case.reported"
#: An answer may take so long at most.
_FARTHEST = timedelta(days=366)
#: Steps after which somebody has to answer, by a day that is counted from now.
_BEGINS = {CaseAction.ACCEPT, CaseAction.ASSIGN, CaseAction.RETRACT, CaseAction.DISSATISFIED}
_ANSWER = ("answer", "answered_at", "in_time", "judgement")


def report(db: Session, actor: Actor, new: CaseIn) -> CaseOut:
    """Report a case; a member's is an act of duty."""
    of_company = KINDS[new.kind].of_company
    if of_company and (new.company is None or new.problem_class is None):
        raise Invalid("请写明企业名称，并选择问题类别。", code="company_required")
    if not of_company and (new.company or new.problem_class or new.contact):
        raise Invalid("只有企业问题填写企业、问题类别和联系人。", code="company_not_fitting")
    row = {
        **new.model_dump(exclude={"company"}),
        "organization_id": actor.organization_id,
        "account_id": actor.account_id,
        "seat_id": actor.seat_id,
        "company_id": _company(db, actor, new.company) if new.company else None,
        "state": CaseState.REPORTED,
        "version": 1,
        "created_at": clock.now(),
    }
    case_id: int = db.connection().execute(insert(_c).values(row).returning(_c.c.id)).scalar_one()
    if actor.seat_id is not None:
        duty.record(db, actor.seat_id, DUTY, ("case", case_id))
    _ask_office(db, actor, case_id, new.title)
    audit(db, actor, "case.report", ("case", case_id), kind=new.kind)
    _announce(db, actor.organization_id, case_id, CaseState.REPORTED)
    return _read(db, actor, case_id)


def read(db: Session, actor: Actor, case_id: int) -> CaseOut:
    """One case; that staff saw whom to ask at the company is in the audit log."""
    with reads(db).connect() as conn:
        found = CaseOut.model_validate(queries.read(conn, actor, case_id))
    if found.contact:
        audit(db, actor, "case.contact_seen", ("case", case_id))
    return found


def step(db: Session, actor: Actor, case_id: int, version: int, wanted: CaseStepIn) -> CaseOut:
    """Run one step on the version that the caller has seen."""
    row = steps.lock(db, select(_c, queries.LAST_ACTION).where(_c.c.id == case_id, queries.visible_to(actor)))
    author = row.account_id == actor.account_id
    taken = LIFECYCLE.step(CaseState(row.state), wanted.action)
    taken.require(actor.permissions, author=author)
    if row.version != version:
        raise Stale(current=_read(db, actor, row.id).model_dump(mode="json"))
    if taken not in queries.steps_open_to(actor, row):
        raise Forbidden
    taken.check_reason(None, wanted.reason)
    _check(db, actor, wanted)
    undoes = steps.last_step(db.connection(), _t, _t.c.case_id == row.id) if wanted.action in UNDOES else None
    target = CaseState(undoes.from_state) if undoes else taken.target
    before = Handling.model_validate_json(undoes.before) if undoes else None
    changes = before.model_dump() if before else _changes(db, actor, row, wanted)
    steps.move(db, _c, row, target, version=version + 1, **changes)
    assigned = {} if undoes else {name: changes.get(name) for name in ("unit_id", "due_on")}
    track = {
        "case_id": row.id,
        "at": clock.now(),
        "account_id": actor.account_id,
        "action": wanted.action,
        "from_state": row.state,
        "to_state": target,
        "before": Handling.model_validate(row).model_dump_json(),
        "undoes_id": undoes and undoes.id,
        "reason": wanted.reason,
        "answer": wanted.answer,
    }
    db.connection().execute(insert(_t).values(track | assigned))
    _keep_ledger(db, actor, row, wanted)
    _tell(db, actor, row, taken, wanted, {**row._mapping, **changes})  # noqa: SLF001
    audit(db, actor, f"case.{wanted.action}", ("case", row.id), **{"from": row.state, "to": target})
    _announce(db, row.organization_id, row.id, target)
    return _read(db, actor, row.id)


def _company(db: Session, actor: Actor, name: str) -> int:
    """The company of this name in the register, which a new one joins."""
    key = {"organization_id": actor.organization_id, "name": name}
    conn, known = db.connection(), select(_m.c.id).where(*(_m.c[name] == of for name, of in key.items()))
    if (found := conn.scalar(known)) is None:
        insert_new(conn, _m, key, ["organization_id", "name"])
        found = conn.execute(known).scalar_one()
    return int(found)


def _check(db: Session, actor: Actor, wanted: CaseStepIn) -> None:
    """`Invalid` for what a step does not ask for, or lacks."""
    assigns, answers = wanted.action is CaseAction.ASSIGN, wanted.action is CaseAction.ANSWER
    if ((wanted.unit_id or wanted.due_on) and not assigns) or (wanted.answer and not answers):
        raise Invalid("此操作不需要这些内容。", code="extra_forbidden")
    if assigns and wanted.unit_id is None:
        raise Invalid("请选择办理的单位。", code="unit_required")
    if assigns and not belongs(db.connection(), actor.organization_id, unit_id=wanted.unit_id):
        raise Invalid("没有这个单位。", code="unknown_unit")
    if wanted.due_on is not None and not actor.today <= wanted.due_on <= actor.today + _FARTHEST:
        raise Invalid("答复期限应在今天以后、一年以内。", code="bad_due_on")
    if answers and not wanted.answer:
        raise Invalid("请写明答复的内容。", code="answer_required")


def _changes(db: Session, actor: Actor, row: Row[Any], wanted: CaseStepIn) -> dict[str, Any]:
    """What a step changes beside the state; whoever has to answer from now on has a new day."""
    action = wanted.action
    changes: dict[str, Any] = {}
    if action in _BEGINS:
        changes = {"due_on": wanted.due_on or _due(db, actor), "late_told_at": None}
    match action:
        case CaseAction.ASSIGN:
            changes |= dict.fromkeys(_ANSWER) | {"unit_id": wanted.unit_id}
        case CaseAction.ANSWER:
            in_time = actor.today <= row.due_on
            changes = {"answer": wanted.answer, "answered_at": clock.now(), "in_time": in_time}
            changes |= {
                "judgement": None,
                "unit_id": row.unit_id if row.state == CaseState.ASSIGNED else None,
            }
        case CaseAction.RETRACT:
            changes |= dict.fromkeys((*_ANSWER, "unit_id"))
        case CaseAction.SATISFIED | CaseAction.MOSTLY | CaseAction.DISSATISFIED:
            changes |= {"judgement": JUDGEMENTS[action]}
    return changes


def _due(db: Session, actor: Actor) -> date:
    """By when a case is answered that is given to somebody today."""
    conn, of = db.connection(), actor.organization_id
    return after_workdays(calendar(conn, of), actor.today, CaseRules.of(conn, of).answer_days).on


def _keep_ledger(db: Session, actor: Actor, row: Row[Any], wanted: CaseStepIn) -> None:
    """What is withdrawn is no act of its reporter, until it is handed in again."""
    if row.seat_id is not None and wanted.action is CaseAction.WITHDRAW:
        duty.void(db, ("case", row.id), wanted.reason or "本人撤回", actor.account_id, kinds=[DUTY])
    if row.seat_id is not None and wanted.action is CaseAction.RESUBMIT:
        duty.record(db, row.seat_id, DUTY, ("case", row.id))


def _tell(
    db: Session,
    actor: Actor,
    row: Row[Any],
    taken: Transition[CaseState],
    wanted: CaseStepIn,
    new: dict[str, Any],
) -> None:
    """Who reported it hears of what others do; the office and the unit of what waits for them, or does no more."""
    conn, of, subject, action = db.connection(), row.organization_id, ("case", row.id), wanted.action
    settle(db, subject)
    unit_id = new["unit_id"] or row.unit_id
    unit = conn.scalar(select(_u.c.name).where(_u.c.id == unit_id)) if unit_id else ""
    if taken.news and row.account_id != actor.account_id:
        due = clock.in_words(new["due_on"]) if new["due_on"] else ""
        sentence = taken.news.format(title=row.title, unit=unit, due=due, reason=wanted.reason)
        notify(db, of, [row.account_id], NoticeKind.of(f"case.{action}"), sentence, subject)
    if taken.target is CaseState.REPORTED and taken.by_author:
        _ask_office(db, actor, row.id, row.title)
    officers = accounts_in_role(conn, of, Role.UNIT_OFFICER, [unit_id]) if unit_id else []
    if action is CaseAction.ASSIGN:
        sentence = f"“{row.title}”请贵单位于{clock.in_words(new['due_on'])}前答复"
        notify(db, of, officers, NoticeKind.CASE_TO_ANSWER, sentence, subject)
    if action in {CaseAction.RECALL, CaseAction.RETRACT}:
        sentence = f"“{row.title}”由政协机关收回：{wanted.reason}"
        notify(db, of, officers, NoticeKind.CASE_TAKEN_BACK, sentence, subject)
    if action is CaseAction.RESCIND and actor.unit_id is None:
        sentence = f"“{row.title}”的答复由政协机关撤回，请重新答复：{wanted.reason}"
        notify(db, of, officers, NoticeKind.CASE_TO_ANSWER, sentence, subject)
    if action in JUDGEMENTS:
        said = f"：{wanted.reason}" if wanted.reason else ""
        sentence = f"对“{row.title}”的答复，评价为{JUDGEMENT_LABELS[JUDGEMENTS[action]]}{said}"
        staff = staff_who_may(conn, of, Permission.CASE_MANAGE)
        notify(db, of, {*staff, *officers}, NoticeKind.CASE_JUDGED, sentence, subject)


def _ask_office(db: Session, actor: Actor, case_id: int, title: str) -> None:
    of = actor.organization_id
    staff = staff_who_may(db.connection(), of, Permission.CASE_MANAGE)
    sentence = f"{actor.name}：“{title}”，请研究受理"
    others = set(staff) - {actor.account_id}
    notify(db, of, others, NoticeKind.CASE_TO_ACCEPT, sentence, ("case", case_id))


def _read(db: Session, actor: Actor, case_id: int) -> CaseOut:
    """The case after a verb, without whom to ask: that is read by itself, and audited."""
    return CaseOut.model_validate(queries.read(db.connection(), actor, case_id) | {"contact": None})


def _announce(db: Session, organization_id: int, case_id: int, state: str) -> None:
    live.emit(
        db, organization_id, "cases", "case.changed", subject=("case", case_id), id=case_id, state=state
    )
