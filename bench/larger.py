"""The demo city with further seats, and workbooks to import into it."""

import json
import shutil
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import select, update

from app.core import clock, outbox
from app.core.db import Database
from app.core.outbox import Job
from app.core.sql import table
from app.people.models import Person, Seat, Sector
from app.people.roster.imports import import_roster
from bench.loads.cities import City, city


def rosters(folder: Path, url: str, further: int) -> None:
    """A workbook of further members, and one each of acts and attendance of those who are there."""
    database = Database.connect(url, pool=1)
    with database.read.connect() as conn:
        sector = conn.scalar(select(table(Sector).c.name).order_by(table(Sector).c.id))
        s, p = table(Seat), table(Person)
        rows = conn.execute(
            select(p.c.name, p.c.phone)
            .join(s, s.c.person_id == p.c.id)
            .where(s.c.starts_on <= "2023-01-01", s.c.ends_on >= "2026-12-01")
            .limit(further)
        ).all()
    database.dispose()
    sheets = {
        "roster": [("姓名", "界别", "手机号码")]
        + [(f"王{_name(n)}", sector, f"139{n:08d}") for n in range(further)],
        "more": [("姓名", "界别", "手机号码")]
        + [(f"李{_name(n)}", sector, f"137{n:08d}") for n in range(further)],
        "duty": [("姓名", "手机号码", "类别", "事项名称", "日期")]
        + [(row.name, row.phone[3:], "服务群众", "入户走访", "2024-05-06") for row in rows],
        "attendance": [
            ("姓名", "手机号码", "全体会议", "常委会会议"),
            ("日期", None, "2024-01-10", "2024-02-10"),
            ("类别", None, "全体会议", "常委会会议"),
            ("半天数", None, 2, 1),
            *((row.name, row.phone[3:], "√", "√") for row in rows),
        ],
    }
    for name, lines in sheets.items():
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
        book.save(folder / f"{name}.xlsx")
    body = "加快推进城乡公共服务一体化。" * 20
    documents = (
        {"title": f"关于第{n}件事的建议", "body": body, "dated_on": "2019-03-05"} for n in range(further)
    )
    (folder / "library.jsonl").write_text(
        "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents)
    )


def _name(number: int) -> str:
    return "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))


def larger(further: int) -> City:
    """The demo city with so many seats more, kept beside it."""
    town = city("sqlite", 1, None)
    folder = town.folder / f"and_{further}"
    if not (folder / "lvyi.sqlite3").exists():
        folder.mkdir(exist_ok=True)
        made = folder / "building.sqlite3"
        shutil.copyfile(town.url.removeprefix("sqlite:///"), made)
        rosters(folder, f"sqlite:///{made}", further)
        database = Database.connect(f"sqlite:///{made}", pool=2)
        if further:
            import_roster(database, folder / "roster.xlsx")
        with database.transaction() as db:  # the worker begins with nothing to do …
            j = table(Job)
            db.execute(update(j).where(j.c.kind != "points.compute").values(done_at=clock.now()))
        while outbox.run_due(database):
            pass  # … and with the demo city's ruleset published
        with database.read.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.dispose()
        made.rename(folder / "lvyi.sqlite3")
    return City(f"sqlite:///{folder / 'lvyi.sqlite3'}", 1, folder)
