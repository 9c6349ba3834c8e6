"""Verbs of the text of a report: begin, edit, delete; its author writes before, staff while they edit."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.sessions import devices
from app.casefiles import steps
from app.core import clock
from app.core.errors import Conflict, Forbidden, Stale
from app.core.sql import table
from app.opinions import queries
from app.opinions.lifecycle import LABELS, OPEN_TO_AUTHOR, OpinionKind, OpinionState
from app.opinions.models import OpinionReport, OpinionStep, OpinionVersion
from app.opinions.schemas import OpinionIn, OpinionOut

_r, _v = table(OpinionReport), table(OpinionVersion)


def lock(db: Session, actor: Actor, report_id: int) -> Row[Any]:
    """The report, held until the commit: raced verbs run one after the other, each on the outcome of the last."""
    return steps.lock(db, select(_r).where(_r.c.id == report_id, queries.visible_to(actor)))


def out(db: Session, actor: Actor, report_id: int) -> OpinionOut:
    """The report as the actor sees it after a verb."""
    return OpinionOut.model_validate(queries.read(db.connection(), actor, report_id))


def write(db: Session, actor: Actor, text: OpinionIn) -> OpinionOut:
    """Begin a draft."""
    report_id = _begin(db, actor, text, account_id=actor.account_id, seat_id=actor.own_seat)
    return out(db, actor, report_id)


def begin_on_desk(
    db: Session,
    actor: Actor,
    text: OpinionIn,
    kind: OpinionKind,
    action: str,
    *,
    account_id: int | None = None,
    seat_id: int | None = None,
) -> int:
    """Begin a report that nobody handed in as such, in the hands of the editors; `action` names how in its track.

    `account_id` and `seat_id` are those of the member who stands behind it, if one does.
    """
    first = {"kind": kind, "state": OpinionState.EDITING, "submitted_version": 1}
    if seat_id is not None:
        first["submitted_at"] = clock.now()
    report_id = _begin(db, actor, text, account_id=account_id or actor.account_id, seat_id=seat_id, **first)
    db.add(
        OpinionStep(
            report_id=report_id,
            at=clock.now(),
            account_id=actor.account_id,
            action=action,
            from_state=OpinionState.DRAFT,
            to_state=OpinionState.EDITING,
        )
    )
    db.flush()
    return report_id


def _begin(
    db: Session, actor: Actor, text: OpinionIn, *, account_id: int, seat_id: int | None, **first: Any
) -> int:
    now = clock.now()
    report = OpinionReport(
        title=text.title,
        body=text.body,
        organization_id=actor.organization_id,
        account_id=account_id,
        seat_id=seat_id,
        created_at=now,
        edited_at=now,
        edited_on=devices.name_of(db.connection(), actor.session_id),
        **first,
    )
    db.add(report)
    db.flush()
    assert report.id is not None  # noqa: S101 - flushed
    _keep_version(db, account_id, report.id, 1, text)
    return report.id


def edit(db: Session, actor: Actor, report_id: int, version: int, text: OpinionIn) -> OpinionOut:
    """Save the whole text over `version`; `Stale` carries the present report. Saving what is there changes nothing."""
    row = lock(db, actor, report_id)
    if not queries.may_edit(actor, row.state, author=row.account_id == actor.account_id):
        raise Conflict(
            f"信息当前状态为“{LABELS[OpinionState(row.state)]}”，您现在不能修改。",
            code="not_editable",
            state=row.state,
        )
    if newest(db, row) == (text.title, text.body):
        return out(db, actor, report_id)
    if row.version != version:
        raise Stale(current=queries.read(db.connection(), actor, report_id))
    device = devices.name_of(db.connection(), actor.session_id)
    values: dict[str, Any] = {"version": version + 1, "edited_at": clock.now(), "edited_on": device}
    db.connection().execute(update(_r).where(_r.c.id == report_id).values(values))
    _keep_version(db, actor.account_id, report_id, version + 1, text)
    if row.state in OPEN_TO_AUTHOR:
        release(db, report_id)
    return out(db, actor, report_id)


def newest(db: Session, row: Row[Any]) -> tuple[str, str]:
    """Title and body as they were saved last, by whomever."""
    saved = select(_v.c.title, _v.c.body).where(_v.c.report_id == row.id, _v.c.version == row.version)
    title, body = db.connection().execute(saved).one()
    return title, body


def release(db: Session, report_id: int) -> None:
    """Let the author, and whoever else may see the report, see its newest version."""
    last = (_v.c.report_id == _r.c.id) & (_v.c.version == _r.c.version)
    text = {name: select(_v.c[name]).where(last).scalar_subquery() for name in ("title", "body")}
    values = text | {"released_version": _r.c.version}
    db.connection().execute(update(_r).where(_r.c.id == report_id).values(values))


def _keep_version(db: Session, account_id: int, report_id: int, version: int, text: OpinionIn) -> None:
    db.add(
        OpinionVersion(
            report_id=report_id,
            version=version,
            title=text.title,
            body=text.body,
            saved_by=account_id,
            saved_at=clock.now(),
        )
    )
    db.flush()


def delete(db: Session, actor: Actor, report_id: int) -> None:
    """Delete one's own draft."""
    row = lock(db, actor, report_id)
    if row.account_id != actor.account_id:
        raise Forbidden("只有作者可以删除。", code="not_author")
    if row.state != OpinionState.DRAFT:
        raise Conflict("只有草稿可以删除。", code="not_draft", state=row.state)
    db.connection().execute(update(_r).where(_r.c.id == report_id).values(deleted_at=clock.now()))
