"""The only writer of the ledger. Each act of duty calls `record` in its own transaction."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from app.core import clock, live
from app.core.sql import insert, table
from app.duty.kinds import KINDS
from app.duty.models import DutyRecord
from app.people.models import Organization, Seat


def record(  # noqa: PLR0913 - a record has these parts
    db: Session,
    seat_id: int,
    kind: str,
    subject: tuple[str, int],
    *,
    at: datetime | None = None,
    role: str = "lead",
    quantity: int = 1,
    level: str | None = None,
    source: str = "platform",
    source_ref: str | None = None,
    note: str | None = None,
    by: int | None = None,
) -> bool:
    """Write one act of duty of a seat; False when a live record of a single kind exists already.

    `at` is an aware moment (now by default); its local day and duty year follow the seat's organization,
    and so does `level` where none is given.
    """
    conn, now = db.connection(), clock.now()
    known, r, s, o = KINDS[kind], table(DutyRecord), table(Seat), table(Organization)
    at = at or now
    place = conn.execute(
        select(s.c.organization_id, o.c.timezone, o.c.duty_year_starts, o.c.level)
        .join(o, o.c.id == s.c.organization_id)
        .where(s.c.id == seat_id)
    ).one()
    day = clock.local_day(at, place.timezone)
    written = conn.execute(
        insert(conn, r)
        .values(
            organization_id=place.organization_id,
            seat_id=seat_id,
            kind=kind,
            role=role,
            occurred_at=at,
            occurred_on=day,
            duty_year=clock.duty_year(day, place.duty_year_starts),
            subject_type=subject[0],
            subject_id=subject[1],
            single=known.single,
            level=level or place.level,
            quantity=quantity,
            source=source,
            source_ref=source_ref,
            note=note,
            recorded_by=by,
            recorded_at=now,
        )
        .on_conflict_do_nothing()
        .returning(r.c.id)
    )
    if written.first() is None:
        return False
    touch(db, seat_id)
    return True


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
    """Mark the figures of seats as moved: caches that stand on them are computed anew."""
    s = table(Seat)
    db.connection().execute(
        update(s).where(s.c.id.in_(sorted(seat_ids))).values(figures_version=s.c.figures_version + 1)
    )
