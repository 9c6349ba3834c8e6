"""Import of a roster: all rows are checked and all faults reported before anything is written; again and again.

It is written some rows at a time, so that members can write meanwhile. Whoever is killed imports the roster again,
which goes on with the rows that are missing. A member is known by the phone number, or by the member number when the
phone has changed. What the workbook leaves open stays as it is; members whom it does not name are left alone.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlmodel import Session

from app.auth.models import Account
from app.auth.passwords.hashing import hash_password, one_time_password
from app.auth.phones import national
from app.auth.watch import tell
from app.core.db import Database
from app.core.excel.reader import Source
from app.core.excel.report import ImportReport, Progress
from app.core.jobs.short_transactions import parts, write
from app.core.sql import advisory_lock
from app.people.models import Organization, Person, Post, Seat
from app.people.roster.passwords_file import refuse_existing, written
from app.people.roster.plan import RosterPlan, RosterStep, organization_named
from app.people.roster.report import missing, names_changed, understood
from app.people.roster.sheet import RosterEntry, read_roster, template
from app.people.service import (
    change_person,
    change_seat,
    create_committee,
    create_person,
    create_seat,
    create_sector,
    id_of,
    sit_in,
)

__all__ = ["import_roster", "template"]

_PASSWORD_HEAD = ("姓名", "界别", "手机号码", "初始密码", "说明")
_HASHERS = 2  # as many as `hash_password` lets run at once
#: What a roster corrects about a person that is there.
_CORRECTED = {"phone": "手机号码", "gender": "性别", "born_on": "出生日期"}
#: Rows of one transaction: each takes some ten statements.
CHUNK = 2


def import_roster(
    database: Database,
    path: Source,
    organization: str | int | None = None,
    *,
    create_groups: bool = False,
    check: bool = False,
    passwords: Path | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> ImportReport:
    """Import the roster of one organization (by name; it may be left out when there is only one), or only `check` it.

    Everybody gets an account; with `passwords` those who have none get a one-time password, written to that new
    workbook (`.xlsx` or `.csv`). Raises `UnreadableWorkbookError` when the file is no readable roster.
    """
    report = ImportReport(checked=check)
    progress("读取名册", 0, 1)
    entries = read_roster(path, report)
    progress("读取名册", 1, 1)
    refuse_existing(passwords)
    with database.read.connect() as conn, Session(conn) as db:
        plan = RosterPlan(db, organization_named(db, organization), create_groups, entries)
        report.understood = [*report.understood, *understood(plan)] if check else []
        to_change = _counted(plan) if report.ok and check else Counter[str]()
    if not report.ok:
        return report
    without_password = plan.without_password() if passwords else []
    if check:
        groups = {what: [name for _, name in keys] for what, keys in plan.new_groups().items()}
        _fill(report, plan, to_change, len(without_password), groups)
        return report
    secrets = _one_time_passwords(without_password, progress)
    hashes = {phone: hashed for phone, (_, hashed) in secrets.items()}
    done = _Done()
    rows = _password_rows(secrets, entries)
    with written(passwords, _PASSWORD_HEAD, rows, lambda: bool(done.rows)):
        for some in parts(entries, CHUNK):
            more = write(database, partial(_write, plan=plan, some=some, hashes=hashes))
            if more is None:
                report.written = done.rows
                return report
            done.add(more)
            progress("写入", done.rows, len(entries))
    _fill(report, plan, done.counts, len(hashes), done.groups)
    return report


def _counted(plan: RosterPlan) -> Counter[str]:
    """How many rows would add a seat, change one or leave it as it is."""
    return Counter(
        "新增" if step.seat is None else "更新" if plan.changes(step, step.seat) else "不变"
        for step in plan.steps
    )


def _fill(
    report: ImportReport, plan: RosterPlan, counts: Counter[str], passwords: int, groups: dict[str, list[str]]
) -> None:
    """Put what was done, or would be done, into the report."""
    report.counts = {name: counts[name] for name in ("新增", "更新", "不变")} | {"发放初始密码": passwords}
    create = "将新建" if report.checked else "新建"
    report.notes += [
        f"{create}{what} {len(names)} 个：{'、'.join(names)}。" for what, names in groups.items() if names
    ]
    report.notes += names_changed(plan) + missing(plan)


@dataclass
class _Done:
    """What was written so far: rows by what became of them, new groups by their names."""

    counts: Counter[str] = field(default_factory=Counter)
    groups: dict[str, list[str]] = field(default_factory=lambda: {"界别": [], "专委会": []})

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.counts.total()

    def add(self, more: "_Done") -> None:
        """Count what one more transaction wrote."""
        self.counts += more.counts
        for what, names in more.groups.items():
            self.groups[what] += names


def _write(
    db: Session, plan: RosterPlan, some: Sequence[RosterEntry], hashes: dict[str, str]
) -> _Done | None:
    """Write some rows; None, and faults in the report, where they do not fit any more what others wrote meanwhile."""
    organization_id = id_of(plan.organization)
    advisory_lock(db.connection(), f"roster:{organization_id}")
    place = db.get_one(Organization, organization_id)
    now = RosterPlan(db, place, plan.create_groups, plan.entries, some)
    if any(entry.row.table.faults for entry in some):
        return None
    writer = _Writer(now, hashes)
    writer.run()
    return writer.done


@dataclass
class _Writer:
    """Writes a plan without faults; `hashes` of one-time passwords by phone."""

    plan: RosterPlan
    hashes: dict[str, str]
    done: _Done = field(default_factory=_Done)

    def run(self) -> None:
        """Write every step; count and name what was done."""
        if self.plan.create_groups:
            self._create_groups()
        for step in self.plan.steps:
            if step.seat is None:
                self._add(step)
                self.done.counts["新增"] += 1
            else:
                self.done.counts["更新" if self._change(step, step.seat) else "不变"] += 1

    def _create_groups(self) -> None:
        plan, new = self.plan, self.plan.new_groups()
        for key in new["界别"]:
            plan.sectors[key] = id_of(create_sector(plan.db, *key, position=len(plan.sectors)))
        for key in new["专委会"]:
            plan.committees[key] = id_of(create_committee(plan.db, *key, position=len(plan.committees)))
        for what, keys in new.items():
            self.done.groups[what] += [name for _, name in keys]

    def _add(self, step: RosterStep) -> None:
        entry = step.entry
        if step.person is None:
            person = create_person(
                self.plan.db,
                entry.name,
                entry.phone,
                organization_id=step.term.organization_id,
                gender=entry.gender,
                born_on=entry.born_on,
                password_hash=self.hashes.get(entry.phone, ""),
            )
        else:
            person = step.person
            change_person(
                self.plan.db, person, **entry.about_person, password_hash=self.hashes.get(entry.phone)
            )
        create_seat(
            self.plan.db,
            step.term,
            person,
            sector_id=self.plan.sectors[id_of(step.term), entry.sector],
            committees=self.plan.committees_of(step),
            post=entry.post or Post.MEMBER,
            number=entry.number,
            employer=entry.employer,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
        )

    def _change(self, step: RosterStep, seat: Seat) -> bool:
        db, changes = self.plan.db, self.plan.changes(step, seat)
        if changes.committees is not None:
            sit_in(db, id_of(seat), changes.committees)
        if changes.seat or changes.committees is not None:
            change_seat(db, seat, **changes.seat)
        person = self.plan.people_by_id[seat.person_id]
        change_person(db, person, **changes.person, password_hash=self.hashes.get(step.entry.phone))
        if changes.person:
            self._tell(person, seat, changes.person)
        return bool(changes)

    def _tell(self, person: Person, seat: Seat, changes: Collection[str]) -> None:
        """As when staff correct one person: the audit log hears of it, and whose login moves to another phone."""
        db, here = self.plan.db, person.organization_id
        fields = "、".join(_CORRECTED[name] for name in changes)
        tell(db, "person.corrected", organization_id=here, subject=("seat", id_of(seat)), fields=fields)
        account = db.get(Account, person.account_id) if person.account_id else None
        if "phone" in changes and account is not None and account.organization_id == here:
            tell(db, "account.phone_changed", organization_id=here, subject=("account", id_of(account)))


def _one_time_passwords(phones: list[str], progress: Progress) -> dict[str, tuple[str, str]]:
    """A one-time password and its hash for each phone."""
    if not phones:
        return {}
    plain = [one_time_password() for _ in phones]
    hashes = []
    with ThreadPoolExecutor(_HASHERS) as pool:
        for done, hashed in enumerate(pool.map(hash_password, plain), 1):
            hashes.append(hashed)
            progress("生成初始密码", done, len(phones))
    return dict(zip(phones, zip(plain, hashes, strict=True), strict=True))


def _password_rows(secrets: dict[str, tuple[str, str]], entries: list[RosterEntry]) -> list[tuple[str, ...]]:
    by_phone = {entry.phone: entry for entry in entries}
    return [
        (by_phone[p].name, by_phone[p].sector, national(p), plain, "首次登录须修改")
        for p, (plain, _) in secrets.items()
    ]
