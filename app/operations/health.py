"""How the server is doing, in sentences for its administrators."""

import os
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, type_coerce

from app.backup import last
from app.core import clock
from app.core.config import Settings
from app.core.jobs import workers
from app.core.schema import migrations
from app.core.sql import Utc, table
from app.core.web import health
from app.files.models import FileDamage, FileRound
from app.operations import machine
from app.operations.machine import finding
from app.people.models import Organization
from app.workdays.queries import calendar

#: A backup that is older says that nobody makes any.
_BACKUP_EVERY = timedelta(days=8)
_CLOCKS_APART = timedelta(seconds=10)
_DECEMBER = 12


def summary(conn: Connection, config: Settings, zone: str = clock.SHANGHAI) -> list[dict[str, Any]]:
    """Everything that an administrator looks after, for the desk and `lvyi doctor`: each well or not, and why."""
    return [*stored(conn, config, zone), *machine.findings(config)]


def stored(conn: Connection, config: Settings, zone: str = clock.SHANGHAI) -> list[dict[str, Any]]:
    """What the database tells; of one that is not of this release no more than that."""
    migrated = _migrations(conn)
    known = [_database(conn, config), migrated, _clock(conn, zone)]
    if not migrated["ok"]:
        return known
    return [
        *known,
        *_jobs(conn),
        _files(conn, zone),
        _backups(config, zone),
        _holidays(conn, zone),
        *_audit(conn),
    ]


def _database(conn: Connection, config: Settings) -> dict[str, Any]:
    """Which one it is, and of a file who else may read it."""
    file = machine.database_file(config)
    if file is None:
        return finding(
            "database", "数据库", f"PostgreSQL 数据库 {conn.engine.url.database} 可以连接。", ok=True
        )
    if not machine.is_private(file):
        detail = f"别的系统用户可以读取数据库，请运行 chmod 600 {file}。"
        return finding("database", "数据库", detail, ok=False)
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        detail = f"没有权限写入数据库 {file} 或它的文件夹，请用运行服务的系统用户执行。"
        return finding("database", "数据库", detail, ok=False)
    return finding("database", "数据库", f"SQLite 数据库 {file} 可以读写，只有所属用户能打开。", ok=True)


def _migrations(conn: Connection) -> dict[str, Any]:
    current, head = migrations.current(conn.engine), migrations.head()
    ok = current == head
    detail = (
        f"数据库版本 {current}，与程序一致。"
        if ok
        else f"数据库版本 {current or '空'}，程序需要 {head}，请运行 lvyi migrate。"
    )
    return finding("migrations", "版本", detail, ok=ok)


def _clock(conn: Connection, zone: str) -> dict[str, Any]:
    """Deadlines, tokens and one-time codes need clocks that agree."""
    now = clock.now()
    apart = abs(conn.scalars(select(type_coerce(func.current_timestamp(), Utc))).one() - now)
    local, ok = now.astimezone(ZoneInfo(zone)), apart < _CLOCKS_APART
    detail = f"现在是 {clock.in_words(local.date())} {local:%H:%M}（{zone}），"
    detail += (
        "与数据库的时钟一致。"
        if ok
        else f"与数据库的时钟相差 {apart.total_seconds():.0f} 秒，请在两边开启时间同步。"
    )
    return finding("clock", "时钟", detail, ok=ok)


def _jobs(conn: Connection) -> list[dict[str, Any]]:
    """Whether somebody runs jobs, and those that nobody tries any more."""
    now = workers.background(conn)
    running = (
        f"后台任务正常，等待执行的有 {now.waiting} 项。"
        if now.running
        else f"没有后台任务进程在运行，等待执行的有 {now.waiting} 项：请启动 lvyi worker（用 SQLite 时启动服务即可）。"
    )
    given_up = (
        f"有 {now.given_up} 项多次失败，已停止重试：请运行 lvyi jobs list 查看原因，排除后运行 lvyi jobs retry --all。"
        if now.given_up
        else "没有停止重试的任务。"
    )
    return [
        finding("worker", "后台任务", running, ok=now.running),
        finding("jobs", "失败任务", given_up, ok=not now.given_up),
    ]


def _holidays(conn: Connection, zone: str) -> dict[str, Any]:
    """Those of the coming year are announced in November and needed from December on."""
    today = clock.local_day(clock.now(), zone)
    due = today.year + (today.month == _DECEMBER)
    for year in (today.year, due):
        if lacking := _without_holidays(conn, year):
            some = f"{'、'.join(lacking[:3])}{'等' if len(lacking) > 3 else ''}"  # noqa: PLR2004 - enough to see
            detail = f"{some}没有 {year} 年的放假安排，暂按周一至周五计算：请升级程序，或用 lvyi workdays set 录入。"
            return finding("holidays", "放假安排", detail, ok=False)
    coming = "" if due > today.year else f"；{today.year + 1} 年的一般在十一月公布，公布后请录入"
    return finding("holidays", "放假安排", f"{due} 年的放假安排已经录入{coming}。", ok=True)


def _without_holidays(conn: Connection, year: int) -> list[str]:
    """Names of organizations whose calendar does not know the holidays of a year."""
    if calendar(conn, None).knows(year):
        return []
    organizations = table(Organization)
    rows = conn.execute(select(organizations.c.id, organizations.c.name).order_by(organizations.c.id)).all()
    return [row.name for row in rows if not calendar(conn, row.id).knows(year)]


def _files(conn: Connection, zone: str) -> dict[str, Any]:
    last, damage = table(FileRound), table(FileDamage)
    ended = conn.execute(select(last.c.ended_at, last.c.ended_checked)).first()
    damaged = conn.scalar(select(func.count()).select_from(damage)) or 0
    if damaged:
        return finding(
            "files",
            "附件",
            f"有 {damaged} 个附件丢失或损坏，请从备份中恢复（lvyi verify-files --from 备份）。",
            ok=False,
        )
    if ended is None or ended.ended_at is None:
        return finding("files", "附件", "附件还没有核对过一遍，后台任务会逐步核对。", ok=True)
    day = clock.in_words(clock.local_day(ended.ended_at, zone))
    return finding("files", "附件", f"{day} 核对了 {ended.ended_checked} 个附件，全部完好。", ok=True)


def _backups(config: Settings, zone: str) -> dict[str, Any]:
    """The last one, made here or at the shell."""
    made_at = last.made_at(config.data_dir)
    if made_at is None:
        return finding(
            "backups", "备份", "还没有做过备份，请运行 lvyi backup 做一份，并存到别的机器上。", ok=False
        )
    day, ok = clock.local_day(made_at, zone), made_at > clock.now() - _BACKUP_EVERY
    return finding(
        "backups", "备份", f"最近一次备份是 {day}{'' if ok else '，已经太久，请再做一份'}。", ok=ok
    )


def _audit(conn: Connection) -> list[dict[str, Any]]:
    notes = {key: word for note in health.notes for key, word in note(conn).items()}
    if "audit" not in notes:
        return []
    ok = notes["audit"] == "append_only"
    detail = (
        "数据库不允许程序改写审计日志。"
        if ok
        else "程序所用的数据库角色可以改写审计日志，请按运维手册“数据库角色”一节换成应用角色。"
    )
    return [finding("audit", "审计日志", detail, ok=ok)]
