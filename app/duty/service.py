"""The only writer of the ledger. Each act of duty calls `record` in its own transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from app.core import clock, live
from app.core.db import hooks
from app.core.hot.prepared import Prepared
from app.core.jobs.short_transactions import parts
from app.core.sql import insert, insert_new, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.people.duty_years import DutyYears
from app.people.models import Organization, Seat

_s, _o = table(Seat), table(Organization)
_PLACE = Prepared(
    select(_s.c.organization_id, _o.c.timezone, _o.c.duty_years, _o.c.level)
    .join(_o, _o.c.id == _s.c.organization_id)
    .where(_s.c.id == bindparam("seat_id"))
)
#: Up to so many seats are moved one by one, which is the fastest for an act; more of them so many at a time: one
#: statement for each of 5,600 seats kept every other request waiting for 0.4 s.
_FEW, _MANY = 20, 1_000
_MOVE = Prepared(
    update(_s).where(_s.c.id == bindparam("id")).values(figures_version=_s.c.figures_version + 1)
)


@dataclass(frozen=True)
class DutyAct:
    """One act of duty of a seat, done at an aware moment.

    `level` follows the organization where none is given; `source_ref` names where an import found it.
    """

    seat_id: int
    kind: str
    subject: tuple[str, int]
    at: datetime
    role: str = "lead"
    quantity: int = 1
    level: str | None = None
    source_ref: str | None = None
    note: str | None = None


class _Place(NamedTuple):
    """What the organization of an act makes of it."""

    organization_id: int
    zone: str
    years: DutyYears
    level: str


def _row(act: DutyAct, place: _Place, source: str, by: int | None) -> dict[str, Any]:
    """The ledger's row of an act: its local day and duty year are those of its organization."""
    day = clock.local_day(act.at, place.zone)
    return {
        "organization_id": place.organization_id,
        "seat_id": act.seat_id,
        "kind": act.kind,
        "role": act.role,
        "occurred_at": act.at,
        "occurred_on": day,
        "duty_year": place.years.of(day),
        "subject_type": act.subject[0],
        "subject_id": act.subject[1],
        "single": KINDS[act.kind].single,
        "level": act.level or place.level,
        "quantity": act.quantity,
        "source": source,
        "source_ref": act.source_ref,
        "note": act.note,
        "recorded_by": by,
        "recorded_at": clock.now(),
    }


def record(
    db: Session,
    seat_id: int,
    kind: str,
    subject: tuple[str, int],
    *,
    at: datetime | None = None,
    source: str = "platform",
    by: int | None = None,
    **more: Any,
) -> bool:
    """Write one act of duty of a seat, done `at` a moment (now); False when a live record of a single kind exists.

    `more` are the further fields of `Act`.
    """
    conn = db.connection()
    place = _PLACE.first(conn, seat_id=seat_id)
    assert place is not None  # noqa: S101 - the caller knows the seat
    act = DutyAct(seat_id, kind, subject, at or clock.now(), **more)
    if not insert_new(conn, table(DutyRecord), _row(act, _Place._make(place), source, by)):
        return False
    invalidate_figures(db, seat_id)
    return True


def record_all(
    db: Session,
    organization_id: int,
    acts: Sequence[DutyAct],
    *,
    source: str = "platform",
    by: int | None = None,
) -> None:
    """Write many acts of one organization at once, as `record` does each; those that exist already stay."""
    if not acts:
        return
    conn = db.connection()
    columns = (_o.c.id, _o.c.timezone, _o.c.duty_years, _o.c.level)
    place = _Place._make(conn.execute(select(*columns).where(_o.c.id == organization_id)).one())
    rows = [_row(act, place, source, by) for act in acts]
    conn.execute(insert(conn, table(DutyRecord)).on_conflict_do_nothing(), rows)
    invalidate_figures(db, *{act.seat_id for act in acts})


def void(
    db: Session,
    subject: tuple[str, int],
    reason: str,
    by: int | None,
    *,
    kinds: Collection[str] | None = None,
    seat_id: int | None = None,
) -> int:
    """Void the live records of a subject, or only those of some kinds or one seat; how many were voided."""
    r = table(DutyRecord)
    only = [r.c.subject_type == subject[0], r.c.subject_id == subject[1], r.c.voided_at.is_(None)]
    if kinds is not None:
        only.append(r.c.kind.in_(kinds))
    if seat_id is not None:
        only.append(r.c.seat_id == seat_id)
    voided = (
        db.connection()
        .execute(
            update(r)
            .where(*only)
            .values(voided_at=clock.now(), voided_by=by, void_reason=reason)
            .returning(r.c.seat_id, r.c.organization_id)
        )
        .all()
    )
    if voided:
        invalidate_figures(db, *{row.seat_id for row in voided})
        live.emit(db, voided[0].organization_id, "ledger", "record.voided")
    return len(voided)


def invalidate_figures(db: Session, *seat_ids: int) -> None:
    """Invalidate cached figures of these seats at commit."""
    touched: set[int] | None = db.info.get("touched")
    if touched is None:
        touched = db.info["touched"] = set()
        hooks(db).figures.append(_move)
    touched.update(seat_ids)


def _move(db: Session) -> None:
    # once for all acts and in one order, so that two members who answer each other do not deadlock
    conn, seat_ids = db.connection(), sorted(db.info.pop("touched"))
    if len(seat_ids) <= _FEW:
        _MOVE.each(conn, [{"id": seat_id} for seat_id in seat_ids])
        return
    for some in parts(seat_ids, _MANY):
        these = _s.c.id.in_(some)
        conn.execute(select(_s.c.id).where(these).order_by(_s.c.id).with_for_update(key_share=True)).all()
        conn.execute(update(_s).where(these).values(figures_version=_s.c.figures_version + 1))
