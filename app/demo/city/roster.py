"""The organization and its people: term, sectors, committees, accounts, seats, units, staff."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from app.auth.actor import NOTICE_VERSION
from app.auth.areas import Area
from app.auth.models import Account, AccountRole
from app.auth.passwords.hashing import hash_password, one_time_password
from app.auth.permissions import ROLE_LABELS, Role
from app.auth.phones import national
from app.core.live import Stream
from app.demo.city.plan import (
    COMMITTEES,
    ORDINAL,
    ORGANIZATION,
    ORGANIZATION_ID,
    SECTORS,
    SHOWN_UNIT,
    TERM_ID,
    UNITS,
)
from app.demo.city.rhythm import local_date, start_of, utc
from app.demo.city.world import World
from app.demo.language.names import person_name
from app.people.models import (
    Committee,
    Level,
    Organization,
    Person,
    Post,
    Seat,
    SeatCommittee,
    SeatEnd,
    Sector,
    Term,
    Unit,
)
from app.people.models_offices import Office
from app.people.service import numeral
from app.privacy.models import Consent

_LEADERS = {Post.CHAIR, Post.VICE_CHAIR}
_STAFF = (
    (Role.SECRETARIAT, 6),
    (Role.SYSTEM_ADMIN, 1),
    (Role.SECURITY_ADMIN, 1),
    (Role.AUDITOR, 1),
    (Role.INFORMATION_OFFICER, 4),
)
#: Offices, each with one clerk: what it may do, the committee for which alone it acts, and whether it is shown.
_OFFICES: tuple[tuple[str, tuple[Area, ...], str | None, bool], ...] = (
    ("提案科", (Area.PROPOSALS, Area.FIRST_REVIEW), None, True),
    ("信息科", (Area.INFORMATION,), None, False),
    ("联络科", (Area.LIAISON,), None, False),
    (f"{COMMITTEES[0]}办公室", (Area.COMMITTEES,), COMMITTEES[0], True),
)


@dataclass(frozen=True)
class DemoLogin:
    """Somebody who can log in to the demo city; all others of its people have no password."""

    name: str
    role: str
    phone: str
    password: str


class _Accounts:
    """Writes accounts; nobody can log in to those without a password."""

    def __init__(self, world: World) -> None:
        self._since = utc(start_of(world.rhythm.first_day, 9))
        self._id = world.rows.ids(Account)
        self._account = world.rows.into(
            Account,
            "id phone name organization_id password_hash password_changed_at consent_version created_at",
        )
        self._consent_id = world.rows.ids(Consent)
        self._consent = world.rows.into(Consent, "id account_id organization_id version agreed_at")
        self._role_id = world.rows.ids(AccountRole)
        self._role = world.rows.into(
            AccountRole, "id account_id organization_id role seat_id unit_id office_id ends_on"
        )

    def open(self, name: str, password: str | None = None) -> tuple[int, str]:
        """An account without a role; its id and phone."""
        account_id = self._id()
        phone = f"+86199{account_id:08d}"  # 199 0000 xxxx: numbers that no operator gives out
        hashed = hash_password(password) if password else ""
        self._account(
            (account_id, phone, name, ORGANIZATION_ID, hashed, self._since, NOTICE_VERSION, self._since)
        )
        self._consent((self._consent_id(), account_id, ORGANIZATION_ID, NOTICE_VERSION, self._since))
        return account_id, phone

    def grant(
        self,
        account_id: int,
        role: Role,
        *,
        seat: int | None = None,
        unit: int | None = None,
        office: int | None = None,
        last_day: int | None = None,
    ) -> None:
        """One role of an account, until its last day if it has one."""
        ends_on = None if last_day is None else local_date(start_of(last_day))
        self._role((self._role_id(), account_id, ORGANIZATION_ID, role.value, seat, unit, office, ends_on))


def fill(world: World) -> list[DemoLogin]:
    """Write organization and people; who is shown, the host first."""
    _organization(world)
    accounts, rng = _Accounts(world), Random(f"{world.seed}:staff")
    shown = [*_members(world, accounts), *_staff(world, accounts, rng)]
    officers = list(_officers(world, accounts, rng))
    return [*shown, *_offices(world, accounts), *officers]


def _organization(world: World) -> None:
    rows, rhythm = world.rows, world.rhythm
    rows.into(Organization, "id name level settings")((ORGANIZATION_ID, ORGANIZATION, Level.CITY.value, {}))
    rows.into(Stream, "organization_id")((ORGANIZATION_ID,))
    first, last = (local_date(start_of(day)) for day in (rhythm.first_day, rhythm.last_day))
    rows.into(Term, "id organization_id ordinal name starts_on ends_on")(
        (TERM_ID, ORGANIZATION_ID, ORDINAL, f"第{numeral(ORDINAL)}届", first, last)
    )
    for model, names in ((Sector, SECTORS), (Committee, COMMITTEES)):
        add = rows.into(model, "id term_id name position")
        for n, name in enumerate(names, 1):
            add((n, TERM_ID, name, n))
        for _ in names:
            rows.ids(model)()
    rows.ids(Organization), rows.ids(Term)


def _end(n: int, last: date) -> tuple[str, str]:
    """How a seat ended within the term, and the paper that says so."""
    kind = SeatEnd.TRANSFERRED if n % 2 else SeatEnd.RESIGNED
    return kind.value, f"云政协发〔{last.year}〕{n % 40 + 1}号"


def _members(world: World, accounts: _Accounts) -> Iterator[DemoLogin]:
    rows = world.rows
    person = rows.into(Person, "id organization_id account_id name phone gender born_on")
    seat = rows.into(
        Seat,
        "id organization_id term_id person_id sector_id post number employer starts_on ends_on end_kind end_paper figures_version",
    )
    sits = rows.into(SeatCommittee, "seat_id committee_id")
    seat_id, person_id = rows.ids(Seat), rows.ids(Person)
    leader = _leader(world)
    shown = {
        world.host: "委员",
        world.newcomer: "新任委员",
        leader: f"{ROLE_LABELS[Role.LEADER]}（督办重点提案）",
    }
    logins: dict[int, DemoLogin] = {}
    for at, who in enumerate(world.seats):
        n = seat_id()
        leads = who.post in _LEADERS
        password = one_time_password() if at in shown else None
        account_id, phone = accounts.open(who.name, password)
        accounts.grant(account_id, Role.MEMBER, seat=n, last_day=who.last_day)
        if leads:
            accounts.grant(account_id, Role.LEADER)
            world.leaders.append(account_id)
            world.leader = account_id if at == leader else world.leader
        born, first, last = (local_date(start_of(day)) for day in (who.born, who.first_day, who.last_day))
        person((person_id(), ORGANIZATION_ID, account_id, who.name, phone, who.gender, born))
        number = f"{ORDINAL}{n:04d}"
        post = who.post.value
        end = _end(n, last) if who.last_day < world.rhythm.last_day else (None, None)
        of_term = (n, ORGANIZATION_ID, TERM_ID, n, who.sector + 1, post, number, who.employer)
        seat((*of_term, first, last, *end, 1))
        for committee in who.committees:
            sits((n, committee + 1))
        if password:
            logins[at] = DemoLogin(who.name, shown[at], national(phone), password)
        rows.step()
    yield from (logins[at] for at in shown)


def _leader(world: World) -> int:
    """The most active vice chair."""
    vice = [n for n, who in enumerate(world.seats) if who.post is Post.VICE_CHAIR]
    return max(vice, key=lambda n: world.seats[n].energy)


def _staff(world: World, accounts: _Accounts, rng: Random) -> Iterator[DemoLogin]:
    for role, how_many in _STAFF:
        for n in range(how_many):
            name = person_name(rng, rng.choice("男女"))
            password = one_time_password() if n == 0 else None
            account_id, phone = accounts.open(name, password)
            accounts.grant(account_id, role)
            if role is Role.SECRETARIAT:
                world.staff.append(account_id)
            if role is Role.INFORMATION_OFFICER:
                world.informants.append(account_id)
            if password:
                yield DemoLogin(name, ROLE_LABELS[role], national(phone), password)


def _offices(world: World, accounts: _Accounts) -> Iterator[DemoLogin]:
    office, rng = (
        world.rows.into(Office, "id organization_id name areas committee_id"),
        Random(f"{world.seed}:offices"),
    )
    for n, (name, areas, committee, is_shown) in enumerate(_OFFICES, 1):
        committee_id = COMMITTEES.index(committee) + 1 if committee else None
        office((n, ORGANIZATION_ID, name, [area.value for area in areas], committee_id))
        clerk, password = person_name(rng, rng.choice("男女")), one_time_password() if is_shown else None
        account_id, phone = accounts.open(clerk, password)
        accounts.grant(account_id, Role.SECRETARIAT, office=n)
        if password:
            yield DemoLogin(clerk, f"{ROLE_LABELS[Role.SECRETARIAT]}（{name}）", national(phone), password)


def _officers(world: World, accounts: _Accounts, rng: Random) -> Iterator[DemoLogin]:
    unit, unit_id = world.rows.into(Unit, "id organization_id name kind"), world.rows.ids(Unit)
    for name in UNITS:
        n = unit_id()
        unit((n, ORGANIZATION_ID, name, "party" if name.startswith("市委") else "government"))
        officer = person_name(rng, rng.choice("男女"))
        password = one_time_password() if name == SHOWN_UNIT else None
        account_id, phone = accounts.open(officer, password)
        accounts.grant(account_id, Role.UNIT_OFFICER, unit=n)
        world.officers[n] = account_id
        if password:
            role = f"{ROLE_LABELS[Role.UNIT_OFFICER]}（{name}）"
            yield DemoLogin(officer, role, national(phone), password)
