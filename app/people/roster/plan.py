"""What a roster means for an organization: each entry matched with a person and a seat, or reported."""

import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from app.auth.models import Account
from app.core.excel.reader import UnreadableWorkbookError
from app.core.sql import table
from app.people import queries
from app.people.models import (
    END_LABELS,
    Committee,
    Organization,
    Person,
    Seat,
    SeatCommittee,
    SeatEnd,
    Sector,
    Term,
)
from app.people.roster.sheet import RosterEntry
from app.people.service import id_of


def organization_named(db: Session, name: str | int | None) -> Organization:
    """The organization of this name or id, or the only one there is; `UnreadableWorkbookError` says what is missing."""
    if isinstance(name, int):
        return db.get_one(Organization, name)
    found = list(db.scalars(select(Organization).order_by(table(Organization).c.id)))
    if name is not None:
        found = [o for o in found if o.name == name]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnreadableWorkbookError(f"没有名为“{name}”的政协组织。" if name else "还没有建立政协组织。")
    raise UnreadableWorkbookError(f"有多个政协组织，请指明：{'、'.join(o.name for o in found)}。")


_ENDING = re.compile("(界别|界|专门委员会|委员会|专委会|委)$")
#: Rows that make a group of the roster a common one, and how alike two names are that may be the same.
_COMMON, _ALMOST = 5, 0.6


@dataclass
class RosterStep:
    """What is to be done for one entry: a new seat, or changes of one."""

    entry: RosterEntry
    term: Term
    person: Person | None
    seat: Seat | None


@dataclass(frozen=True)
class Changes:
    """What an entry changes of a seat that is there: its columns, its person's, its committees where they differ."""

    seat: dict[str, Any]
    person: dict[str, Any]
    committees: set[int] | None

    def __bool__(self) -> bool:
        return bool(self.seat or self.person) or self.committees is not None


#: In place of the id of a group that the roster is to create.
_TO_CREATE = 0


