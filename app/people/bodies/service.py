"""What staff change about bodies; the audit log hears of it."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, delete, func, insert, select, update
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.watch import tell
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Stale
from app.core.sql import table
from app.people import queries as people
from app.people.bodies import queries
from app.people.bodies.models import Body, BodyMember, BodySpokesperson
from app.people.bodies.rules import ROSTER_KINDS, BodyKind
from app.people.bodies.schemas import BodyIn, BodyOut, BodyPatch, BrandIn, BrandOut
from app.people.duty_years import local_time
from app.people.models import Committee, Seat, Sector, Term
from app.people.seat_ends import on_end, on_resume
from app.people.service import add

_b, _k, _m = table(Body), table(BodySpokesperson), table(BodyMember)
_s, _t = table(Seat), table(Term)
#: Columns of packages above in which bodies stand: what a body did goes along when it is joined to another.
referring: list[Column[Any]] = []
#: Verbs of packages above that run when a body is merged into another one.
on_merge: list[Callable[[Connection, int, Body], None]] = []
#: Verbs of packages above that go on when a body gets another head.
on_new_head: list[Callable[[Session, int, int], None]] = []
#: The same when its head leaves and nobody follows yet.
on_head_left: list[Callable[[Session, int, int], None]] = []


def create_body(
    db: Session,
    organization_id: int,
    term_id: int,
    kind: BodyKind,
    *,
    spokespersons: Collection[int] = (),
    **columns: Any,
) -> int:
    """A new body of a term, for staff and imports, after all others unless it has a position; its id."""
    last = select(func.max(_b.c.position)).where(_b.c.term_id == term_id)
    columns.setdefault("position", (db.scalar(last) or 0) + 1)
    row = add(db, Body(organization_id=organization_id, term_id=term_id, kind=kind.value, **columns))
    assert row.id is not None  # noqa: S101 - flushed
    speak_for(db, row.id, spokespersons)
    add_members(db, row, {row.head_seat_id, *spokespersons})
    return row.id


def add_members(
    db: Session, row: Body, seats: Collection[int | None], day: date | None = None
) -> tuple[set[int], set[int]]:
    """List seats from a local day (today) on in a body whose row is held; who joined, and whose later stay overlaps.

    Who belongs to it that day for the time being stays as they are; sectors and committees list nobody.
    """
    named = {seat for seat in seats if seat is not None}
    if row.kind in ROSTER_KINDS or not named:
        return set(), set()
    day = day or local_time(db.connection(), row.organization_id).today()
    later = select(_m.c.seat_id, _m.c.starts_on, _m.c.ends_on).where(
        _m.c.body_id == row.id, _m.c.seat_id.in_(named), _m.c.ends_on.is_(None) | (_m.c.ends_on >= day)
    )
    stays = db.execute(later).all()
    overlapping = {one.seat_id for one in stays if one.starts_on > day or one.ends_on is not None}
    joining = named - {one.seat_id for one in stays}
    if joining:
        columns = {"body_id": row.id, "organization_id": row.organization_id, "starts_on": day}
        db.execute(insert(_m), [columns | {"seat_id": seat} for seat in sorted(joining)])
    return joining, overlapping


def add_body(db: Session, actor: Actor, new: BodyIn) -> BodyOut:
    """A new body of a term (the present one) of the actor's organization."""
    conn = db.connection()
    term_id = new.term_id or people.present_term(conn, actor.organization_id)
    own = select(_t.c.id).where(_t.c.id == term_id, _t.c.organization_id == actor.organization_id)
    if conn.scalar(own) is None:
        raise NotFound
    _check_kind(db, new, term_id)
    values = new.model_dump(exclude={"kind", "term_id", "spokesperson_ids"})
    if "position" not in new.model_fields_set:
        del values["position"]
    _check_name(db, term_id, new.name)
    of_term(db, term_id, {*new.spokesperson_ids, new.head_seat_id} - {None})
    body_id = create_body(
        db, actor.organization_id, term_id, new.kind, spokespersons=new.spokesperson_ids, **values
    )
    audited(db, actor, "body.created", body_id)
    return _shown(db, actor, body_id)


