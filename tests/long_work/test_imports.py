"""Imports are written some rows at a time: killed in the middle, run twice at once, overtaken by others."""

import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, update
from sqlmodel import Session

from app.activities.attendance import imports as attendance
from app.activities.attendance.imports import import_attendance
from app.auth.models import Account
from app.auth.passwords.hashing import is_right
from app.core import clock
from app.core.db import Database
from app.core.excel.report import ImportReport
from app.core.jobs import short_transactions
from app.core.sql import table
from app.duty import recount
from app.duty.imports import service as duty
from app.duty.imports.service import import_duty
from app.duty.models import DutyRecord
from app.people.models import Organization, Person, Seat
from app.people.roster import imports
from app.people.roster.imports import import_roster
from app.people.service import create_person
from tests.factories.city import City
from tests.factories.workbooks.rosters import passwords_in, row
from tests.factories.workbooks.rosters import roster as roster_file
from tests.support.loaded import python
from tests.support.servers import environment

ROOT = Path(__file__).parents[2]
_s, _p, _a, _r = table(Seat), table(Person), table(Account), table(DutyRecord)

#: Runs an import in parts of two rows, and hangs in the third part after its rows were written.
KILLED = """
import sys, time
from pathlib import Path
from app.activities.attendance import imports as attendance
from app.core.jobs import short_transactions as parts
from app.core.db import Database
from app.duty.imports import service as duty
from app.main import load_routers
from app.people.roster import imports as roster

load_routers()
what, url, file = sys.argv[1:4]
modules = {"roster": roster, "duty": duty, "attendance": attendance}
module, calls = modules[what], []
module.CHUNK = 2
write = module.write

def hangs(database, work):
    def then(db):
        done = work(db)
        calls.append(1)
        if len(calls) == 3:
            print("in the middle", flush=True)
            time.sleep(60)
        return done
    return write(database, then)

module.write = hangs
more = {"passwords": Path(sys.argv[4])} if len(sys.argv) > 4 else {}
getattr(module, f"import_{what}")(Database.connect(url), Path(file), **more)
"""


def kill(config, what: str, file: Path, *more: Path) -> None:
    env = environment(config) | {"PYTHONPATH": str(ROOT)}
    command = python(KILLED, what, config.database_url, str(file), *map(str, more))
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env=env) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"in the middle\n"
        running.send_signal(signal.SIGKILL)


def names(database: Database) -> Counter[str]:
    with database.read.connect() as conn:
        return Counter(conn.scalars(select(_p.c.name).join(_s, _s.c.person_id == _p.c.id)))


def rows() -> list[list]:
    return [row(n, 姓名="王" + "一二三四五六七八九"[n]) for n in range(9)]


def workbook(path: Path, lines: list[list[Any]]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for line in lines:
        sheet.append(line)
    book.save(path)
    return path


def test_a_killed_roster_goes_on_and_every_password_works(city: City, database: Database, config, tmp_path):
    file = roster_file(tmp_path / "a.xlsx", rows())
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    kill(config, "roster", file, first)
    assert sum(names(database).values()) == 4  # whole rows of whole transactions, nothing of the one at hand
    again = import_roster(database, file, passwords=second)
    assert again.lines()[0] == "导入完成：新增 5，更新 0，不变 4，发放初始密码 5。"
    assert set(names(database).values()) == {1}
    assert len(names(database)) == 9
    # the file that was written before is still there: who was imported from it can log in
    given = passwords_in(second)
    given |= {name: it for name, it in passwords_in(first).items() if name not in given}
    with database.read.connect() as conn:
        hashes = dict(conn.execute(select(_a.c.name, _a.c.password_hash)).all())
    assert all(is_right(hashes[name], password) for name, (_, password) in given.items() if name != "姓名")
    assert len(given) >= 9
    assert import_roster(database, file).counts["不变"] == 9


def duty_file(city: City, path: Path) -> Path:
    members = [city.member("周" + n) for n in "一二三四五六七"]
    day = date(clock.local_day(clock.now()).year - 1, 5, 6)
    lines = [[m.name, "服务群众", "入户走访", day] for m in members]
    return workbook(path, [["姓名", "类别", "事项名称", "日期"], *lines])


def attendance_file(city: City, path: Path) -> Path:
    members = [city.member("吴" + n) for n in "一二三四五六七"]
    head: list[list[Any]] = [
        ["姓名", "全体会议"],
        ["日期", f"{clock.local_day(clock.now()).year - 1}-05-06"],
        ["类别", "全体会议"],
        ["半天数", 2],
    ]
    return workbook(path, [*head, *([m.name, "√"] for m in members)])


@pytest.mark.parametrize(
    ("what", "made", "run", "label"),
    [
        ("duty", duty_file, import_duty, "新增"),
        ("attendance", attendance_file, import_attendance, "新增人次"),
    ],
)
def test_a_killed_import_goes_on_where_it_was(
    city: City, database: Database, config, tmp_path, what: str, made: Callable, run: Callable, label: str
):
    file = made(city, tmp_path / "a.xlsx")
    kill(config, what, file)
    with database.read.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(_r)) == 4
        assert recount.run(conn) == []  # what is there is whole
    assert run(database, file, check=True).counts[label] == 3
    again = run(database, file)
    assert (again.counts[label], again.counts["不变"]) == (3, 4)
    assert run(database, file).counts["不变"] == 7
    with database.read.connect() as conn:
        assert Counter(conn.scalars(select(_r.c.seat_id))).most_common(1)[0][1] == 1
        assert conn.scalar(select(func.count()).select_from(_r)) == 7
        assert recount.run(conn) == []


