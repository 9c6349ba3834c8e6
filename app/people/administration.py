"""What staff change about people of their organization; the audit log hears of it."""

from collections.abc import Collection
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from app.auth.actor import Actor
from app.auth.permissions import Permission
from app.auth.watch import tell
from app.core.errors import Conflict, NotFound
from app.core.sql import table
from app.people import queries
from app.people.models import UNIT_LABELS, Committee, Person, Seat, SeatCommittee, SeatEnd, Sector, Term, Unit
from app.people.schemas import (
    GroupIn,
    GroupOut,
    GroupPatch,
    SeatIn,
    SeatOut,
    SeatPatch,
    TermIn,
    TermOut,
    TermPatch,
    UnitIn,
    UnitOut,
    UnitPatch,
)
from app.people.service import (
    Group,
    add,
    change_seat,
    create_group,
    create_person,
    create_seat,
    create_term,
    create_unit,
    free_name,
    id_of,
    in_order,
    renew_cards,
    sit_in,
    within,
)

Changed = TypeVar("Changed", bound=Term | Sector | Committee | Unit | Seat)


def add_term(db: Session, actor: Actor, new: TermIn) -> TermOut:
    """A new term of the actor's organization."""
    term = create_term(db, actor.organization_id, new.ordinal, new.starts_on, new.ends_on, new.name)
    _told(db, actor, "term.created", "term", term)
    return _term_out(db, actor, id_of(term))


def edit_term(db: Session, actor: Actor, term_id: int, patch: TermPatch) -> TermOut:
    """Change a term; seats that begin or end with it move along."""
    term = _own_term(db, actor, term_id)
    starts_on, ends_on = patch.starts_on or term.starts_on, patch.ends_on or term.ends_on
    in_order(starts_on, ends_on)
    t, s = table(Term), table(Seat)
    overlap = select(t.c.name).where(
        t.c.organization_id == term.organization_id,
        t.c.id != term_id,
        t.c.starts_on <= ends_on,
        t.c.ends_on >= starts_on,
    )
    if other := db.scalar(overlap):
        raise Conflict(f"与{other}时间重叠。", code="term_exists")
    for column, old, new in (("starts_on", term.starts_on, starts_on), ("ends_on", term.ends_on, ends_on)):
        if old != new:
            with_it = select(Seat).where(s.c.term_id == term_id, s.c[column] == old)
            if column == "ends_on":  # who left on the last day stays as recorded
                with_it = with_it.where(func.coalesce(s.c.end_kind, SeatEnd.TERM_OVER) == SeatEnd.TERM_OVER)
            for seat in db.scalars(with_it).all():
                change_seat(db, seat, by=actor, **{column: new})
    beyond = (s.c.starts_on < starts_on) | (s.c.ends_on > ends_on) | (s.c.starts_on > s.c.ends_on)
    if db.scalar(select(s.c.id).where(s.c.term_id == term_id, beyond).limit(1)):
        raise Conflict("有委员的任职时间会落在届外，请先调整。", code="seats_outside")
    if patch.name not in {None, term.name} or (term.starts_on, term.ends_on) != (starts_on, ends_on):
        renew_cards(db, s.c.term_id == term_id)
    term.name, term.starts_on, term.ends_on = patch.name or term.name, starts_on, ends_on
    _told(db, actor, "term.changed", "term", add(db, term))
    return _term_out(db, actor, term_id)


def add_group(db: Session, actor: Actor, model: type[Group], new: GroupIn) -> GroupOut:
    """A new sector or committee of a term of the actor's organization (the present one)."""
    term_id = new.term_id or queries.present_term(db.connection(), actor.organization_id)
    _own_term(db, actor, term_id)
    kind = model.__name__.lower()
    group = create_group(db, model, term_id, new.name, new.position)
    _told(db, actor, f"{kind}.created", kind, group)
    return _group_out(db, actor, model, term_id, id_of(group))


def edit_group(db: Session, actor: Actor, model: type[Group], group_id: int, patch: GroupPatch) -> GroupOut:
    """Rename or move a sector or committee."""
    group = db.get(model, group_id)
    if group is None:
        raise NotFound
    _own_term(db, actor, group.term_id)
    if patch.name is not None and patch.name != group.name:
        free_name(db, model, patch.name, term_id=group.term_id)
        group.name = patch.name
        renew_cards(db, _members(model, group_id))
    group.position = group.position if patch.position is None else patch.position
    kind = model.__name__.lower()
    _told(db, actor, f"{kind}.changed", kind, add(db, group))
    return _group_out(db, actor, model, group.term_id, group_id)


def _members(model: type[Group], group_id: int) -> ColumnElement[bool]:
    """The seats in a sector or committee."""
    s, c = table(Seat), table(SeatCommittee)
    if model is Sector:
        return s.c.sector_id == group_id
    return s.c.id.in_(select(c.c.seat_id).where(c.c.committee_id == group_id))


def add_unit(db: Session, actor: Actor, new: UnitIn) -> UnitOut:
    """A new handling unit of the actor's organization."""
    unit = create_unit(db, actor.organization_id, new.name, new.kind)
    return _unit_out(_told(db, actor, "unit.created", "unit", unit))


