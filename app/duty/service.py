"""The only writer of the ledger. Each act of duty calls `record` in its own transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from app.core import clock, live
from app.core.db import hooks
from app.core.prepared import Prepared
from app.core.sql import insert, insert_new, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.people.models import Organization, Seat
from app.people.organizations.years import DutyYears

_s, _o = table(Seat), table(Organization)
_PLACE = Prepared(
    select(_s.c.organization_id, _o.c.timezone, _o.c.duty_years, _o.c.level)
    .join(_o, _o.c.id == _s.c.organization_id)
    .where(_s.c.id == bindparam("seat_id"))
)
_MOVE = Prepared(
    update(_s).where(_s.c.id == bindparam("id")).values(figures_version=_s.c.figures_version + 1)
)


@dataclass(frozen=True)
class Act:
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


def _row(act: Act, place: _Place, source: str, by: int | None) -> dict[str, Any]:
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
    act = Act(seat_id, kind, subject, at or clock.now(), **more)
    if not insert_new(conn, table(DutyRecord), _row(act, _Place._make(place), source, by)):
        return False
    touch(db, seat_id)
    return True


def record_all(
    db: Session, organization_id: int, acts: Sequence[Act], *, source: str = "platform", by: int | None = None
) -> None:
    """Write many acts of one organization at once, as `record` does each; those that exist already stay."""
    if not acts:
        return
    conn = db.connection()
    columns = (_o.c.id, _o.c.timezone, _o.c.duty_years, _o.c.level)
    place = _Place._make(conn.execute(select(*columns).where(_o.c.id == organization_id)).one())
    rows = [_row(act, place, source, by) for act in acts]
    conn.execute(insert(conn, table(DutyRecord)).on_conflict_do_nothing(), rows)
    touch(db, *{act.seat_id for act in acts})


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
        touch(db, *{row.seat_id for row in voided})
        live.emit(db, voided[0].organization_id, "ledger", "record.voided")
    return len(voided)


def touch(db: Session, *seat_ids: int) -> None:
    """Mark the figures of seats as moved, with the commit: caches that stand on them are computed anew."""
    touched: set[int] | None = db.info.get("touched")
    if touched is None:
        touched = db.info["touched"] = set()
        hooks(db).figures.append(_move)
    touched.update(seat_ids)


def _move(db: Session) -> None:
    # once for all acts and in one order, so that two members who answer each other do not deadlock
    _MOVE.each(db.connection(), [{"id": seat_id} for seat_id in sorted(db.info.pop("touched"))])
