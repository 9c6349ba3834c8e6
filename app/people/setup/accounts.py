"""What the operator sets up at the shell: accounts of any role, with unit, seat or office; the offices themselves."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlmodel import Session

from app.auth.accounts.service import Grant, grant_role
from app.auth.accounts.service import create_account as create_bare_account
from app.auth.areas import Area
from app.auth.passwords.hashing import one_time_password
from app.auth.permissions import SEPARATE, Role
from app.auth.phones import e164
from app.auth.queries import account, account_of
from app.auth.watch import tell
from app.core.errors import Conflict, Invalid, NotFound
from app.core.language.names import typed
from app.core.sql import table
from app.people.models import Committee, Person, Sector, Term, Unit
from app.people.models_offices import Office
from app.people.offices import service
from app.people.queries import present_term
from app.people.roster.plan import organization_named
from app.people.service import create_person, create_seat, id_of


@dataclass(frozen=True)
class NewAccount:
    """Who gets which role in an organization (by name; None: the only one), for a unit, in a sector or an office."""

    role: Role
    phone: str
    name: str
    organization: str | None = None
    unit: str | None = None
    sector: str | None = None
    office: str | None = None


def create_account(db: Session, new: NewAccount) -> str | None:
    """Give a role to the account of a phone, which is made when there is none; its one-time password, if it is new.

    Whoever has linked accounts gets the role with the one that is left, but an administrator's is the organization's.
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
    if new.office is not None and new.role != Role.SECRETARIAT:
        raise Invalid("科室只用于机关工作人员。", code="bad_office")
    unit_id = _unit(db, place, new.unit) if new.unit else None
    office_id = office_named(db, place, new.office) if new.office else None
    found = account_for(db.connection(), place, e164(new.phone), new.role)
    if found is not None and found.name != new.name:
        raise Conflict("这个手机号码已登记在另一人名下。", code="phone_taken")
    password = None if found else one_time_password()
    if found is None:
        made = create_bare_account(
            db, phone=new.phone, name=new.name, organization_id=place, password=password
        )
        account_id = id_of(made)
    else:
        account_id = found.id
    if new.sector:
        _seat(db, place, new, new.sector)
    else:
        grant_role(db, account_id, Grant(place, new.role, unit_id=unit_id, office_id=office_id))
    return password


def account_for(conn: Connection, organization_id: int, phone: str, role: Role) -> Row[Any] | None:
    """The account of an E.164 phone that takes a role in an organization: its own, or the one that it was linked to.

    An administrator's role is taken by none but its own.
    """
    own = account_of(conn, organization_id, phone)
    if own is not None or role in SEPARATE:
        return own
    p = table(Person)
    linked = conn.scalar(
        select(p.c.account_id).where(p.c.organization_id == organization_id, p.c.phone == phone)
    )
    return None if linked is None else account(conn, linked)


def create_office(
    db: Session, name: str, areas: Collection[Area], committee: str | None, organization: str | None
) -> None:
    """A new office of an organization, on demand for one committee of its present term, by name."""
    place, c = id_of(organization_named(db, organization)), table(Committee)
    committee_id = None
    if committee is not None:
        present = present_term(db.connection(), place)
        own = select(c.c.id).where(c.c.term_id == present, c.c.name == committee)
        committee_id = db.scalar(own)
        if committee_id is None:
            raise NotFound(f"本届没有专委会“{committee}”。", code="no_committee")
    office = service.create(db, place, name, areas, committee_id)
    tell(db, "office.created", organization_id=place, subject=("office", office.id or 0), areas=office.areas)


def office_named(db: Session, place: int, name: str) -> int:
    """An office of an organization that is not closed; `NotFound` names those that there are."""
    o = table(Office)
    offices = select(o.c.name, o.c.id).where(o.c.organization_id == place, o.c.closed_at.is_(None))
    found: dict[str, int] = {row.name: row.id for row in db.execute(offices.order_by(o.c.id))}
    if name not in found:
        known = f"，已有：{'、'.join(found)}" if found else "，请先用 lvyi create-office 建立"
        raise NotFound(f"没有科室“{name}”{known}。", code="no_office")
    return found[name]


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
    create_seat(db, term, person, sector_id=int(sector))
