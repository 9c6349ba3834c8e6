"""Verbs of matters: run a step, link the meeting, release; track, ledger, news and audit with each."""

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlmodel import Session

from app.activities.models import Activity
from app.activities.queries import visible_activities
from app.activities.rules import ActivityKind
from app.audit.service import log as audit
from app.auth.actor import Actor
from app.casefiles import steps
from app.consultations.matters import news, queries, rights
from app.consultations.matters.lifecycle import (
    ENDED,
    JUDGEMENTS,
    LIFECYCLE,
    RELEASABLE,
    TAKES_IN,
    UNDOING,
    MatterAction,
    MatterState,
)
from app.consultations.matters.models import Matter, MatterHandling, MatterStep
from app.consultations.matters.notes import service as note_service
from app.consultations.matters.notes.schemas import MatterNoteIn
from app.consultations.matters.schemas import (
    MatterContact,
    MatterOut,
    MatterStepIn,
    MeetingIn,
    ReleaseIn,
)
from app.consultations.venues.models import Venue
from app.core import clock, live
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.core.lifecycle import Transition
from app.core.sql import AnyRow, table
from app.duty import service as duty

_m, _t, _v, _y = table(Matter), table(MatterStep), table(Venue), table(Activity)
DUTY = "matter.brought"
CONVENER = select(_v.c.convener_id).where(_v.c.id == _m.c.venue_id).scalar_subquery().label("convener_id")
_RESULT = {MatterAction.SOLVE, MatterAction.LEAVE}


def step(db: Session, actor: Actor, matter_id: int, version: int, wanted: MatterStepIn) -> MatterOut:
    """Run one step on the version that the caller has seen, or undo the last one."""
    if wanted.into_id is not None:
        _lock_both(db, actor, matter_id, wanted.into_id)
    row, conn = _lock(db, actor, matter_id), db.connection()
    undoes = (
        steps.last_step(conn, _t, _t.c.matter_id == row.id) if wanted.action is MatterAction.UNDO else None
    )
    if wanted.action is MatterAction.UNDO and undoes is None:
        raise Conflict("没有可以撤销的一步。", code="not_undoable", state=row.state)
    taken = UNDOING[undoes.action] if undoes else LIFECYCLE.step(MatterState(row.state), wanted.action)
    _require_version(db, actor, row, version)
    if taken not in rights.steps_open_to(actor, row):
        raise Forbidden("由机关工作人员、场所的召集人或提出人办理。", code="not_convener")
    taken.check_reason(None, wanted.reason)
    _check(wanted)
    changes = _put_back(row, undoes) if undoes else _changes(db, actor, row, wanted)
    take(db, row, taken, actor.account_id, changes, reason=wanted.reason, result=wanted.result, undoes=undoes)
    _keep_ledger(db, actor, row, wanted.action, undoes)
    to = undoes.from_state if undoes else taken.target
    audit(db, actor, f"matter.{wanted.action}", ("matter", row.id), **{"from": row.state, "to": to})
    return out(db, actor, row.id)


def take(
    db: Session,
    row: Row[Any],
    taken: Transition[MatterState],
    by: int | None,
    changes: dict[str, Any],
    *,
    reason: str | None = None,
    result: str | None = None,
    undoes: Row[Any] | None = None,
) -> None:
    """Move a matter that is held, write its track, and tell of it; `by` nobody: the citizen who brought it."""
    target = MatterState(undoes.from_state) if undoes else taken.target
    if not undoes:
        changes = changes | {"ended_at": clock.now() if target in ENDED else None}
    steps.move(db, _m, row, target, version=row.version + 1, **changes)
    track = {
        "matter_id": row.id,
        "at": clock.now(),
        "account_id": by,
        "action": taken.action,
        "from_state": row.state,
        "to_state": target,
        "before": MatterHandling.model_validate(row).model_dump_json(),
        "undoes_id": undoes and undoes.id,
        "reason": reason,
        "result": result,
    }
    db.connection().execute(insert(_t).values(track))
    news.of_step(db, row, taken, by, reason, undoes, changes.get("into_id"))
    announce(db, row.organization_id, row.id, target)


