"""Import of a roster: all rows are checked, all faults reported, and all is written or nothing; again and again.

A member is known by the phone number, or by the member number when the phone has changed. What the workbook
leaves open stays as it is; members whom it does not name are left alone.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.auth.passwords import hash_password, one_time_password
from app.auth.phones import national
from app.core.db import Database
from app.core.import_report import Progress, Report
from app.people.models import Post, Seat
from app.people.passwords_file import refuse_existing, written
from app.people.roster_plan import Plan, Step, organization_named
from app.people.roster_sheet import Entry, read_roster, template
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


def import_roster(
    database: Database,
    path: Path,
    organization: str | None = None,
    *,
    create_groups: bool = False,
    passwords: Path | None = None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Report:
    """Import the roster of one organization (by name; it may be left out when there is only one).

    Everybody gets an account; with `passwords` those who have none get a one-time password, written to that new
    workbook (`.xlsx` or `.csv`). Raises `UnreadableWorkbookError` when the file is no readable roster.
    """
    report = Report()
    progress("读取名册", 0, 1)
    entries = read_roster(path, report)
    progress("读取名册", 1, 1)
    refuse_existing(passwords)
    with database.read.connect() as conn, Session(conn) as db:
        plan = Plan(db, organization_named(db, organization), create_groups, entries)
    if not report.ok:
        return report
    secrets = _one_time_passwords(plan.without_password() if passwords else [], progress)
    rows = _password_rows(secrets, entries)
    with written(passwords, _PASSWORD_HEAD, rows, report), database.transaction() as db:
        # planned once more where nobody can write meanwhile
        plan = Plan(db, organization_named(db, organization), create_groups, entries)
        if report.ok:
            _Writer(plan, {phone: hashed for phone, (_, hashed) in secrets.items()}, report).run(progress)
    return report


@dataclass
class _Writer:
    """Writes a plan without faults; `hashes` of one-time passwords by phone."""

    plan: Plan
    hashes: dict[str, str]
    report: Report

    def run(self, progress: Progress) -> None:
        """Write every step; count and name what was done."""
        if self.plan.create_groups:
            self._create_groups()
        added = changed = 0
        total = len(self.plan.steps)
        for done, step in enumerate(self.plan.steps, 1):
            if step.seat is None:
                self._add(step)
                added += 1
            else:
                changed += self._change(step, step.seat)
            if done % 20 == 0 or done == total:
                progress("写入", done, total)
        self.report.counts = {"新增": added, "更新": changed, "不变": total - added - changed}
        self.report.counts["发放初始密码"] = len(self.hashes)
        self._say_who_is_missing()

    def _create_groups(self) -> None:
        new: dict[str, list[str]] = {"界别": [], "专委会": []}
        for step in self.plan.steps:
            term_id = id_of(step.term)
            if (key := (term_id, step.entry.sector)) not in self.plan.sectors:
                self.plan.sectors[key] = id_of(
                    create_sector(self.plan.db, *key, position=len(self.plan.sectors))
                )
                new["界别"].append(key[1])
            for name in step.entry.committees or ():
                if (key := (term_id, name)) not in self.plan.committees:
                    self.plan.committees[key] = id_of(
                        create_committee(self.plan.db, *key, position=len(self.plan.committees))
                    )
                    new["专委会"].append(name)
        self.report.notes += [
            f"新建{what} {len(names)} 个：{'、'.join(names)}。" for what, names in new.items() if names
        ]

    def _committees(self, step: Step) -> set[int]:
        return {self.plan.committees[id_of(step.term), name] for name in step.entry.committees or ()}

    def _add(self, step: Step) -> None:
        entry = step.entry
        if step.person is None:
            person = create_person(
                self.plan.db,
                entry.name,
                entry.phone,
                organization_id=step.term.organization_id,
                gender=entry.gender,
                born_on=entry.born_on,
                employer=entry.employer,
                password_hash=self.hashes.get(entry.phone, ""),
            )
        else:
            person = step.person
            change_person(self.plan.db, person, **_said(entry), password_hash=self.hashes.get(entry.phone))
        create_seat(
            self.plan.db,
            step.term,
            person,
            self.plan.sectors[id_of(step.term), entry.sector],
            committees=self._committees(step),
            post=entry.post or Post.MEMBER,
            number=entry.number,
            starts_on=entry.starts_on,
            ends_on=entry.ends_on,
        )

    def _change(self, step: Step, seat: Seat) -> bool:
        entry, person = step.entry, self.plan.people_by_id[seat.person_id]
        wanted: dict[str, Any] = {
            "sector_id": self.plan.sectors[id_of(step.term), entry.sector],
            "post": entry.post,
            "number": entry.number,
            "starts_on": entry.starts_on,
            "ends_on": step.term.ends_on if entry.still else entry.ends_on,
        }
        changes = {k: v for k, v in wanted.items() if v is not None and v != getattr(seat, k)}
        if changes:
            change_seat(self.plan.db, seat, **changes)
        moved = entry.committees is not None and self._committees(step) != self.plan.sits[id_of(seat)]
        if moved:
            sit_in(self.plan.db, id_of(seat), self._committees(step))
            change_seat(self.plan.db, seat)
        told = change_person(
            self.plan.db,
            person,
            phone=entry.phone,
            **_said(entry),
            password_hash=self.hashes.get(entry.phone),
        )
        return bool(changes) or moved or told

    def _say_who_is_missing(self) -> None:
        named = {id_of(step.seat) for step in self.plan.steps if step.seat}
        terms = {step.term.id for step in self.plan.steps}
        missing = [
            self.plan.people_by_id[s.person_id].name
            for s in self.plan.seats
            if s.term_id in terms and s.id not in named
        ]
        if missing:
            names = "、".join(missing[:10]) + ("等" if len(missing) > 10 else "")  # noqa: PLR2004 - enough to see
            self.report.notes.append(f"系统中另有 {len(missing)} 名委员不在这份名册里，未作更改：{names}。")


def _said(entry: Entry) -> dict[str, Any]:
    said = {"gender": entry.gender, "born_on": entry.born_on, "employer": entry.employer}
    return {k: v for k, v in said.items() if v is not None}


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


def _password_rows(secrets: dict[str, tuple[str, str]], entries: list[Entry]) -> list[tuple[str, ...]]:
    by_phone = {entry.phone: entry for entry in entries}
    return [
        (by_phone[p].name, by_phone[p].sector, national(p), plain, "首次登录须修改")
        for p, (plain, _) in secrets.items()
    ]