def edit_unit(db: Session, actor: Actor, unit_id: int, patch: UnitPatch) -> UnitOut:
    """Rename a handling unit or change its kind."""
    unit = db.get(Unit, unit_id)
    if unit is None or unit.organization_id != actor.organization_id:
        raise NotFound
    if patch.name is not None and patch.name != unit.name:
        free_name(db, Unit, patch.name, organization_id=unit.organization_id)
        unit.name = patch.name
    unit.kind = patch.kind or unit.kind
    return _unit_out(_told(db, actor, "unit.changed", "unit", add(db, unit)))


def add_seat(db: Session, actor: Actor, new: SeatIn) -> SeatOut:
    """Give a person (known by phone, or new) a seat in the term of a sector."""
    sector = db.get(Sector, new.sector_id)
    if sector is None:
        raise NotFound("界别不存在。", code="no_sector")
    term = _own_term(db, actor, sector.term_id)
    _own_committees(db, id_of(term), new.committee_ids)
    p, s = table(Person), table(Seat)
    here = p.c.organization_id == actor.organization_id
    person_id = db.scalar(select(p.c.id).where(p.c.phone == new.phone, here))
    if person_id is None:
        person = create_person(
            db,
            new.name,
            new.phone,
            organization_id=actor.organization_id,
            gender=new.gender,
            born_on=new.born_on,
            by=actor,
        )
    else:
        person = db.get_one(Person, person_id)
        if person.name != new.name:
            raise Conflict("这个手机号码已登记在另一人名下。", code="phone_taken")
        if db.scalar(select(s.c.id).where(s.c.term_id == term.id, s.c.person_id == person_id)):
            raise Conflict(f"{new.name}在{term.name}已有席位。", code="seat_exists")
    seat = create_seat(
        db,
        term,
        person,
        committees=new.committee_ids,
        by=actor,
        **new.model_dump(exclude={"name", "phone", "gender", "born_on", "committee_ids"}),
    )
    _told(db, actor, "seat.created", "seat", seat)
    return SeatOut.model_validate(queries.seat(db.connection(), actor, id_of(seat)))


def edit_seat(db: Session, actor: Actor, seat_id: int, patch: SeatPatch) -> SeatOut:
    """Change a seat of the actor's organization."""
    seat = db.get(Seat, seat_id)
    if seat is None or seat.organization_id != actor.organization_id:
        raise NotFound
    changes = {
        k: v for k, v in patch.model_dump(exclude_unset=True).items() if v is not None or k == "number"
    }
    if seat.end_kind and "ends_on" in changes:
        raise Conflict("这个席位已登记离任，请更正离任的日期。", code="end_recorded", state=seat.end_kind)
    term = db.get_one(Term, seat.term_id)
    within(term, changes.get("starts_on", seat.starts_on), changes.get("ends_on", seat.ends_on))
    if "sector_id" in changes:
        sector = db.get(Sector, changes["sector_id"])
        if sector is None or sector.term_id != seat.term_id:
            raise NotFound("界别不存在。", code="no_sector")
    if (committees := changes.pop("committee_ids", None)) is not None:
        _own_committees(db, seat.term_id, committees)
        sit_in(db, seat_id, committees)
    change_seat(db, seat, by=actor, **changes)
    _told(db, actor, "seat.changed", "seat", seat, fields=",".join(sorted(patch.model_fields_set)))
    return SeatOut.model_validate(queries.seat(db.connection(), actor, seat_id))


def tell_read(db: Session, actor: Actor, seat_ids: Collection[int]) -> None:
    """Whole phones, days of birth and sex were read by staff: one entry for a request, with how many persons."""
    if actor.may(Permission.PEOPLE_MANAGE) and seat_ids:
        tell(
            db,
            "seat.read",
            account_id=actor.account_id,
            organization_id=actor.organization_id,
            address=actor.address,
            subject=("seat", next(iter(seat_ids))) if len(seat_ids) == 1 else None,
            persons=len(seat_ids),
        )


def _term_out(db: Session, actor: Actor, term_id: int) -> TermOut:
    found = queries.terms(db.connection(), actor.organization_id)
    return TermOut.model_validate(next(t for t in found if t["id"] == term_id))


def _group_out(db: Session, actor: Actor, model: type[Group], term_id: int, group_id: int) -> GroupOut:
    found = queries.groups(db.connection(), actor, model, term_id)
    return GroupOut.model_validate(next(g for g in found if g["id"] == group_id))


def _unit_out(unit: Unit) -> UnitOut:
    return UnitOut(id=id_of(unit), name=unit.name, kind=unit.kind, kind_label=UNIT_LABELS[unit.kind])


def _own_term(db: Session, actor: Actor, term_id: int) -> Term:
    term = db.get(Term, term_id)
    if term is None or term.organization_id != actor.organization_id:
        raise NotFound
    return term


def _own_committees(db: Session, term_id: int, ids: Collection[int]) -> None:
    c = table(Committee)
    found = set(db.scalars(select(c.c.id).where(c.c.id.in_(ids), c.c.term_id == term_id)).all())
    if found != set(ids):
        raise NotFound("专委会不存在。", code="no_committee")


def _told(db: Session, actor: Actor, action: str, kind: str, row: Changed, **detail: str) -> Changed:
    tell(
        db,
        action,
        account_id=actor.account_id,
        organization_id=actor.organization_id,
        address=actor.address,
        subject=(kind, id_of(row)),
        **detail,
    )
    return row
