"""The verbs of bulletins: draw one up, count it again, write its preface, publish it, throw a draft away.

What is counted is fixed in one short transaction; the counting itself holds up no writer.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.auth.permissions import Role
from app.auth.queries import accounts_in_role
from app.bulletins import counting, queries
from app.bulletins.models import (
    Bulletin,
    BulletinBody,
    BulletinCommittee,
    BulletinCount,
    BulletinProposal,
    BulletinSeat,
    BulletinVoid,
)
from app.bulletins.rules import DAY, STATE_LABELS, BulletinState, same_stretch_before
from app.bulletins.schemas import BulletinDetail, BulletinEdit, BulletinIn, BulletinOut
from app.bulletins.seats import queries as seat_queries
from app.casefiles import steps
from app.core import clock, outbox
from app.core.db import Database
from app.core.errors import Conflict, Invalid, Stale
from app.core.jobs.short_transactions import parts, write
from app.core.sql import AnyRow, advisory_lock, load, lock_against_writes, table
from app.duty.models import DutyRecord
from app.notifications.kinds import NoticeKind
from app.notifications.service import notify
from app.people.duty_years import label, local_time
from app.points import queries as point_queries

#: Seats whose points one transaction keeps.
CHUNK = 500
_b, _d = table(Bulletin), table(DutyRecord)
_seats, _committees, _void = table(BulletinSeat), table(BulletinCommittee), table(BulletinVoid)
_bodies, _proposals = table(BulletinBody), table(BulletinProposal)
_PARTS = [table(BulletinCount), _committees, _bodies, _proposals, _seats, _void]


def draft(db: Session, organization_id: int, new: BulletinIn, actor: Actor | None = None) -> BulletinOut:
    """Draw up the next version of a year's bulletin; `count` it after the commit."""
    conn = db.connection()
    advisory_lock(conn, f"bulletins:{organization_id}")
    of = (_b.c.organization_id == organization_id) & (_b.c.duty_year == new.duty_year)
    if conn.scalar(select(_b.c.id).where(of, _b.c.state == BulletinState.DRAFT)):
        raise Conflict("本年度已有一份草稿，请修改或删除它。", code="draft_exists", state=BulletinState.DRAFT)
    before = conn.execute(select(_b.c.version, _b.c.preface).where(of).order_by(_b.c.version.desc())).first()
    latest = before.version if before else 0
    if latest and not new.reason:
        raise Invalid("这是更正已经发布的通报，请写明原因。", code="reason_required")
    row = {
        "organization_id": organization_id,
        "duty_year": new.duty_year,
        "version": latest + 1,
        "state": BulletinState.DRAFT,
        "revision": 1,
        "preface": new.preface or (before.preface if before else ""),
        "reason": new.reason if latest else None,
        "created_by": actor.account_id if actor else None,
    }
    row |= _fixed(conn, organization_id, new.duty_year)
    bulletin_id: int = conn.execute(insert(_b).values(**row).returning(_b.c.id)).scalar_one()
    _fix_seats(conn, bulletin_id)
    audit(db, actor, "bulletin.drafted", ("bulletin", bulletin_id), year=new.duty_year, version=latest + 1)
    made = conn.execute(select(_b).where(_b.c.id == bulletin_id)).mappings().one()
    return BulletinOut.model_validate(queries.listed(made))


def fix_again(
    db: Session, actor: Actor | None, bulletin_id: int, preface: str = "", reason: str | None = None
) -> None:
    """Let a draft say what the ledger says now, with other words where any are given; `count` it after the commit."""
    conn, row = db.connection(), _draft(db, actor, bulletin_id)
    _clear(conn, bulletin_id)
    fixed = _fixed(conn, row.organization_id, row.duty_year)
    again = fixed | {"counted_at": None, "revision": row.revision + 1}
    said = BulletinEdit(preface=preface or row.preface, reason=reason or row.reason)
    again |= _words(row, said)
    conn.execute(update(_b).where(_b.c.id == bulletin_id).values(**again))
    _fix_seats(conn, bulletin_id)
    audit(db, actor, "bulletin.counted", ("bulletin", bulletin_id))


