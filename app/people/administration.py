"""What the operator sets up at the shell: accounts of any role, with the unit or seat that they need."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session

from app.auth.passwords import one_time_password
from app.auth.permissions import Role
from app.auth.phones import e164
from app.auth.queries import account_of
from app.auth.service import Grant, grant_role
from app.auth.service import create_account as create_bare_account
from app.core.errors import Conflict, Invalid, NotFound
from app.core.names import typed
from app.core.sql import table
from app.people.models import Person, Sector, Term, Unit
from app.people.queries import present_term
from app.people.roster_plan import organization_named
from app.people.service import create_person, create_seat, id_of


@dataclass(frozen=True)
class NewAccount:
    """Who gets which role in an organization (by name; None: the only one), for a unit or in a sector."""

    role: Role
    phone: str
    name: str
    organization: str | None = None
    unit: str | None = None
    sector: str | None = None


def create_account(db: Session, new: NewAccount) -> str | None:
    """Give a role to the account of a phone, which is made when there is none; its one-time password, if it is new.

    `Invalid` without the unit or sector that the role needs; `NotFound` when there is none of that name;
    `Conflict` when the phone belongs to another name, or the roles are kept separate.
    """
    place = id_of(organization_named(db, new.organization))
    try:
        new = replace(new, name=typed(new.name))
    except ValueError as wrong:
        raise Invalid(f"{wrong}。", code="bad_name") from None
    if (new.unit is not None) != (new.role == Role.UNIT_OFFICER):
        raise Invalid("承办单位人员须用 --unit 写明承办单位，其他角色不用。", code="seat_or_unit")
    if (new.sector is not None) != (new.role == Role.MEMBER):
        raise Invalid("委员须用 --sector 写明界别，其他角色不用。", code="seat_or_unit")
    unit_id = _unit(db, place, new.unit) if new.unit else None
    account = account_of(db.connection(), place, e164(new.phone))
    if account is not None and account.name != new.name:
        raise Conflict("这个手机号码已登记在另一人名下。", code="phone_taken")
    password = None if account else one_time_password()
    if account is None:
        made = create_bare_account(
            db, phone=new.phone, name=new.name, organization_id=place, password=password
        )
        account_id = id_of(made)
    else:
        account_id = account.id
    if new.sector:
        _seat(db, place, new, new.sector)
    else:
        grant_role(db, account_id, Grant(place, new.role, unit_id=unit_id))
    return password


def _unit(db: Session, place: int, name: str) -> int:
    u = table(Unit)
    found = db.scalar(select(u.c.id).where(u.c.organization_id == place, u.c.name == name))
    if found is None:
        raise NotFound(f"没有承办单位“{name}”，请先用 lvyi import units 导入。", code="no_unit")
    return int(found)


def _seat(db: Session, place: int, new: NewAccount, sector_name: str) -> None:
    term = db.get_one(Term, present_term(db.connection(), place))
    s, p = table(Sector), table(Person)
    sector = db.scalar(select(s.c.id).where(s.c.term_id == term.id, s.c.name == sector_name))
    if sector is None:
        raise NotFound(f"{term.name}没有界别“{sector_name}”。", code="no_sector")
    phone = e164(new.phone)
    person = db.scalars(
        select(Person).where(p.c.organization_id == place, p.c.phone == phone)
    ).first() or create_person(db, new.name, phone, organization_id=place)
    create_seat(db, term, person, int(sector))