@pytest.mark.parametrize("what", ["roster", "duty", "attendance"])
def test_two_at_once_end_well_and_write_each_row_once(
    city: City, database: Database, database_url, tmp_path, what: str, monkeypatch
):
    for module in (imports, duty, attendance):
        monkeypatch.setattr(module, "CHUNK", 2)
    made = {
        "roster": lambda _, path: roster_file(path, rows()),
        "duty": duty_file,
        "attendance": attendance_file,
    }
    run: Any = {"roster": import_roster, "duty": import_duty, "attendance": import_attendance}[what]
    file, other = made[what](city, tmp_path / "a.xlsx"), Database.connect(database_url, pool=2)
    with ThreadPoolExecutor(2) as pool:
        both: list[ImportReport] = list(pool.map(lambda its: run(its, file), (database, other)))
    other.dispose()
    assert all(report.ok for report in both), [report.lines() for report in both]
    new = "新增人次" if what == "attendance" else "新增"
    assert sum(report.counts[new] for report in both) == (9 if what == "roster" else 7)
    with database.read.connect() as conn:
        per_seat = Counter(conn.scalars(select(_r.c.seat_id)))
        assert recount.run(conn) == []
    assert set(per_seat.values()) <= {1}
    assert set(names(database).values()) == {1}


def test_a_roster_that_others_overtake_says_how_far_it_came(
    city: City, database: Database, tmp_path, monkeypatch
):
    monkeypatch.setattr(imports, "CHUNK", 2)
    file, calls, write = roster_file(tmp_path / "a.xlsx", rows()), [], short_transactions.write

    def overtaken(database: Database, work: Callable[[Session], object]) -> object:
        calls.append(1)
        if len(calls) == 3:
            with database.transaction() as db:
                create_person(db, "李某", f"+86138{4:08d}", organization_id=city.organization_id)
        return write(database, work)

    monkeypatch.setattr(imports, "write", overtaken)
    report = import_roster(database, file, passwords=tmp_path / "p.xlsx")
    assert report.lines()[0] == (
        "共 1 处错误，已导入 4 行，其余没有导入；改正后再导入一次即可，已导入的不会重复："
    )
    assert "号码已登记在李某名下" in report.lines()[1]
    assert sum(names(database).values()) == 4
    assert (tmp_path / "p.xlsx").exists()  # four of its passwords are valid
    with database.transaction() as db:
        db.execute(update(_p).where(_p.c.name == "李某").values(name="王五"))
        db.execute(update(_a).where(_a.c.name == "李某").values(name="王五"))
    monkeypatch.setattr(imports, "write", write)
    assert import_roster(database, file).counts == {"新增": 5, "更新": 0, "不变": 4, "发放初始密码": 0}


def test_a_check_writes_nothing(city: City, database: Database, tmp_path, monkeypatch):
    """Nor does it hold anybody up: it has no writing transaction at all."""
    file = attendance_file(city, tmp_path / "a.xlsx")
    monkeypatch.setattr(Database, "transaction", None)
    assert import_attendance(database, file, check=True).counts["新增人次"] == 7
    assert import_duty(database, workbook(tmp_path / "b.xlsx", [["姓名", "类别", "事项名称", "日期"], ["吴一", "服务群众", "走访", date(2025, 5, 6)]]), check=True).counts["新增"] == 1  # fmt: skip


def test_new_groups_are_made_once_by_whichever_part_names_them_first(
    city: City, database: Database, tmp_path, monkeypatch
):
    monkeypatch.setattr(imports, "CHUNK", 2)
    lines = rows()
    for n, line in enumerate(lines):
        line[5] = "科技界" if n % 2 else "农业界"
    report = import_roster(database, roster_file(tmp_path / "a.xlsx", lines), create_groups=True)
    assert report.lines()[:2] == [
        "导入完成：新增 9，更新 0，不变 0，发放初始密码 0。",
        "新建界别 2 个：农业界、科技界。",
    ]
    with database.read.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(table(Organization))) == 1