def _fixed(conn: Connection, organization_id: int, year: int) -> dict[str, Any]:
    """What fixes the records and days that are counted; no record is written meanwhile."""
    lock_against_writes(conn, _d)
    local = local_time(conn, organization_id)
    today, (first, last), (before_first, _) = (
        local.today(),
        local.years.days(year),
        local.years.days(year - 1),
    )
    if first > today:
        raise Invalid(f"{local.years.label(year)}还没有开始。", code="year_not_begun")
    newest = select(func.coalesce(func.max(_d.c.id), 0)).where(_d.c.organization_id == organization_id)
    return {
        "starts_on": first,
        "ends_on": last,
        "counted_on": min(today, last),
        "before_starts_on": before_first,
        "before_on": same_stretch_before(first, before_first, today) if today < last else first - DAY,
        "last_record_id": conn.execute(newest).scalar_one(),
        "fixed_at": clock.now(),
    }


def _fix_seats(conn: Connection, bulletin_id: int) -> None:
    """Keep which records were void, who sat, where, for how many days, and what bodies put forward."""
    of = conn.execute(select(_b).where(_b.c.id == bulletin_id)).one()
    voided = select(literal(of.id), _d.c.id).where(
        _d.c.organization_id == of.organization_id,
        counting.in_both_years(of),
        _d.c.voided_at.is_not(None),
    )
    conn.execute(insert(_void).from_select(["bulletin_id", "record_id"], voided))
    seats = seat_queries.sitting(conn, of)
    if not any(duty_year == of.duty_year for _, duty_year, *_ in seats):
        raise Invalid("这一年没有委员席位，无法统计。", code="no_seats")
    load(conn, _seats, seat_queries.SEAT, iter(seats))
    for into, rows in (
        (_committees, seat_queries.committees(conn, of)),
        (_bodies, seat_queries.bodies(conn, of)),
        (_proposals, seat_queries.proposals(conn, of)),
    ):
        if rows:
            conn.execute(insert(into), rows)


def count(database: Database, organization_id: int) -> None:
    """Count the drafts of an organization that are not counted yet, outside of any writer's transaction."""
    waiting = (_b.c.organization_id == organization_id) & _b.c.counted_at.is_(None)
    with database.read.connect() as conn:
        drafts = list(conn.scalars(select(_b.c.id).where(waiting)))
    for bulletin_id in drafts:
        _count(database, bulletin_id)


def _count(database: Database, bulletin_id: int) -> None:
    with database.read.connect() as conn:
        row = conn.execute(select(_b).where(_b.c.id == bulletin_id)).one_or_none()
        if row is None:
            return  # somebody threw it away
        of = queries.frozen(row)
        measured = [point_queries.in_force(conn, row.organization_id, row.duty_year - n) for n in (1, 0)]
        cells = counting.cells(conn, of)
        points = [each for ruleset in measured if ruleset for each in seat_queries.points(conn, of, ruleset)]
    ruleset_id = measured[1].id if measured[1] else None
    mine = (_b.c.id == of.id) & _b.c.counted_at.is_(None) & (_b.c.fixed_at == row.fixed_at)

    def keep_points(db: Session, some: Sequence[dict[str, Any]]) -> None:
        # held: fixed again, its seats are others
        if db.execute(select(_b.c.id).where(mine).with_for_update()).first():
            seat_queries.keep_points(db.connection(), of, some)

    def finish(db: Session) -> None:
        conn = db.connection()
        done = {"counted_at": clock.now(), "ruleset_id": ruleset_id}
        if conn.execute(update(_b).where(mine).values(**done)).rowcount == 0:
            return  # somebody counts it again
        if cells:
            conn.execute(insert(table(BulletinCount)), cells)

    # points first, some at a time: until it is finished nobody is shown them, and whoever is killed counts again
    for some in parts(points, CHUNK):
        write(database, partial(keep_points, some=some))
    write(database, finish)