@dataclass
class RosterPlan:
    """The entries matched with what is in the database; whatever does not fit becomes a fault.

    With `some` only these of the entries, and only what is in the database about them.
    """

    db: Session
    organization: Organization
    create_groups: bool
    entries: Sequence[RosterEntry]
    some: Sequence[RosterEntry] | None = None
    steps: list[RosterStep] = field(default_factory=list)

    def __post_init__(self) -> None:
        db, t = self.db, table(Term)
        organization_id = id_of(self.organization)
        terms = list(db.scalars(select(Term).where(t.c.organization_id == organization_id)))
        if not terms:
            raise UnreadableWorkbookError(f"{self.organization.name}还没有建立届次。")
        present = queries.present_term(db.connection(), organization_id)
        self.terms = {term.ordinal: term for term in terms}
        self.term = next(term for term in terms if term.id == present)
        ids = [id_of(term) for term in terms]
        self.sectors = {(g.term_id, g.name): id_of(g) for g in _of_terms(db, Sector, ids)}
        self.committees = {(g.term_id, g.name): id_of(g) for g in _of_terms(db, Committee, ids)}
        taken = self.entries if self.some is None else self.some
        self.seats = list(db.scalars(select(Seat).where(*self._meant_seats(organization_id, taken))))
        c = table(SeatCommittee)
        self.sits: dict[int, set[int]] = {id_of(seat): set() for seat in self.seats}
        for row in db.execute(select(c).where(c.c.seat_id.in_(self.sits))):
            self.sits[row.seat_id].add(row.committee_id)
        self.by_number = {(s.term_id, s.number): s for s in self.seats if s.number}
        self.by_person = {(s.term_id, s.person_id): s for s in self.seats}
        p, a, phones = table(Person), table(Account), {entry.phone for entry in taken}
        here = select(table(Seat).c.person_id).where(*self._meant_seats(organization_id, taken))
        of_place = p.c.organization_id == organization_id
        people = list(db.scalars(select(Person).where(of_place, p.c.phone.in_(phones) | p.c.id.in_(here))))
        self.people = {person.phone: person for person in people}
        self.people_by_id = {id_of(person): person for person in people}
        own = (a.c.organization_id == organization_id) & a.c.phone.in_(phones)
        linked = a.c.id.in_({person.account_id for person in people})
        accounts = db.execute(select(a).where(own | linked)).all()
        ours = [account for account in accounts if account.organization_id == organization_id]
        self.accounts = {account.phone: account for account in ours}
        # those that others opened are theirs to give passwords for
        self.has_password = {
            account.id for account in accounts if account.password_hash or account not in ours
        }
        self.numbers: dict[tuple[int, str], RosterEntry] = {}
        self.named = {
            "sector": Counter(entry.sector for entry in self.entries),
            "committees": Counter(name for entry in self.entries for name in entry.committees or ()),
        }
        for entry in taken:
            self._take(entry)

    def _meant_seats(
        self, organization_id: int, entries: Sequence[RosterEntry]
    ) -> Iterator[ColumnElement[bool]]:
        s, p = table(Seat), table(Person)
        yield s.c.organization_id == organization_id
        if self.some is not None:
            people = select(p.c.id).where(p.c.phone.in_({entry.phone for entry in entries}))
            numbers = {entry.number for entry in entries if entry.number}
            yield s.c.person_id.in_(people) | s.c.number.in_(numbers)

    def _take(self, entry: RosterEntry) -> None:
        term = self.terms.get(entry.term) if entry.term else self.term
        if term is None:
            known = "、".join(t.name for t in self.terms.values())
            entry.row.fault("term", f"系统中没有这一届，已有：{known}")
            return
        self._check_groups(entry, term)
        self._check_days(entry, term)
        if entry.number:
            first = self.numbers.setdefault((id_of(term), entry.number), entry)
            if first is not entry:
                entry.row.fault("number", f"与第 {first.row.number} 行重复")
        if entry.name and entry.phone:
            self._match(entry, term)

    def _check_groups(self, entry: RosterEntry, term: Term) -> None:
        named = [("sector", "界别", entry.sector, self.sectors)] if entry.sector else []
        named += [("committees", "专委会", name, self.committees) for name in entry.committees or ()]
        for column, what, name, groups in named:
            known = [known for term_id, known in groups if term_id == term.id]
            if name in known:
                continue
            if not self.create_groups:
                entry.row.fault(column, _unknown(what, name, known))
            elif meant := _meant(name, self.named[column], known):
                entry.row.fault(
                    column, f"{what}“{name}”只出现一次，是不是“{meant}”？确是另一个的，请先在系统中新建"
                )

    def _check_days(self, entry: RosterEntry, term: Term) -> None:
        if entry.starts_on and not term.starts_on <= entry.starts_on <= term.ends_on:
            entry.row.fault(
                "starts_on",
                f"不在{term.name}之内（{term.starts_on} 至 {term.ends_on}），连任的填本届起始日期",
            )
        if entry.ends_on and not term.starts_on <= entry.ends_on <= term.ends_on:
            entry.row.fault("ends_on", f"不在{term.name}之内（{term.starts_on} 至 {term.ends_on}）")
        elif entry.ends_on and entry.starts_on and entry.ends_on < entry.starts_on:
            entry.row.fault("ends_on", "早于任职起始")

    def _match(self, entry: RosterEntry, term: Term) -> None:
        person = self.people.get(entry.phone)
        account = self.accounts.get(entry.phone)
        holder = person.name if person else account.name if account else entry.name
        if holder != entry.name:
            entry.row.fault("phone", f"号码已登记在{holder}名下")
            return
        seat = self.by_person.get((id_of(term), id_of(person))) if person else None
        numbered = self.by_number.get((id_of(term), entry.number or ""))
        if numbered and numbered is not seat:
            owner = self.people_by_id[numbered.person_id]
            if person is not None or owner.name != entry.name:
                entry.row.fault("number", f"委员编号已属于{owner.name}")
                return
            person, seat = owner, numbered  # the phone has changed
        ends_on = term.ends_on if entry.still else entry.ends_on
        if seat is not None and seat.end_kind and ends_on not in {None, seat.ends_on}:
            how = END_LABELS[SeatEnd(seat.end_kind)]
            entry.row.fault("ends_on", f"已登记{seat.ends_on}离任（{how}），请先在系统中更正")
        self.steps.append(RosterStep(entry, term, person, seat))

    def changes(self, step: RosterStep, seat: Seat) -> Changes:
        """What of a seat and its person is different in the roster; what the roster leaves open stays."""
        entry, person = step.entry, self.people_by_id[seat.person_id]
        of_seat = {
            "sector_id": self.sectors.get((id_of(step.term), entry.sector), _TO_CREATE),
            "post": entry.post,
            "number": entry.number,
            "employer": entry.employer,
            "starts_on": entry.starts_on,
            "ends_on": step.term.ends_on if entry.still else entry.ends_on,
        }
        committees = None if entry.committees is None else self.committees_of(step)
        return Changes(
            _different(seat, of_seat),
            _different(person, {"phone": entry.phone, **entry.about_person}),
            None if committees == self.sits[id_of(seat)] else committees,
        )

    def committees_of(self, step: RosterStep) -> set[int]:
        """The committees of an entry."""
        names = step.entry.committees or ()
        return {self.committees.get((id_of(step.term), name), _TO_CREATE) for name in names}

    def new_groups(self) -> dict[str, list[tuple[int, str]]]:
        """Sectors and committees that are still to be created, by term and name, in the roster's order."""
        sectors = {(id_of(step.term), step.entry.sector): None for step in self.steps}
        committees = {
            (id_of(step.term), name): None for step in self.steps for name in step.entry.committees or ()
        }
        return {
            "界别": [key for key in sectors if key not in self.sectors],
            "专委会": [key for key in committees if key not in self.committees],
        }

    def without_password(self) -> list[str]:
        """The phones of those who have no password yet."""
        found = []
        for step in self.steps:
            account = self.accounts.get(step.entry.phone)
            account_id = step.person.account_id if step.person else account.id if account else None
            if account_id not in self.has_password:
                found.append(step.entry.phone)
        return found


def _of_terms(db: Session, model: Any, ids: Collection[int]) -> list[Any]:
    return list(db.scalars(select(model).where(table(model).c.term_id.in_(ids))))


def _different(row: Seat | Person, values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None and v != getattr(row, k)}


def _meant(name: str, named: Counter[str], known: Collection[str]) -> str | None:
    """The name that a single row probably means: one that exists or is common in the roster, and almost the same."""
    if named[name] > 1:
        return None
    stem = _ENDING.sub("", name)
    for other in (*known, *(common for common, rows in named.items() if rows >= _COMMON)):
        if difflib.SequenceMatcher(None, stem, _ENDING.sub("", other)).ratio() >= _ALMOST:
            return other
    return None


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, 1, 0.4)
    hint = f"，是不是“{near[0]}”？" if near else ""
    return f"没有{what}“{name}”{hint}（新增的可加 --create-groups）"
