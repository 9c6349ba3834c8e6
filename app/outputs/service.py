"""Steps of outputs: state, number, track, ledger, news and audit in the same transaction."""

from typing import Any

from sqlalchemy import Row, func, insert, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Permission, Role
from app.auth.queries import accounts_in_role, staff_who_may
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, FieldError, Invalid
from app.core.sql import advisory_lock, table
from app.duty import service as duty
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.outputs.lifecycle import (
    ACTION_LABELS,
    ASKS,
    DECISIONS,
    LIFECYCLE,
    NEWS,
    TAKEN_UP,
    UNDONE,
    UPWARD,
    Asked,
    OutputAction,
    OutputState,
    number_label,
    paper,
)
from app.outputs.models import Output, OutputAuthor, OutputStep, OutputUnit, OutputVersion
from app.outputs.schemas import OutputOut, OutputStepIn
from app.outputs.steps import closed_switch, last_of, last_step, text_moved
from app.outputs.text import announce, lock, out
from app.people.bodies.queries import accounts_acting_for
from app.people.queries import accounts_of

_o, _w, _g, _t, _v = (table(model) for model in (Output, OutputAuthor, OutputUnit, OutputStep, OutputVersion))
#: What is in the ledger while an output is in which states, since which step.
RECORDS = {
    "output.issued": (UPWARD, frozenset({OutputAction.ISSUE})),
    "output.adopted": (TAKEN_UP, DECISIONS),
}


def step(db: Session, actor: Actor, output_id: int, version: int, wanted: OutputStepIn) -> OutputOut:
    """Run one step on the text that the caller has seen, or undo the last one."""
    row = lock(db, actor, output_id, version)
    undoes = _to_undo(db, row, wanted) if wanted.action is OutputAction.UNDO else None
    target = undoes.from_state if undoes else _target(actor, row, wanted)
    _check_fields(actor, wanted)
    changes = _put_back(db, actor, undoes) if undoes else _changes(db, actor, row, wanted)
    steps.move(db, _o, row, target, **changes)
    said = wanted.model_dump(include={"action", "reason", "who", "said_on", "words"})
    track = {
        "output_id": row.id,
        "at": clock.now(),
        "account_id": actor.account_id,
        "from_state": row.state,
        "to_state": target,
        "undoes_id": undoes and undoes.id,
    }
    db.connection().execute(insert(_t).values(track | said))
    seats = _seats(db, row.id)
    _credit(db, actor, row, target, wanted, seats)
    _tell(db, actor, row, wanted, seats, undoes)
    audit(db, actor, f"output.{wanted.action}", ("output", row.id), **{"from": row.state, "to": target})
    announce(db, row.organization_id, row.id, target)
    return out(db, actor, output_id)


def _target(actor: Actor, row: Row[Any], wanted: OutputStepIn) -> OutputState:
    if wanted.action == closed_switch(released=row.released):
        said = "已经发布给委员。" if row.released else "没有发布给委员。"
        raise Conflict(f"这份成果件{said}", code="illegal_transition", state=row.state)
    taken = LIFECYCLE.take(
        OutputState(row.state), wanted.action, wanted.reason, actor.permissions, author=False
    )
    return taken.target


def _to_undo(db: Session, row: Row[Any], wanted: OutputStepIn) -> Row[Any]:
    """The step that is undone; `Conflict` when it is not the last one, or the text was written since."""
    last = last_step(db.connection(), row.id)
    if not wanted.reason:
        raise Invalid("请说明理由。", code="reason_required")
    if last is None:
        raise Conflict("上一步不能撤销。", code="not_undoable", state=row.state)
    if last.id != wanted.step_id:
        raise Conflict("成果件已有新的进展，请刷新后再试。", code="step_moved", state=row.state)
    if text_moved(db.connection(), last):
        raise Conflict("此后文稿已有修改，不能撤销。", code="text_moved", state=row.state)
    return last


_MISSING: dict[Asked, str] = {
    "who": "请填写由谁作出。",
    "said_on": "请填写日期。",
    "words": "请填写批示内容。",
}


def _check_fields(actor: Actor, wanted: OutputStepIn) -> None:
    """`Invalid` unless all that the step asks for was given, and nothing else."""
    asks = ASKS.get(wanted.action, ())
    found = [
        FieldError(field=name, code="missing", detail=detail)
        if name in asks
        else FieldError(field=name, code="extra_forbidden", detail="此操作不需要这一项。")
        for name, detail in _MISSING.items()
        if (name in asks) == (getattr(wanted, name) is None)
    ]
    if wanted.said_on and wanted.said_on > actor.today:
        found.append(FieldError(field="said_on", code="in_future", detail="日期不能晚于今天。"))
    if found:
        raise Invalid(errors=found)


def _changes(db: Session, actor: Actor, row: Row[Any], wanted: OutputStepIn) -> dict[str, Any]:
    """What a step changes beside the state; `Invalid` when a paper is not whole."""
    match wanted.action:
        case OutputAction.SUBMIT:
            _require_whole(db, row)
        case OutputAction.ISSUE:
            return {"issued_on": actor.today, "released": False, **_number(db, actor, row)}
        case OutputAction.RELEASE | OutputAction.WITHHOLD:
            return {"released": wanted.action is OutputAction.RELEASE}
    return {}