def edit(db: Session, actor: Actor, bulletin_id: int, revision: int, new: BulletinEdit) -> BulletinDetail:
    """Write the preface of a draft, and why it corrects an earlier version; `Stale` carries the present draft."""
    conn, row = db.connection(), _draft(db, actor, bulletin_id)
    if row.revision != revision:
        raise Stale(current=queries.detail(conn, actor, bulletin_id))
    values = _words(row, new) | {"revision": revision + 1}
    conn.execute(update(_b).where(_b.c.id == bulletin_id).values(**values))
    return BulletinDetail.model_validate(queries.detail(conn, actor, bulletin_id))


def _words(row: AnyRow, new: BulletinEdit) -> dict[str, Any]:
    if row.version > 1 and not new.reason:
        raise Invalid("这是更正已经发布的通报，请写明原因。", code="reason_required")
    return {"preface": new.preface, "reason": new.reason if row.version > 1 else None}


def publish(db: Session, actor: Actor | None, bulletin_id: int) -> None:
    """Put a draft in force; the version before it is superseded, and members are told."""
    conn, row = db.connection(), _draft(db, actor, bulletin_id)
    if row.counted_at is None:
        raise Conflict("数据还没有统计好，请重新统计。", code="not_counted", state=BulletinState.DRAFT)
    if local_time(conn, row.organization_id).years.days(row.duty_year) != (row.starts_on, row.ends_on):
        raise Conflict(
            "起草之后履职年度的起止日期改过，请重新统计后再发布。",
            code="year_moved",
            state=BulletinState.DRAFT,
        )
    of = (_b.c.organization_id == row.organization_id) & (_b.c.duty_year == row.duty_year)
    conn.execute(
        update(_b).where(of, _b.c.state == BulletinState.PUBLISHED).values(state=BulletinState.SUPERSEDED)
    )
    by = {"published_by": actor.account_id if actor else None, "published_at": clock.now()}
    conn.execute(update(_b).where(_b.c.id == bulletin_id).values(state=BulletinState.PUBLISHED, **by))
    audit(db, actor, "bulletin.published", ("bulletin", bulletin_id), year=row.duty_year, version=row.version)
    outbox.enqueue(db, "bulletin.published", f"bulletin.published:{bulletin_id}", bulletin_id=bulletin_id)


@outbox.handles("bulletin.published")
def _tell(db: Session, payload: dict[str, Any]) -> None:
    conn = db.connection()
    row = conn.execute(select(_b).where(_b.c.id == payload["bulletin_id"])).one()
    said = "发布" if row.version == 1 else "更正"
    members = accounts_in_role(conn, row.organization_id, Role.MEMBER)
    title = f"{label(row.duty_year, row.starts_on, row.ends_on)}通报已{said}"
    notify(db, row.organization_id, members, NoticeKind.BULLETIN_PUBLISHED, title, ("bulletin", row.id))


def discard(db: Session, actor: Actor, bulletin_id: int) -> None:
    """Delete a draft."""
    conn, row = db.connection(), _draft(db, actor, bulletin_id)
    _clear(conn, bulletin_id)
    conn.execute(delete(_b).where(_b.c.id == bulletin_id))
    audit(db, actor, "bulletin.discarded", None, year=row.duty_year, version=row.version)


def _clear(conn: Connection, bulletin_id: int) -> None:
    for part in _PARTS:
        conn.execute(delete(part).where(part.c.bulletin_id == bulletin_id))


def _draft(db: Session, actor: Actor | None, bulletin_id: int) -> AnyRow:
    """The row of a draft, held; `NotFound` in other organizations, `Conflict` once it is published."""
    mine = [_b.c.id == bulletin_id]
    if actor:
        mine.append(_b.c.organization_id == actor.organization_id)
    row = steps.lock(db, select(_b).where(*mine))
    if row.state != BulletinState.DRAFT:
        label = STATE_LABELS[BulletinState(row.state)]
        raise Conflict(f"这一版{label}，不能再改动；有误请发布更正版。", code="not_a_draft", state=row.state)
    return row
