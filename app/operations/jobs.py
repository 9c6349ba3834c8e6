"""Jobs as administrators read them, and one more try for those that were given up."""

import re
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlmodel import Session

from app.audit.service import log as audit
from app.auth.actor import Actor
from app.cards.models import CardBatch
from app.core import clock, outbox
from app.core.errors import Conflict, NotFound
from app.core.outbox import MAX_ATTEMPTS, Job
from app.core.paging import PageRows, before, decode_cursor, page
from app.core.sql import table
from app.imports.models import SheetImport
from app.people.organizations.queries import stands_above_all

_j = table(Job)

KIND_LABELS = {
    "backup.make": "制作备份",
    "bulletin.published": "发出年度通报的通知",
    "cards.issue": "签发纪念卡",
    "imports.run": "核对或写入导入的表格",
    "library.stepped": "更新检索",
    "library.waiting": "更新检索",
    "notification.pushed": "推送到手机",
    "notification.told": "发出通知",
    "organization.refile": "重新归档履职记录",
    "points.compute": "计算积分",
    "topic.published": "发出议题邀请",
    "workdays.changed": "重新计算办理期限",
}
#: What went wrong, by the name of the error: the error itself may hold words and phones of members.
_ERRORS = {
    "OperationalError": "数据库当时繁忙或连接不上",
    "IntegrityError": "写入的内容与已有的内容冲突",
    "Later": "当时还不能执行，稍后会再试",
    "Unavailable": "服务当时不可用",
    "OSError": "读写文件时出错",
    "PermissionError": "没有读写文件的权限",
    "FileNotFoundError": "需要的文件不存在",
    "ConnectionError": "连接外部服务时出错",
    "TimeoutError": "等待太久没有回应",
    "BackupError": "没有备份成功，请看服务器的日志",
}


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"


JOB_STATE_LABELS = {
    JobState.WAITING: "等待执行",
    JobState.RUNNING: "正在执行",
    JobState.FAILED: "已停止重试",
    JobState.DONE: "已完成",
}


def _in_state(state: JobState) -> ColumnElement[bool]:
    open_ones, running = _j.c.done_at.is_(None), _j.c.leased_until > clock.now()
    match state:
        case JobState.DONE:
            return _j.c.done_at.is_not(None)
        case JobState.RUNNING:
            return and_(open_ones, running)
        case JobState.FAILED:
            return and_(open_ones, _j.c.attempts >= MAX_ATTEMPTS, or_(_j.c.leased_until.is_(None), ~running))
    free = or_(_j.c.leased_until.is_(None), ~running)
    return and_(open_ones, _j.c.attempts < MAX_ATTEMPTS, free)


def visible_to(conn: Connection, actor: Actor) -> ColumnElement[bool]:
    """Jobs that name the actor's organization; those that name none are for the one that stands above all others."""
    of = _j.c.payload["organization_id"].as_integer()
    own: ColumnElement[bool] = of == actor.organization_id
    return or_(own, of.is_(None)) if stands_above_all(conn, actor.organization_id) else own


def page_of_jobs(
    conn: Connection, actor: Actor, state: JobState | None, cursor: str | None, limit: int
) -> PageRows:
    """Jobs, newest first; those that are done only where they are asked for."""
    conditions = [visible_to(conn, actor), _j.c.done_at.is_(None) if state is None else _in_state(state)]
    if cursor:
        conditions.append(before([_j.c.id], decode_cursor(cursor, int)))
    rows = conn.execute(select(_j).where(*conditions).order_by(_j.c.id.desc()).limit(limit + 1)).all()
    jobs = page([_row(row) for row in rows], limit, ["id"])
    _add_progress(conn, jobs["items"], {row.id: row.payload for row in rows})
    return jobs


def one_job(conn: Connection, actor: Actor, job_id: int) -> dict[str, Any]:
    """A job as the list shows it; `NotFound` out of sight."""
    row = conn.execute(select(_j).where(visible_to(conn, actor), _j.c.id == job_id)).first()
    if row is None:
        raise NotFound
    job = _row(row)
    _add_progress(conn, [job], {row.id: row.payload})
    return job


def _row(row: Any) -> dict[str, Any]:
    state = _state(row)
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_label": KIND_LABELS.get(row.kind, row.kind),
        "state": state,
        "state_label": JOB_STATE_LABELS[state],
        "due_at": row.run_at,
        "done_at": row.done_at,
        "attempts": row.attempts,
        "error": in_words(row.error),
        "done": None,
        "total": None,
    }


def _state(row: Any) -> JobState:
    if row.done_at is not None:
        return JobState.DONE
    if row.leased_until is not None and row.leased_until > clock.now():
        return JobState.RUNNING
    return JobState.FAILED if row.attempts >= MAX_ATTEMPTS else JobState.WAITING


def in_words(error: str | None) -> str | None:
    """What went wrong, in one sentence that says nothing of anybody."""
    if not error:
        return None
    if "worker was killed" in error:
        return "执行任务的进程被中断。"
    name = re.match(r"\w{1,60}", error)
    kind = name[0] if name else ""
    return f"{_ERRORS[kind]}。" if kind in _ERRORS else f"程序出错（{kind}），详情在服务器的日志里。"


def _add_progress(conn: Connection, jobs: list[dict[str, Any]], payloads: dict[int, Any]) -> None:
    """How far batches of cards and imports are, in one statement for each kind."""
    for kind, key, of in (
        ("cards.issue", "batch_id", table(CardBatch)),
        ("imports.run", "import_id", table(SheetImport)),
    ):
        about = {job["id"]: payloads[job["id"]].get(key) for job in jobs if job["kind"] == kind}
        if not about:
            continue
        rows = conn.execute(select(of.c.id, of.c.done, of.c.total).where(of.c.id.in_(about.values())))
        far = {row.id: (row.done, row.total) for row in rows}
        for job in jobs:
            job["done"], job["total"] = far.get(about.get(job["id"]), (job["done"], job["total"]))


def retry(db: Session, actor: Actor, job_id: int) -> dict[str, Any]:
    """Let a job that was given up run once more; `Conflict` for one that was not."""
    conn = db.connection()
    job = one_job(conn, actor, job_id)
    again = update(_j).where(_j.c.id == job_id, _in_state(JobState.FAILED))
    values = {"attempts": 0, "run_at": clock.now(), "leased_until": None}
    if db.scalar(again.values(values).returning(_j.c.id)) is None:
        raise Conflict(f"这项任务{job['state_label']}，不用重试。", code="job_not_failed", state=job["state"])
    audit(db, actor, "job.retried", ("job", job_id), kind=job["kind"])
    return one_job(conn, actor, job_id)


def retry_given_up(db: Session, job_id: int | None = None) -> int:
    """At the shell: let every job that was given up run once more, or the one named; how many."""
    again = outbox.try_again(db, job_id)
    if job_id is not None and not again:
        raise NotFound("没有这项任务，或者它没有停止重试：请用 lvyi jobs list 查看。")
    for one, kind in again:
        audit(db, None, "job.retried", ("job", one), kind=kind)
    return len(again)
