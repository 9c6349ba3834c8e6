"""How the server is doing, in sentences for its administrators."""

import shutil
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from app.backup import last
from app.core import clock, health, migrations, workers
from app.core.config import Settings
from app.core.sql import table
from app.files.models import FileDamage, FileRound

#: A backup that is older says that nobody makes any.
_BACKUP_EVERY = timedelta(days=8)
_LITTLE_ROOM = 0.1


def summary(conn: Connection, config: Settings, zone: str) -> list[dict[str, Any]]:
    """The database, the worker, stored files, backups, the audit log, the disk: each well or not, and why."""
    return [
        _database(conn),
        _worker(conn),
        _files(conn, zone),
        _backups(config, zone),
        *_audit(conn),
        _disk(config),
    ]


def _said(key: str, label: str, detail: str, *, ok: bool) -> dict[str, Any]:
    return {"key": key, "label": label, "ok": ok, "detail": detail}


def _database(conn: Connection) -> dict[str, Any]:
    current, head = migrations.current(conn.engine), migrations.head()
    ok = current == head
    detail = (
        f"数据库版本 {current}，与程序一致。" if ok else f"数据库版本 {current}，程序需要 {head}，请升级。"
    )
    return _said("database", "数据库", detail, ok=ok)


def _worker(conn: Connection) -> dict[str, Any]:
    now = workers.background(conn)
    detail = now.notice or f"后台任务正常，等待执行的有 {now.waiting} 项。"
    return _said("worker", "后台任务", detail, ok=now.notice is None)


def _files(conn: Connection, zone: str) -> dict[str, Any]:
    last, damage = table(FileRound), table(FileDamage)
    ended = conn.execute(select(last.c.ended_at, last.c.ended_checked)).first()
    damaged = conn.scalar(select(func.count()).select_from(damage)) or 0
    if damaged:
        return _said("files", "附件", f"有 {damaged} 个附件丢失或损坏，请从备份中恢复。", ok=False)
    if ended is None or ended.ended_at is None:
        return _said("files", "附件", "附件还没有核对过一遍，后台任务会逐步核对。", ok=True)
    day = clock.local_day(ended.ended_at, zone)
    return _said("files", "附件", f"{day} 核对了 {ended.ended_checked} 个附件，全部完好。", ok=True)


def _backups(config: Settings, zone: str) -> dict[str, Any]:
    """The last one, made here or at the shell."""
    made_at = last.made_at(config.data_dir)
    if made_at is None:
        return _said("backups", "备份", "还没有做过备份，请做一份并存到别的机器上。", ok=False)
    day, ok = clock.local_day(made_at, zone), made_at > clock.now() - _BACKUP_EVERY
    return _said("backups", "备份", f"最近一次备份是 {day}{'' if ok else '，已经太久，请再做一份'}。", ok=ok)


def _audit(conn: Connection) -> list[dict[str, Any]]:
    notes = {key: word for note in health.notes for key, word in note(conn).items()}
    if "audit" not in notes:
        return []
    ok = notes["audit"] == "append_only"
    detail = (
        "数据库不允许程序改写审计日志。" if ok else "程序所用的数据库角色可以改写审计日志，请换成应用角色。"
    )
    return [_said("audit", "审计日志", detail, ok=ok)]


def _disk(config: Settings) -> dict[str, Any]:
    usage = shutil.disk_usage(config.data_dir if config.data_dir.exists() else config.data_dir.parent)
    free, ok = usage.free / 2**30, usage.free > _LITTLE_ROOM * usage.total
    detail = f"数据文件夹所在的磁盘还有 {free:.1f} GB 可用{'' if ok else '，不多了，请清理'}。"
    return _said("disk", "磁盘", detail, ok=ok)