def _put_back(db: Session, actor: Actor, undone: Row[Any]) -> dict[str, Any]:
    """What undoing a step puts back beside the state; a number that was given stays."""
    if undone.action != OutputAction.ISSUE:
        return {}
    earlier = (
        (_t.c.output_id == undone.output_id) & (_t.c.action == OutputAction.ISSUE) & (_t.c.id < undone.id)
    )
    issue = steps.last_step(db.connection(), _t, earlier)
    return {"issued_on": clock.local_day(issue.at, actor.zone) if issue else None}


def _require_whole(db: Session, row: Row[Any]) -> None:
    units = db.connection().scalar(select(_g.c.unit_id).where(_g.c.output_id == row.id).limit(1))
    whole = {
        "body": ("请填写正文。", row.body),
        "seat_ids": ("请选择署名的委员或参加单位。", row.body_id or _seats(db, row.id)),
        "addressees": ("请填写主送。", row.addressees or units),
    }
    lacking = [
        FieldError(field=field, code="missing", detail=detail)
        for field, (detail, there) in whole.items()
        if not there
    ]
    if lacking:
        raise Invalid("成果件还不完整，暂时不能送审。", code="incomplete", errors=lacking)


def _number(db: Session, actor: Actor, row: Row[Any]) -> dict[str, int]:
    """The next number of its kind in this year, without gaps; one that was given once stays, so nobody else gets it."""
    if row.issue_number is not None:
        return {}
    conn, year = db.connection(), actor.today.year
    advisory_lock(conn, f"output:{row.organization_id}:{row.kind}:{year}")
    same = (_o.c.organization_id == row.organization_id) & (_o.c.kind == row.kind) & (_o.c.issue_year == year)
    last = conn.scalar(select(func.max(_o.c.issue_number)).where(same)) or 0
    return {"issue_year": year, "issue_number": last + 1}


def _seats(db: Session, output_id: int) -> list[int]:
    found = select(_w.c.seat_id).where(_w.c.output_id == output_id).order_by(_w.c.position)
    return list(db.connection().scalars(found))


def _credit(
    db: Session, actor: Actor, row: Row[Any], target: str, wanted: OutputStepIn, seats: list[int]
) -> None:
    """Write into the ledger what an output has come to, and void what it is no longer, whichever step did it."""
    subject, conn = ("output", row.id), db.connection()
    for kind, (states, actions) in RECORDS.items():
        if row.state in states and target not in states:
            duty.void(db, subject, (wanted.reason or "")[:200], actor.account_id, kinds=[kind])
        elif row.state not in states and target in states:
            since = last_of(conn, row.id, actions)
            assert since is not None  # noqa: S101 - no other step leads there
            on = since.said_on
            at = clock.noon(on, actor.zone) if on and on < actor.today else since.at
            for place, seat_id in enumerate(seats):
                role = "participant" if place else "lead"
                duty.record(db, seat_id, kind, subject, at=at, by=actor.account_id, role=role, note=since.who)


def _tell(
    db: Session,
    actor: Actor,
    row: Row[Any],
    wanted: OutputStepIn,
    seats: list[int],
    undoes: Row[Any] | None,
) -> None:
    """Authors hear what became of it, units what goes to them, colleagues what waits for them."""
    conn, of, subject = db.connection(), row.organization_id, ("output", row.id)
    named, action = paper(row.kind, row.title), wanted.action
    settle(db, subject)
    if news := _news(db, row, wanted, undoes):
        authors = {*accounts_of(conn, seats).values(), *accounts_acting_for(conn, row.body_id)}
        notify(db, of, authors, NoticeKind.of(f"output.{action}"), news, subject)
    if action is OutputAction.ISSUE:
        units = list(conn.scalars(select(_g.c.unit_id).where(_g.c.output_id == row.id)))
        officers = accounts_in_role(conn, of, Role.UNIT_OFFICER, units)
        notify(db, of, officers, NoticeKind.OUTPUT_RECEIVED, f"{named}已送贵单位，请查收", subject)
    if action is OutputAction.SUBMIT:
        staff = set(staff_who_may(conn, of, Permission.OUTPUT_MANAGE)) - {actor.account_id}
        notify(db, of, staff, NoticeKind.OUTPUT_SUBMIT, f"{named}请审核", subject)
    if action is OutputAction.RETURN:
        sentence = f"{named}请修改：{wanted.reason}"
        notify(db, of, {row.created_by} - {actor.account_id}, NoticeKind.OUTPUT_RETURN, sentence, subject)


def _news(db: Session, row: Row[Any], wanted: OutputStepIn, undoes: Row[Any] | None) -> str:
    """The sentence that authors hear of a step; empty for what is between colleagues."""
    told = undoes.action if undoes else wanted.action
    if told not in NEWS:
        return ""
    template = UNDONE if undoes else NEWS[told]
    numbered = select(_o.c.kind, _o.c.issue_year, _o.c.issue_number).where(_o.c.id == row.id)
    return template.format(
        paper=paper(row.kind, row.title),
        number=number_label(*db.connection().execute(numbered).one()),
        who=wanted.who,
        reason=wanted.reason,
        undone=ACTION_LABELS[told],
    )
