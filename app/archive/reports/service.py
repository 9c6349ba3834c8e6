"""The only verb of yearly duty reports: save the words."""

from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session

from app.archive.models import DutyReport, DutyReportVersion
from app.archive.reports import queries
from app.archive.reports.schemas import ReportIn, ReportOut
from app.auth.actor import Actor
from app.core import clock
from app.core.errors import Forbidden, Stale
from app.core.sql import insert_new, table

_r, _v = table(DutyReport), table(DutyReportVersion)


def save(db: Session, actor: Actor, seat_id: int, year: int, version: int, words: ReportIn) -> ReportOut:
    """Save all words over `version`; `Stale` carries the present report. Saving what is there changes nothing."""
    conn = db.connection()
    author = queries.require(conn, actor, seat_id, year)
    if not author.own:
        raise Forbidden("只有本人可以撰写。", code="not_author")
    if not author.standing:
        raise Forbidden("文字部分由常务委员撰写，其他委员的报告由履职记录生成。", code="standing_only")
    key, said = {"seat_id": seat_id, "duty_year": year}, words.model_dump()
    row = key | {"version": version + 1, "saved_at": clock.now(), "passages": said}
    if not _put(db, version, row):
        current = queries.read(conn, actor, seat_id, year)
        if {part["key"]: part["text"] for part in current["passages"]} != said or not current["version"]:
            raise Stale(current=current)
    else:
        conn.execute(insert(_v).values(row))
    return ReportOut.model_validate(queries.read(conn, actor, seat_id, year))


def _put(db: Session, version: int, row: dict[str, Any]) -> bool:
    """Whether the report was still at `version`."""
    conn = db.connection()
    if version == 0:
        return insert_new(conn, _r, row)
    same = (_r.c.seat_id == row["seat_id"]) & (_r.c.duty_year == row["duty_year"])
    moved = conn.execute(update(_r).where(same, _r.c.version == version).values(row))
    return bool(moved.rowcount)
