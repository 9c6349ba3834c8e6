"""Which workers live, and how much waits for them: for `/readyz`, the log and `lvyi jobs`."""

import os
import socket
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select
from sqlmodel import Field, Session, SQLModel

from app.core import clock, outbox
from app.core.sql import Utc, insert, table

#: A worker says so often that it lives …
SAYS_EVERY = timedelta(seconds=15)
#: … and is missed when it has not for so long.
MISSED_AFTER = timedelta(seconds=60)
_KEPT = timedelta(days=1)


class Worker(SQLModel, table=True):
    """A process that runs jobs."""

    name: str = Field(primary_key=True, max_length=120)
    started_at: datetime = Field(sa_type=Utc)
    seen_at: datetime = Field(sa_type=Utc)


class Background(NamedTuple):
    """How the work in the background is doing."""

    running: bool
    waiting: int
    given_up: int

    @property
    def notice(self) -> str | None:
        """What an administrator should do about it; None: nothing."""
        if not self.running:
            return "没有后台任务进程在运行，推送、检索、积分和证卡都在等待：请启动 lvyi worker。"
        if self.given_up:
            return f"有 {self.given_up} 项后台任务多次失败，已停止重试：请运行 lvyi jobs list 查看。"
        return None


_w = table(Worker)


def own_name() -> str:
    """How this process is called among workers."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def says_alive(db: Session, name: str, started_at: datetime) -> None:
    """Note that a worker lives."""
    conn, now = db.connection(), clock.now()
    new = insert(conn, _w).values(name=name, started_at=started_at, seen_at=now)
    conn.execute(new.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))


def has_ended(db: Session, name: str) -> None:
    """Note that a worker has ended."""
    db.execute(delete(_w).where(_w.c.name == name))


def background(conn: Connection) -> Background:
    """How the work in the background is doing."""
    seen = conn.scalar(select(func.max(_w.c.seen_at)))
    waiting, given_up = (
        conn.scalar(select(func.count()).select_from(which.subquery())) or 0
        for which in (outbox.waiting(), outbox.failed())
    )
    return Background(seen is not None and seen > clock.now() - MISSED_AFTER, waiting, given_up)


def forget_old(db: Session) -> None:
    """Drop workers that ended without a word."""
    db.execute(delete(_w).where(_w.c.seen_at < clock.now() - _KEPT))