def edit_body(db: Session, actor: Actor, body_id: int, patch: BodyPatch) -> BodyOut:
    """Change name, head, contact person or spokespersons; those who no longer act for it lose sight of its drafts."""
    row = own(db, actor, body_id)
    changes = patch.model_dump(exclude_unset=True)
    if "name" in changes and changes["name"] != row.name:
        if changes["name"] is None and row.kind not in {BodyKind.SECTOR, BodyKind.COMMITTEE}:
            raise Invalid(errors=[FieldError(field="name", code="missing", detail="请填写单位名称。")])
        _check_name(db, row.term_id, changes["name"])
    speakers = changes.pop("spokesperson_ids", None)
    of_term(db, row.term_id, {*(speakers or ()), changes.get("head_seat_id")} - {None})
    before = row.head_seat_id
    for column, value in changes.items():
        setattr(row, column, value)
    add(db, row)
    if row.head_seat_id != before:
        for go_on in on_new_head if row.head_seat_id else on_head_left:
            go_on(db, actor.organization_id, body_id)
    if speakers is not None:
        db.execute(delete(_k).where(_k.c.body_id == body_id))
        speak_for(db, body_id, speakers)
    add_members(db, own(db, actor, body_id, lock=True), {row.head_seat_id, *(speakers or ())})
    audited(db, actor, "body.changed", body_id, fields=",".join(sorted(patch.model_fields_set)))
    return _shown(db, actor, body_id)


def edit_brand(db: Session, actor: Actor, body_id: int, version: int, new: BrandIn) -> BrandOut:
    """Write what a body is known for, as its head or staff, over a version."""
    row = own(db, actor, body_id, lock=True)
    if not queries.may_edit_brand(actor, row.head_seat_id):
        raise Forbidden("品牌由单位负责人或政协机关填写。", code="not_head")
    if row.brand_version != version:
        raise Stale(current=BrandOut.model_validate(queries.brand(db.connection(), body_id)).model_dump())
    row.brand_title, row.brand_text, row.brand_version = new.title, new.text, version + 1
    add(db, row)
    audited(db, actor, "body.brand_changed", body_id)
    return BrandOut.model_validate(queries.brand(db.connection(), body_id))


def remove_body(db: Session, actor: Actor, body_id: int, into_id: int | None) -> None:
    """Delete a body; what was done in its name goes over to `into_id`, without which it must have done nothing."""
    row, conn = own(db, actor, body_id), db.connection()
    into = own(db, actor, into_id) if into_id else None
    if into is not None and (into_id == body_id or into.term_id != row.term_id):
        raise NotFound("没有这个可以并入的单位。", code="no_body")
    # whoever writes a proposal holds it before its body: so here too
    if into is None:
        _check_unused(conn, body_id)
    else:
        for go_over in on_merge:
            go_over(conn, body_id, into)
        for column in referring:
            _reassign(conn, column, body_id, into_id)
    if into_id is not None:
        for go_on in on_new_head:
            go_on(db, actor.organization_id, into_id)
    for held in sorted(
        {body_id, into_id or body_id}
    ):  # in one order: whoever lets members join holds one too
        own(db, actor, held, lock=True)
    if into is not None and into.kind not in ROSTER_KINDS:
        _reassign(conn, _m.c.body_id, body_id, into_id)
    for of_body in (_k, _m):
        db.execute(delete(of_body).where(of_body.c.body_id == body_id))
    db.execute(delete(_b).where(_b.c.id == body_id))
    audited(db, actor, "body.removed", body_id, into_id=into_id)


def _check_unused(conn: Connection, body_id: int) -> None:
    for column in referring:
        if conn.scalar(select(column).where(column == body_id).limit(1)) is not None:
            raise Conflict(
                "已有以这个单位名义提出的提案或信息，或者有议题、活动邀请了它，请选择并入哪个单位。",
                code="body_used",
            )


