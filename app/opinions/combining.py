"""Combining reports into one (综合): its sources keep their tracks, and their authors get credit for what it becomes.

Of several reports the combined one is locked first, so that there is no deadlock.
"""

from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core.errors import Conflict, Invalid
from app.core.sql import table
from app.opinions import queries
from app.opinions.lifecycle import COMPILED, LABELS, OpinionAction, OpinionKind, OpinionState
from app.opinions.models import OpinionReport
from app.opinions.schemas import CombinationIn, OpinionOut, OpinionTransitionIn
from app.opinions.steps.service import StepRun, permitted, take
from app.opinions.text import begin_on_desk, lock, out

_r = table(OpinionReport)

#: A combined report is made of so many at least.
FEWEST = 2


def compile_report(db: Session, actor: Actor, new: CombinationIn) -> OpinionOut:
    """Begin a combined report of several on the desk."""
    ids = sorted(set(new.source_ids))
    if len(ids) < FEWEST:
        raise Invalid("综合信息至少由两篇信息编成。", code="too_few_sources")
    report_id = begin_on_desk(db, actor, new, OpinionKind.COMBINED, COMPILED)
    for source_id in ids:
        _join(db, actor, source_id, OpinionTransitionIn(action=OpinionAction.COMBINE, into_id=report_id))
    audit(db, actor, "opinion.compile", ("opinion_report", report_id), sources=len(ids))
    return out(db, actor, report_id)


def combine(db: Session, actor: Actor, source_id: int, wanted: OpinionTransitionIn) -> Row[Any]:
    """Make a report a part of a combined one; the report as it was."""
    if wanted.into_id is not None:
        _open(db, actor, wanted.into_id)
    return _join(db, actor, source_id, wanted)


def _join(db: Session, actor: Actor, source_id: int, wanted: OpinionTransitionIn) -> Row[Any]:
    source = lock(db, actor, source_id)
    target = permitted(actor, source, wanted).target
    step = StepRun(OpinionAction.COMBINE, target, reason=wanted.reason, other_id=wanted.into_id)
    take(db, actor, source, step, combined_into_id=wanted.into_id)
    return source


def release(db: Session, actor: Actor, source_id: int, wanted: OpinionTransitionIn) -> Row[Any]:
    """Take a report out of the combined one again; the report as it was."""
    part = select(_r.c.combined_into_id).where(_r.c.id == source_id, queries.visible_to(actor))
    into_id = db.connection().scalar(part)
    into = lock(db, actor, into_id) if into_id else None
    source = lock(db, actor, source_id)
    permitted(actor, source, wanted)
    if into is None or source.combined_into_id != into.id:
        raise Conflict(state=source.state)
    _require_open(into)
    _leave(db, actor, source, wanted.reason)
    return source


def sources(db: Session, row: Row[Any]) -> list[Row[Any]]:
    """The parts of a combined report, held; none of any other."""
    if row.kind != OpinionKind.COMBINED:
        return []
    parts = select(_r).where(_r.c.combined_into_id == row.id).order_by(_r.c.id).with_for_update()
    return list(db.connection().execute(parts))


def let_go(db: Session, actor: Actor, row: Row[Any], reason: str | None) -> None:
    """Take every part out of a combined report that is not used."""
    for source in sources(db, row):
        _leave(db, actor, source, reason)


def _leave(db: Session, actor: Actor, source: Row[Any], reason: str | None) -> None:
    step = StepRun(
        OpinionAction.RELEASE, OpinionState.EDITING, reason=reason, other_id=source.combined_into_id
    )
    take(db, actor, source, step, combined_into_id=None)


def _open(db: Session, actor: Actor, into_id: int) -> None:
    into = lock(db, actor, into_id)
    if into.kind != OpinionKind.COMBINED:
        raise Invalid("只能编入综合信息。", code="not_combined")
    _require_open(into)


def _require_open(into: Row[Any]) -> None:
    if into.state != OpinionState.EDITING:
        raise Conflict(
            f"综合信息当前状态为“{LABELS[OpinionState(into.state)]}”，编辑中才能编入或移出信息。",
            code="combined_not_open",
            state=into.state,
        )