def link(db: Session, actor: Actor, matter_id: int, version: int, wanted: MeetingIn) -> MatterOut:
    """Say which activity meets on a matter, or none."""
    row, conn = _lock(db, actor, matter_id), db.connection()
    _require_verb(actor, row, "link", "议题已经协商，不能再换会议。")
    _require_version(db, actor, row, version)
    if (new := wanted.activity_id) is not None:
        fits = select(_y.c.id).where(
            _y.c.id == new, _y.c.kind == ActivityKind.CONSULTATION, _y.c.cancelled_at.is_(None)
        )
        if not visible_activities(conn, actor, [new]) or conn.scalar(fits) is None:
            raise Invalid("没有这次协商活动，或它已经取消。", code="unknown_activity")
    _write(db, row, activity_id=new)
    audit(db, actor, "matter.link", ("matter", row.id), activity_id=new)
    return out(db, actor, row.id)


def release(db: Session, actor: Actor, matter_id: int, version: int, words: ReleaseIn) -> MatterOut:
    """Let the public read of a matter what was written for it."""
    row = _lock(db, actor, matter_id)
    _require_verb(actor, row, "release", "列入协商以后才能公开。")
    _require_version(db, actor, row, version)
    written = {f"released_{name}": text for name, text in words.model_dump().items()}
    _write(db, row, **written, released_at=row.released_at or clock.now())
    audit(db, actor, "matter.release", ("matter", row.id))
    return out(db, actor, row.id)


def withhold(db: Session, actor: Actor, matter_id: int, version: int) -> MatterOut:
    """Take the public words of a matter back."""
    row = _lock(db, actor, matter_id)
    _require_verb(actor, row, "withhold", "这个议题没有公开。")
    _require_version(db, actor, row, version)
    _write(db, row, **dict.fromkeys(("released_title", "released_problem", "released_result", "released_at")))
    audit(db, actor, "matter.withhold", ("matter", row.id))
    return out(db, actor, row.id)


def contact(db: Session, actor: Actor, matter_id: int) -> MatterContact:
    """Who brought a matter without an account; that staff saw it is in the audit log."""
    found = select(_m.c.name, _m.c.contact).where(_m.c.id == matter_id, rights.visible_to(actor))
    row = db.connection().execute(found).mappings().one_or_none()
    if row is None:
        raise NotFound
    audit(db, actor, "matter.contact_seen", ("matter", matter_id))
    return MatterContact(**row)


def note(db: Session, actor: Actor, matter_id: int, new: MatterNoteIn) -> MatterOut:
    """Write a note of a visit or of research."""
    note_service.write(db, actor, _lock(db, actor, matter_id), new)
    return out(db, actor, matter_id)


def withdraw_note(db: Session, actor: Actor, note_id: int, *, restore: bool = False) -> MatterOut:
    """Withdraw one's own note, or undo that."""
    verb = note_service.restore if restore else note_service.withdraw
    return out(db, actor, verb(db, actor, note_id))


_MISSING = {
    "into_id": ({MatterAction.MERGE}, "请选择并入哪个议题。"),
    "result": (_RESULT, "请写明结果。"),
}


def _check(wanted: MatterStepIn) -> None:
    """`Invalid` for what a step does not ask for, or lacks."""
    for name, (actions, said) in _MISSING.items():
        given, asked = getattr(wanted, name) is not None, wanted.action in actions
        if given and not asked:
            raise Invalid("此操作不需要这些内容。", code="extra_forbidden")
        if asked and not given:
            raise Invalid(said, code=f"{name.removesuffix('_id')}_required")


def _changes(db: Session, actor: Actor, row: Row[Any], wanted: MatterStepIn) -> dict[str, Any]:
    """What a step changes beside the state."""
    match wanted.action:
        case MatterAction.MERGE:
            return {"into_id": _into(db, actor, row, wanted.into_id)}
        case MatterAction.WITHDRAW:
            _require_alone(db.connection(), row)
        case MatterAction.MEET:
            return {"met_at": _held(db.connection(), row)}
        case MatterAction.SOLVE | MatterAction.LEAVE:
            return {"solved": wanted.action is MatterAction.SOLVE, "result": wanted.result, "judgement": None}
        case MatterAction.SATISFIED | MatterAction.MOSTLY | MatterAction.DISSATISFIED:
            return {"judgement": JUDGEMENTS[wanted.action]}
        case MatterAction.RESUME:
            return {"solved": None, "judgement": None}
    return {}


def _put_back(row: Row[Any], undoes: Row[Any]) -> dict[str, Any]:
    """What was before the undone step; `Conflict` for a released matter that could not have been released then."""
    if row.released_at is not None and undoes.from_state not in RELEASABLE:
        raise Conflict("议题已经公开，请先撤下公开的内容。", code="released", state=row.state)
    return MatterHandling.model_validate_json(undoes.before).model_dump()


