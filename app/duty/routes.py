"""The ledger: a seat's archive (履职档案), and what staff record by hand."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import Invalid, problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.duty import queries
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure
from app.duty.outside import manual
from app.duty.queries import Selection
from app.duty.records import RecordRole
from app.duty.schemas import DutyDay, KindCount, OutsideActIn, OutsideActOut, RecordOut, VoidIn
from app.people.models import Level

Reader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]
Recorder = Annotated[Actor, Depends(allow(Permission.DUTY_RECORD))]


async def _selection(
    kind: Annotated[
        list[Annotated[str, StringConstraints(max_length=40)]] | None,
        Query(max_length=30, description="One or more kinds; all by default.", examples=["proposal.filed"]),
    ] = None,
    role: Annotated[RecordRole | None, Query(description="Only records in this role.")] = None,
    level: Annotated[Level | None, Query(description="Only records of this level.")] = None,
    year: Annotated[int | None, Query(ge=1900, le=2999, description="Duty year.")] = None,
    since: Annotated[date | None, Query(description="First local day.")] = None,
    until: Annotated[date | None, Query(description="Last local day.")] = None,
    measure: Annotated[Measure | None, Query(description="Only records with an amount of this.")] = None,
) -> Selection:
    if kind and not set(kind) <= KINDS.keys():
        raise Invalid("没有这种履职类别。", code="unknown_kind")
    return Selection(kind or (), role, level, year, since, until, measure)


Wanted = Annotated[Selection, Depends(_selection)]

router = APIRouter(prefix="/api/v1", tags=["履职台账"], responses=problems(401, 403, 404, 422))


@router.get("/seats/{seat_id}/records", operation_id="duty_list_records", response_model=Page[RecordOut])
def list_records(
    seat_id: Id64, actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The live records of a seat, newest first; of other members only kinds that are open to all."""
    with reads.connect() as conn:
        return json_response(queries.page_of_records(conn, actor, seat_id, wanted, cursor, limit))


@router.get(
    "/seats/{seat_id}/record-counts", operation_id="duty_count_records", response_model=list[KindCount]
)
def count_records(seat_id: Id64, actor: Reader, reads: Reads, wanted: Wanted) -> Response:
    """How many records of each kind a seat has; of other members only kinds that are open to all."""
    with reads.connect() as conn:
        return json_response(queries.counts(conn, actor, seat_id, wanted))


@router.get("/seats/{seat_id}/days", operation_id="duty_list_days", response_model=Page[DutyDay])
def list_days(
    seat_id: Id64, actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The local days on which a member did something, newest first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_days(conn, actor, seat_id, wanted, cursor, limit))


@router.post(
    "/seats/{seat_id}/records",
    operation_id="duty_record_outside_act",
    status_code=201,
    response_model=OutsideActOut,
    responses=problems(409),
)
def record_outside_act(seat_id: Id64, body: OutsideActIn, actor: Recorder, db: Db, once: OnceKey) -> Response:
    """Record an act of a member outside the platform: a speech, an honour, a consultation, a service."""
    return once(db, actor.account_id, body, lambda: manual.record_outside(db, actor, seat_id, body))


@router.put(
    "/records/{record_id}/void",
    operation_id="duty_void_record",
    status_code=204,
    responses=problems(409),
)
def void_record(record_id: Id64, body: VoidIn, actor: Recorder, db: Db) -> None:
    """Void a record that was written by hand or imported, with a reason."""
    manual.void_record(db, actor, record_id, body.reason)


@router.get("/outside-acts/{act_id}", operation_id="duty_get_outside_act", response_model=OutsideActOut)
def get_outside_act(act_id: Id64, actor: Reader, reads: Reads) -> Response:
    """An act done outside the platform."""
    with reads.connect() as conn:
        return json_response(queries.outside_act(conn, actor, act_id))