def _reassign(conn: Connection, column: Column[Any], body_id: int, into_id: int | None) -> None:
    """What refers to a body refers to another one; of a table of pairs what that one has already is dropped."""
    key = [one for one in column.table.primary_key if one is not column][:1] if column.primary_key else []
    for other in key:
        there = select(other).where(column == into_id)
        conn.execute(delete(column.table).where(column == body_id, other.in_(there)))
    conn.execute(update(column.table).where(column == body_id).values({column.name: into_id}))


def _of_head(verbs: list[Callable[[Session, int, int], None]]) -> Callable[[Session, Seat], None]:
    """Run `verbs` for each body whose head holds a seat."""

    def run(db: Session, seat: Seat) -> None:
        for body_id in db.scalars(select(_b.c.id).where(_b.c.head_seat_id == seat.id)).all():
            for go_on in verbs:
                go_on(db, seat.organization_id, body_id)

    return run


on_end.append(_of_head(on_head_left))
on_resume.append(_of_head(on_new_head))


def own(db: Session, actor: Actor, body_id: int, *, lock: bool = False) -> Body:
    """A body of the actor's organization; `lock` holds its row. `NotFound` for any other."""
    row = db.get(Body, body_id, with_for_update=lock and {"key_share": True})
    if row is None or row.organization_id != actor.organization_id:
        raise NotFound
    return row


def speak_for(db: Session, body_id: int, seats: Collection[int]) -> None:
    """Let some seats act for a body that has no spokespersons."""
    if seats:
        db.execute(insert(_k), [{"body_id": body_id, "seat_id": seat} for seat in sorted(set(seats))])


def _check_kind(db: Session, new: BodyIn, term_id: int) -> None:
    """A sector or committee is one of the term and a body once; everything else has a name of its own."""
    wrong = FieldError(field="name", code="missing", detail="请填写单位名称。")
    for kind, model, column, label in (
        (BodyKind.SECTOR, Sector, "sector_id", "界别"),
        (BodyKind.COMMITTEE, Committee, "committee_id", "专委会"),
    ):
        given = getattr(new, column)
        if new.kind is kind:
            of, taken = table(model), select(_b.c.id).where(_b.c[column] == given)
            if db.scalar(select(of.c.id).where(of.c.id == given, of.c.term_id == term_id)) is None:
                wrong = FieldError(field=column, code="missing", detail=f"请选择本届的{label}。")
                raise Invalid(errors=[wrong])
            if db.scalar(taken) is not None:
                raise Conflict(f"这个{label}已经是参加单位。", code="body_exists")
            return
        if given is not None:
            wrong = FieldError(field=column, code="extra_forbidden", detail="这类单位不需要这一项。")
            raise Invalid(errors=[wrong])
    if new.name is None:
        raise Invalid(errors=[wrong])


def _check_name(db: Session, term_id: int, name: str | None) -> None:
    if name is not None and db.scalar(select(_b.c.id).where(_b.c.term_id == term_id, _b.c.name == name)):
        raise Conflict(f"已经有“{name}”。", code="name_taken")


def of_term(db: Session, term_id: int, seats: Collection[int | None]) -> None:
    """Refuse seats of another term."""
    found = select(_s.c.id).where(_s.c.id.in_(seats), _s.c.term_id == term_id)
    if set(db.scalars(found).all()) != set(seats):
        raise Invalid("只能选择本届委员。", code="unknown_seat")


def _shown(db: Session, actor: Actor, body_id: int) -> BodyOut:
    return BodyOut.model_validate(queries.body(db.connection(), actor, body_id))


def audited(db: Session, actor: Actor, action: str, body_id: int, **detail: Any) -> None:
    """Write into the audit log what was done to a body."""
    tell(
        db,
        action,
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        subject=("body", body_id),
        **detail,
    )
