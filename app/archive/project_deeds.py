"""Which records are deeds of a project: those that its claims brought in, known by their `source_ref`."""

from sqlalchemy import ColumnElement, Connection, String, cast, literal, select

from app.archive.models import Claim
from app.core.sql import table
from app.duty.models import DutyRecord
from app.duty.records import CLAIM_REF

_c, _d = table(Claim), table(DutyRecord)

#: A record and the claim that brought it in, be it as it is or after an appeal.
BROUGHT_IN: ColumnElement[bool] = (_d.c.seat_id == _c.c.seat_id) & (
    _d.c.source_ref == literal(CLAIM_REF) + cast(_c.c.id, String)
)


def of_record(conn: Connection, record_id: int) -> int | None:
    """The project of what a record tells."""
    found = select(_c.c.project_id).select_from(_c.join(_d, BROUGHT_IN)).where(_d.c.id == record_id)
    project_id: int | None = conn.scalar(found)
    return project_id


def other_project(conn: Connection, act_id: int, project_id: int) -> int | None:
    """Another project to which an act outside the platform belongs already."""
    found = select(_c.c.project_id).select_from(_c.join(_d, BROUGHT_IN))
    same_act = (_d.c.subject_type == "outside_act") & (_d.c.subject_id == act_id) & _d.c.voided_at.is_(None)
    other: int | None = conn.scalar(found.where(same_act, _c.c.project_id != project_id).limit(1))
    return other
