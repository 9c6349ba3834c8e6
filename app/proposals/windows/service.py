"""Verbs of the windows in which proposals may be submitted."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.core import clock, live
from app.core.errors import Conflict, Invalid
from app.core.sql import advisory_lock, table
from app.proposals.models import ProposalWindow
from app.proposals.windows import queries
from app.proposals.windows.schemas import WindowIn, WindowOut, WindowPatch


def open_window(db: Session, actor: Actor, wanted: WindowIn) -> WindowOut:
    """Open a window in the term in which it begins."""
    _check(db, actor, wanted.opens_at, wanted.closes_at)
    day = clock.local_day(wanted.opens_at, actor.zone)
    term_id = queries.term_on(db.connection(), actor.organization_id, day)
    if term_id is None:
        raise Invalid("开始时间不在任何一届之内。", code="no_term")
    row = ProposalWindow(**wanted.model_dump(), organization_id=actor.organization_id, term_id=term_id)
    db.add(row)
    db.flush()
    assert row.id is not None  # noqa: S101 - flushed
    return _done(db, actor, row.id, "opened")


def change_window(db: Session, actor: Actor, window_id: int, wanted: WindowPatch) -> WindowOut:
    """Rename a window, or move its ends."""
    now = queries.window(db.connection(), actor, window_id)
    values = wanted.model_dump(exclude_none=True)
    after = now | values
    _check(db, actor, after["opens_at"], after["closes_at"], but=window_id)
    if values:
        w = table(ProposalWindow)
        db.connection().execute(update(w).where(w.c.id == window_id).values(values))
    return _done(db, actor, window_id, "changed")


def _check(db: Session, actor: Actor, opens_at: datetime, closes_at: datetime, *, but: int = 0) -> None:
    if opens_at >= closes_at:
        raise Invalid("结束时间应晚于开始时间。", code="bad_period")
    advisory_lock(db.connection(), f"proposal_windows:{actor.organization_id}")
    other = queries.overlapping(db.connection(), actor.organization_id, opens_at, closes_at, but=but)
    if other:
        raise Conflict(f"与征集期“{other}”的时间重叠。", code="window_overlaps", state="overlapping")


def _done(db: Session, actor: Actor, window_id: int, what: str) -> WindowOut:
    live.emit(db, actor.organization_id, "proposals", f"window.{what}", id=window_id)
    audit(db, actor, f"proposal_window.{what}", ("proposal_window", window_id))
    return WindowOut.model_validate(queries.window(db.connection(), actor, window_id))
