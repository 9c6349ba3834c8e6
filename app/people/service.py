"""The only writer of people: what commands, imports and staff (staff.py) build organizations with."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlmodel import Session, SQLModel

from app.auth.accounts.concerned import tell
from app.auth.accounts.revocation import end_sessions
from app.auth.accounts.service import Grant, create_account, grant_role
from app.auth.actor import Actor
from app.auth.models import Account
from app.auth.permissions import Role
from app.core import live
from app.core.errors import Conflict, Invalid
from app.core.sql import table
from app.people.models import Committee, Organization, Person, Seat, SeatCommittee, Sector, Term, Unit

T = TypeVar("T", bound=SQLModel)
Group = TypeVar("Group", bound=Sector | Committee)
_NUMERALS = "零一二三四五六七八九"


def numeral(n: int) -> str:
    """A Chinese numeral of 1 to 99: 15 is 十五."""
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十") + (
        _NUMERALS[ones] if ones else ""
    )


def add(db: Session, row: T) -> T:
    """`row`, flushed, so that it has an id."""
    db.add(row)
    db.flush()
    return row


def id_of(row: Organization | Term | Sector | Committee | Person | Seat | Unit | Account) -> int:
    """The id of a row that was flushed."""
    if row.id is None:
        raise ValueError("not flushed")
    return row.id


def create_term(
    db: Session, organization_id: int, ordinal: int, starts_on: date, ends_on: date, name: str | None = None
) -> Term:
    """A new term of an organization; terms do not overlap."""
    t = table(Term)
    in_order(starts_on, ends_on)
    mine = t.c.organization_id == organization_id
    taken = (t.c.ordinal == ordinal) | ((t.c.starts_on <= ends_on) & (t.c.ends_on >= starts_on))
    if found := db.scalar(select(t.c.name).where(mine, taken)):
        raise Conflict(f"与已有的{found}届次重复或时间重叠。", code="term_exists")
    row = Term(
        organization_id=organization_id,
        ordinal=ordinal,
        name=name or f"第{numeral(ordinal)}届",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return add(db, row)


def create_sector(db: Session, term_id: int, name: str, position: int = 0) -> Sector:
    """A new sector of a term."""
    return create_group(db, Sector, term_id, name, position)


def create_committee(db: Session, term_id: int, name: str, position: int = 0) -> Committee:
    """A new committee of a term."""
    return create_group(db, Committee, term_id, name, position)


def create_group(db: Session, model: type[Group], term_id: int, name: str, position: int) -> Group:
    """A new sector or committee of a term."""
    free_name(db, model, name, term_id=term_id)
    return add(db, model(term_id=term_id, name=name, position=position))


def create_unit(db: Session, organization_id: int, name: str, kind: str = "government") -> Unit:
    """A new handling unit of an organization."""
    free_name(db, Unit, name, organization_id=organization_id)
    return add(db, Unit(organization_id=organization_id, name=name, kind=kind))


def create_person(
    db: Session,
    name: str,
    phone: str,
    *,
    organization_id: int,
    gender: str | None = None,
    born_on: date | None = None,
    password_hash: str = "",
    by: Actor | None = None,
) -> Person:
    """A new person with an E.164 phone, and an account: the organization's of the same phone and name, else a new one.

    Accounts that others opened for the phone are not looked at. Without `password_hash` nobody can log in to the new
    account until a password is set.
    """
    a = table(Account)
    here = (a.c.phone == phone) & (a.c.organization_id == organization_id)
    found = db.execute(select(a.c.id, a.c.name).where(here)).first()
    if found is not None and found.name != name:
        raise Conflict("这个手机号码已登记在另一人名下。", code="phone_taken")
    if found is None:
        account = create_account(db, phone=phone, name=name, organization_id=organization_id, by=by)
        account_id = id_of(account)
        if password_hash:
            give_first_password(db, account, password_hash, by=by)
    else:
        account_id = found.id
    person = Person(
        organization_id=organization_id,
        name=name,
        phone=phone,
        gender=gender,
        born_on=born_on,
        account_id=account_id,
    )
    return add(db, person)


def give_first_password(
    db: Session, account: Account, password_hash: str, *, by: Actor | None = None
) -> None:
    """Let an account that has no password be entered with a one-time password of an import."""
    account.password_hash, account.must_change_password = password_hash, True
    db.flush()
    tell(db, "password.issued", id_of(account), by, account.organization_id, way="import")


def change_person(db: Session, person: Person, *, password_hash: str | None = None, **changes: Any) -> bool:
    """Set columns of a person, name and phone of the account with theirs; whether anything was different.

    The cards of the seats, and the boards on which they stand, are recomputed for another name.

    `password_hash` is set only where the account has none yet. An account that another organization opened, and its
    owner linked, stays as it is.
    """
    account = db.get(Account, person.account_id) if person.account_id else None
    if account is not None and account.organization_id != person.organization_id:
        account = None
    different = {k: v for k, v in changes.items() if getattr(person, k) != v}
    for column, value in different.items():
        setattr(person, column, value)
    add(db, person)
    if "name" in different:
        renew_cards(db, table(Seat).c.person_id == id_of(person))
    if account is not None and "name" in different:
        account.name = person.name
    if account is not None and "phone" in different:
        account.phone = person.phone
        end_sessions(db, id_of(account), "phone_changed")
    if account is not None and password_hash and not account.password_hash:
        give_first_password(db, account, password_hash)
    db.flush()
    return bool(different)


def create_seat(
    db: Session,
    term: Term,
    person: Person,
    *,
    committees: Collection[int] = (),
    by: Actor | None = None,
    **columns: Any,
) -> Seat:
    """A seat of a person in a term; the person's account may act for it until it ends.

    `columns`: `sector_id`, and what else a seat has; days that are left out, or None, are those of the term.
    """
    columns["starts_on"] = columns.get("starts_on") or term.starts_on
    columns["ends_on"] = columns.get("ends_on") or term.ends_on
    seat = Seat(organization_id=term.organization_id, term_id=id_of(term), person_id=id_of(person), **columns)
    within(term, seat.starts_on, seat.ends_on)
    add(db, seat)
    sit_in(db, id_of(seat), committees)
    _act_for(db, seat, by)
    return seat


def _act_for(db: Session, seat: Seat, by: Actor | None) -> None:
    person = db.get_one(Person, seat.person_id)
    if person.account_id is not None:
        grant = Grant(seat.organization_id, Role.MEMBER, seat_id=id_of(seat), ends_on=seat.ends_on)
        grant_role(db, person.account_id, grant, by=by)


def sit_in(db: Session, seat_id: int, committees: Collection[int]) -> None:
    """Make exactly these the committees of a seat."""
    c = table(SeatCommittee)
    db.execute(delete(c).where(c.c.seat_id == seat_id))
    if committees:
        rows = [{"seat_id": seat_id, "committee_id": k} for k in sorted(set(committees))]
        db.execute(insert(c), rows)


def change_seat(db: Session, seat: Seat, *, by: Actor | None = None, **changes: Any) -> None:
    """Set columns of a seat; its cards are recomputed, and the right to act for it ends with it."""
    for column, value in changes.items():
        setattr(seat, column, value)
    add(db, seat)
    renew_cards(db, table(Seat).c.id == seat.id)
    if "ends_on" in changes:
        _act_for(db, seat, by)


def renew_cards(db: Session, seats: ColumnElement[bool]) -> None:
    """Let the cards of some seats, and the boards on which they stand, be recomputed: their heads have changed."""
    s = table(Seat)
    moved = update(s).where(seats).values(figures_version=s.c.figures_version + 1)
    for organization_id in set(db.scalars(moved.returning(s.c.organization_id))):
        live.emit(db, organization_id, "ledger", "seat.changed")


def in_order(starts_on: date, ends_on: date) -> None:
    """`Invalid` when a period ends before it begins."""
    if starts_on > ends_on:
        raise Invalid("开始日期晚于结束日期。", code="bad_period")


def within(term: Term, starts_on: date, ends_on: date) -> None:
    """`Invalid` when a seat would stand outside its term."""
    in_order(starts_on, ends_on)
    if starts_on < term.starts_on or ends_on > term.ends_on:
        raise Invalid(
            f"任职时间应在{term.name}之内（{term.starts_on} 至 {term.ends_on}）。", code="outside_term"
        )


def free_name(db: Session, model: type[SQLModel], name: str, **columns: int) -> None:
    """`Conflict` when the name is taken among the rows with these columns."""
    t = table(model)
    same = [t.c[column] == value for column, value in columns.items()]
    if db.scalar(select(t.c.id).where(t.c.name == name, *same)) is not None:
        raise Conflict(f"已经有“{name}”。", code="name_taken")