def _into(db: Session, actor: Actor, row: Row[Any], into_id: int | None) -> int:
    """The matter into which `row` is merged, still open, on which the actor works as well."""
    conn = db.connection()
    held = select(_m.c.id, _m.c.state, CONVENER).where(_m.c.id == into_id, _m.c.id != row.id)
    into = conn.execute(held.where(rights.visible_to(actor)).with_for_update()).one_or_none()
    if into is None or not rights.works_on(actor, into.convener_id):
        raise Invalid("没有这个可以并入的议题。", code="unknown_matter")
    if into.state not in TAKES_IN:
        label = LIFECYCLE.labels[MatterState(into.state)]
        raise Conflict(f"要并入的议题当前状态为“{label}”，不能并入。", code="bad_merge", state=into.state)
    _require_alone(conn, row)
    return int(into.id)


def _require_alone(conn: Connection, row: Row[Any]) -> None:
    """`Conflict` when others were merged into a matter: they would go with it."""
    taken_in = select(_m.c.id).where(_m.c.into_id == row.id, _m.c.state == MatterState.MERGED)
    if conn.scalar(taken_in.limit(1)) is not None:
        raise Conflict("已有议题并入这个议题，请先由机关撤销那些并入。", code="has_merged", state=row.state)


def _held(conn: Connection, row: Row[Any]) -> Any:
    """When the meeting on a matter began; `Conflict` when there was none yet."""
    begun = select(_y.c.starts_at).where(
        _y.c.id == row.activity_id, _y.c.starts_at <= clock.now(), _y.c.cancelled_at.is_(None)
    )
    if (at := conn.scalar(begun)) is None:
        raise Conflict("请先选定协商活动，并在活动开始以后再办这一步。", code="not_held", state=row.state)
    return at


def _keep_ledger(
    db: Session, actor: Actor, row: Row[Any], action: MatterAction, undoes: Row[Any] | None
) -> None:
    """What is withdrawn is no act of its author, until that is undone."""
    if row.seat_id is None:
        return
    if action is MatterAction.WITHDRAW:
        duty.void(db, ("matter", row.id), "本人撤回", actor.account_id, kinds=[DUTY])
    if undoes is not None and undoes.action == MatterAction.WITHDRAW:
        duty.record(db, row.seat_id, DUTY, ("matter", row.id), at=row.created_at)


def _require_verb(actor: Actor, row: AnyRow, verb: str, said: str) -> None:
    if verb not in rights.verbs_open_to(actor, row):
        if not rights.works_on(actor, row.convener_id):
            raise Forbidden("由机关工作人员或场所的召集人办理。", code="not_convener")
        raise Conflict(said, code="illegal_transition", state=row.state)


def _require_version(db: Session, actor: Actor, row: AnyRow, version: int) -> None:
    if row.version != version:
        raise Stale(current=out(db, actor, row.id).model_dump(mode="json"))


def _write(db: Session, row: Row[Any], **values: Any) -> None:
    changed = update(_m).where(_m.c.id == row.id).values(version=row.version + 1, **values)
    db.connection().execute(changed)
    announce(db, row.organization_id, row.id, row.state)


def _lock_both(db: Session, actor: Actor, *ids: int) -> None:
    """Lock two matters in the order of their ids: who merges them the other way round waits, and no deadlock comes."""
    both = select(_m.c.id).where(_m.c.id.in_(ids), rights.visible_to(actor)).order_by(_m.c.id)
    db.connection().execute(both.with_for_update())


def _lock(db: Session, actor: Actor, matter_id: int) -> Row[Any]:
    """A matter that the actor sees, held until the commit, with what `rights` ask of it."""
    held = select(_m, CONVENER, *rights.LAST)
    return steps.lock(db, held.where(_m.c.id == matter_id, rights.visible_to(actor)))


def out(db: Session, actor: Actor, matter_id: int) -> MatterOut:
    """The matter after a verb."""
    return MatterOut.model_validate(queries.read(db.connection(), actor, matter_id))


def announce(db: Session, organization_id: int, matter_id: int, state: str) -> None:
    """Tell the open screens that a matter has changed."""
    subject = ("matter", matter_id)
    live.emit(db, organization_id, "matters", "matter.changed", subject=subject, id=matter_id, state=state)
