"""Who hears what of matters: those who brought it, the office and the convener who work on it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from app.auth.permissions import Permission
from app.auth.queries import staff_who_may
from app.cases.rules import JUDGEMENT_LABELS
from app.consultations.matters.lifecycle import (
    JUDGEMENTS,
    LIFECYCLE,
    UNDONE,
    MatterAction,
    MatterState,
)
from app.consultations.matters.models import Matter
from app.consultations.venues.models import Venue
from app.core.lifecycle import Transition
from app.core.sql import AnyRow, table
from app.duty import domain_events
from app.findings.lifecycle import FATE_LABELS, Fate
from app.findings.models import Finding
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify, settle
from app.people.models import Unit

_m, _v, _f, _u = table(Matter), table(Venue), table(Finding), table(Unit)
_STEPS = {step.action: step for step in LIFECYCLE.transitions}


def to_screen(
    db: Session, organization_id: int, matter_id: int, title: str, by: str, but: int | None
) -> None:
    """The office and the convener hear that a matter waits for them."""
    sentence = f"{by}：“{title}”，请研究受理"
    convener = select(_v.c.convener_id).join(_m, _m.c.venue_id == _v.c.id).where(_m.c.id == matter_id)
    workers = _workers(db, organization_id, db.connection().scalar(convener)) - {but}
    notify(db, organization_id, workers, NoticeKind.MATTER_TO_SCREEN, sentence, ("matter", matter_id))


def of_step(
    db: Session,
    row: Row[Any],
    taken: Transition[MatterState],
    by: int | None,
    reason: str | None,
    undoes: Row[Any] | None,
    into_id: int | None,
) -> None:
    """Tell of a step, or that one was undone."""
    conn, of, subject, action = db.connection(), row.organization_id, ("matter", row.id), taken.action
    settle(db, subject)
    told = _STEPS[undoes.action] if undoes else taken
    into = conn.scalar(select(_m.c.title).where(_m.c.id == into_id)) if into_id else ""
    template = (UNDONE if undoes else told.news) if told.news else ""
    if template:
        sentence = template.format(title=row.title, reason=reason, into=into, step=told.label)
        kind = NoticeKind.MATTER_UNDO if undoes else NoticeKind.of(f"matter.{action}")
        notify(db, of, _brought_by(db, row) - {by}, kind, sentence, subject)
    if action in JUDGEMENTS:
        said = f"：{reason}" if reason else ""
        sentence = (
            f"对议题“{row.title}”的结果，评价为{JUDGEMENT_LABELS[JUDGEMENTS[MatterAction(action)]]}{said}"
        )
        workers = _workers(db, of, row.convener_id) - {by}
        notify(db, of, workers, NoticeKind.MATTER_JUDGED, sentence, subject)


def _workers(db: Session, organization_id: int, convener_id: int | None) -> set[int]:
    staff = staff_who_may(db.connection(), organization_id, Permission.MATTER_MANAGE)
    return {*staff, *([convener_id] if convener_id else [])}


def _brought_by(db: Session, row: AnyRow) -> set[int]:
    """The accounts of those who brought a matter, or one that was merged into it."""
    came = select(_m.c.account_id).where(_m.c.into_id == row.id, _m.c.state == MatterState.MERGED)
    return {row.account_id, *db.connection().scalars(came)} - {None}


@domain_events.on("finding.released", "finding.reopened")
def _answered(db: Session, organization_id: int, finding: tuple[str, int], by: int | None) -> None:
    """Who brought a matter hears what a unit answered to a suggestion made of it."""
    conn = db.connection()
    found = conn.execute(
        select(_m.c.id, _m.c.title, _m.c.account_id, _f.c.released_at, _f.c.fate, _u.c.name.label("unit"))
        .select_from(_f.join(_m, _m.c.id == _f.c.subject_id).outerjoin(_u, _u.c.id == _f.c.unit_id))
        .where(_f.c.id == finding[1], _f.c.subject_type == "matter")
    ).one_or_none()
    if found is None:
        return
    told: Collection[int] = _brought_by(db, found) - {by}
    sentence = (
        f"就您提的议题“{found.title}”提出的建议，{found.unit}答复：{FATE_LABELS[Fate(found.fate)]}"
        if found.released_at
        else f"就您提的议题“{found.title}”提出的建议，{found.unit}的答复撤回核实"
    )
    notify(db, organization_id, told, NoticeKind.MATTER_FINDING, sentence, ("matter", found.id))
