"""A small city for tests: an organization with sectors, committees, members and staff, each with a client."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from fastapi import FastAPI
from sqlalchemy import update
from sqlmodel import Session

from app.auth.actor import NOTICE_VERSION
from app.auth.areas import Area
from app.auth.models import Account, AccountRole, LoginSession
from app.auth.permissions import Role
from app.core import clock
from app.core.db import Database
from app.core.live import Stream
from app.core.sql import table
from app.people.duty_years import DutyYears
from app.people.models import Committee, Organization, Person, Post, Seat, SeatCommittee, Sector, Term, Unit
from app.people.models_offices import Office
from tests.support.client import Client

_serial = count(1)


SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


@dataclass
class Who:
    """Somebody with an account; `http` speaks to the app as them."""

    account_id: int
    name: str
    phone: str
    http: Client
    seat_id: int = 0
    session_id: int = 0

    def get(self, path: str, **kw: Any) -> Any:
        return self.http.get(path, **kw)

    def post(self, path: str, json: Any = None, **kw: Any) -> Any:
        return self.http.post(path, json=json, **kw)

    def put(self, path: str, json: Any = None, **kw: Any) -> Any:
        return self.http.put(path, json=json, **kw)

    def patch(self, path: str, json: Any = None, **kw: Any) -> Any:
        return self.http.patch(path, json=json, **kw)

    def delete(self, path: str, **kw: Any) -> Any:
        return self.http.delete(path, **kw)


@dataclass
class City:
    """An organization with two sectors and two committees in a running term."""

    app: FastAPI
    database: Database
    name: str = "政协云川市委员会"
    duty_year_starts: str = "01-01"
    organization_id: int = 0
    term_id: int = 0
    sectors: list[int] = field(default_factory=list)
    committees: list[int] = field(default_factory=list)
    units: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        today = clock.local_day(clock.now())
        with self.database.transaction() as db:
            organization = _add(
                db,
                Organization(
                    name=self.name,
                    level="city",
                    duty_years=DutyYears.starting(self.duty_year_starts),
                ),
            )
            self.organization_id = organization.id
            _add(db, Stream(organization_id=organization.id))
            term = _add(
                db,
                Term(
                    organization_id=organization.id,
                    ordinal=16,
                    name="第十六届",
                    starts_on=date(today.year - 3, 1, 1),
                    ends_on=date(today.year + 1, 12, 31),
                ),
            )
            self.term_id = term.id
            self.sectors = [
                _add(db, Sector(term_id=term.id, name=name, position=i)).id
                for i, name in enumerate(("经济界", "教育界"))
            ]
            self.committees = [
                _add(db, Committee(term_id=term.id, name=name, position=i)).id
                for i, name in enumerate(("提案委员会", "文化文史和学习委员会"))
            ]
            self.units = [_add(db, Unit(organization_id=organization.id, name="市教育局")).id]

    def _account(self, db: Session, name: str, phone: str | None = None) -> Any:
        number = next(_serial)
        return _add(
            db,
            Account(
                phone=phone or f"+8619{number:09d}",
                name=name,
                organization_id=self.organization_id,
                password_hash="!",
                password_changed_at=clock.now(),
                consent_version=NOTICE_VERSION,
                created_at=clock.now(),
            ),
        )

    def _grant(self, db: Session, account_id: int, role: Role, **more: Any) -> None:
        _add(db, AccountRole(account_id=account_id, organization_id=self.organization_id, role=role, **more))

    def log_in(self, who: Who) -> Who:
        """A new session, without a password, of somebody who has agreed to the privacy notice."""
        a = table(Account)
        with self.database.transaction() as db:
            mine = update(a).where(a.c.id == who.account_id, a.c.consent_version < NOTICE_VERSION)
            db.execute(mine.values(consent_version=NOTICE_VERSION))
            session = _add(
                db,
                LoginSession(
                    account_id=who.account_id,
                    organization_id=self.organization_id,
                    refresh_hash=sha256(str(next(_serial)).encode()).digest(),
                    created_at=clock.now(),
                    last_used_at=clock.now(),
                    expires_at=clock.now() + timedelta(days=400),
                ),
            )
        who.session_id = session.id
        who.http.headers["Authorization"] = f"Bearer {self.app.state.tokens.sign(who.account_id, session.id)}"
        return who

    def _client(self) -> Client:
        return Client(self.app)

    def member(
        self,
        name: str | None = None,
        *,
        sector: int = 0,
        committees: tuple[int, ...] = (0,),
        post: Post = Post.MEMBER,
        starts_on: date | None = None,
        ends_on: date | None = None,
    ) -> Who:
        """A member with a seat; sector and committees by their place in the city's lists."""
        number = next(_serial)
        name = name or SURNAMES[number % len(SURNAMES)] + "文"
        today = clock.local_day(clock.now())
        with self.database.transaction() as db:
            account = self._account(db, name)
            person = _add(
                db,
                Person(
                    organization_id=self.organization_id,
                    account_id=account.id,
                    name=name,
                    phone=account.phone,
                ),
            )
            seat = _add(
                db,
                Seat(
                    organization_id=self.organization_id,
                    term_id=self.term_id,
                    person_id=person.id,
                    sector_id=self.sectors[sector],
                    post=post,
                    starts_on=starts_on or date(today.year - 3, 1, 1),
                    ends_on=ends_on or date(today.year + 1, 12, 31),
                ),
            )
            for place in committees:
                _add(db, SeatCommittee(seat_id=seat.id, committee_id=self.committees[place]))
            self._grant(db, account.id, Role.MEMBER, seat_id=seat.id)
        return self.log_in(Who(account.id, name, account.phone, self._client(), seat_id=seat.id))

    def unit(self, name: str) -> int:
        """The place of a further handling unit in the city's list."""
        with self.database.transaction() as db:
            self.units.append(_add(db, Unit(organization_id=self.organization_id, name=name)).id)
        return len(self.units) - 1

    def office(self, name: str, *areas: Area, committee: int | None = None) -> int:
        """A new office with some areas, on demand for a committee by its place in the city's list."""
        committee_id = None if committee is None else self.committees[committee]
        with self.database.transaction() as db:
            made = Office(
                organization_id=self.organization_id, name=name, areas=list(areas), committee_id=committee_id
            )
            return int(_add(db, made).id)

    def staff(
        self,
        role: Role = Role.SECRETARIAT,
        name: str = "机关甲",
        *,
        unit: int = 0,
        office: int | None = None,
    ) -> Who:
        """Somebody with a role that has no seat; an officer of a unit by its place in the city's list."""
        with self.database.transaction() as db:
            account = self._account(db, name)
            of_unit = {"unit_id": self.units[unit]} if role == Role.UNIT_OFFICER else {}
            self._grant(db, account.id, role, office_id=office, **of_unit)
        return self.log_in(Who(account.id, name, account.phone, self._client()))

    def anonymous(self) -> Client:
        """A client that is not logged in."""
        return self._client()


def _add(db: Session, row: Any) -> Any:
    db.add(row)
    db.flush()
    return row
