"""Reports that are handed in for their author: a proposal that became one, a paper that staff enter."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from app.core import clock, live
from app.core.errors import Conflict
from app.core.sql import table
from app.duty import domain_events
from app.duty import service as duty
from app.opinions.lifecycle import LABELS, OpinionAction, OpinionKind, OpinionState
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.people.bodies.service import referring

_r = table(OpinionReport)
referring.append(_r.c.body_id)
#: States in which no staff have begun with a report.
_UNTOUCHED = frozenset({OpinionState.DRAFT, OpinionState.SUBMITTED})


def hand_in(  # noqa: PLR0913 - what a report is, and how it came
    db: Session,
    organization_id: int,
    author: tuple[int, int],
    title: str,
    body: str,
    by: int,
    *,
    kind: OpinionKind = OpinionKind.SINGLE,
    action: str = OpinionAction.SUBMIT,
    at: datetime | None = None,
    **more: Any,
) -> int:
    """Submit a report of `author` (account and seat) at a moment (now); its id. `more` are further columns."""
    now, (account_id, seat_id) = clock.now(), author
    report = OpinionReport(
        organization_id=organization_id,
        account_id=account_id,
        seat_id=seat_id,
        kind=kind,
        title=title,
        body=body,
        state=OpinionState.SUBMITTED,
        submitted_version=1,
        created_at=now,
        edited_at=now,
        submitted_at=at or now,
        **more,
    )
    db.add(report)
    db.flush()
    assert report.id is not None  # noqa: S101 - flushed
    saved: dict[str, Any] = {"report_id": report.id, "version": 1, "saved_by": account_id, "saved_at": now}
    db.add(OpinionVersion(**saved, title=title, body=body))
    db.add(
        OpinionStep(
            report_id=report.id,
            at=now,
            account_id=by,
            action=action,
            from_state=OpinionState.DRAFT,
            to_state=OpinionState.SUBMITTED,
        )
    )
    db.flush()
    subject = ("opinion_report", report.id)
    duty.record(db, seat_id, "opinion.submitted", subject, by=by, at=at)
    live.emit(db, organization_id, "opinions", "opinion.submit", subject=subject, id=report.id)
    domain_events.publish(db, "opinion.submitted", organization_id, subject, by=by)
    return report.id


def take_back(db: Session, report_id: int, reason: str, by: int | None) -> None:
    """Delete a report that was handed in; `Conflict` when staff have begun with it."""
    conn = db.connection()
    row = conn.execute(select(_r).where(_r.c.id == report_id).with_for_update()).one()
    if row.deleted_at is not None:
        return
    if row.state not in _UNTOUCHED:
        raise Conflict(
            f"由此形成的社情民意信息{LABELS[OpinionState(row.state)]}，不能撤销转办。",
            code="report_begun",
            state=row.state,
        )
    conn.execute(update(_r).where(_r.c.id == report_id).values(deleted_at=clock.now()))
    duty.void(db, ("opinion_report", report_id), reason, by)
    live.emit(db, row.organization_id, "opinions", "opinion.withdraw", id=report_id)
