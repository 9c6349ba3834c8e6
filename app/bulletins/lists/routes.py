"""What the figures of a bulletin open: groups, kinds, records, subjects, members, and duties that are left."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import StringConstraints

from app.bulletins import queries
from app.bulletins.counting import RecordSelection
from app.bulletins.lists import queries as list_queries
from app.bulletins.routes import Maker, Reader
from app.bulletins.rules import ANY, Dimension
from app.bulletins.schemas import (
    BulletinGroup,
    BulletinGroupKinds,
    BulletinMember,
    BulletinProposalOut,
    BulletinRecord,
    BulletinSubject,
    BulletinUnmet,
)
from app.core.db import Reads
from app.core.errors import Invalid, problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.duty.kinds import KINDS
from app.duty.measures.rules import Measure

router = APIRouter(
    prefix="/api/v1/bulletins/{bulletin_id}", tags=["年度通报"], responses=problems(401, 403, 404, 422)
)

_Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Sector = Annotated[_Name | None, Query(description="Name of a sector.", examples=["教育界"])]
Committee = Annotated[_Name | None, Query(description="Name of a committee, instead of a sector.")]
OfBody = Annotated[_Name | None, Query(description="Name of a body, instead of a sector.")]
Kind = Annotated[
    Annotated[str, StringConstraints(max_length=40)] | None,
    Query(description="A kind of duty, or `any` for all that was done.", examples=["proposal.filed"]),
]


Year = Annotated[
    int, Query(ge=1999, le=2999, description="The bulletin's year, which is the default, or the one before.")
]


def _known(kind: str | None) -> None:
    if kind is not None and kind != ANY and kind not in KINDS:
        raise Invalid("没有这种履职类别。", code="unknown_kind")


def _group(sector: str | None, committee: str | None, body: str | None) -> tuple[Dimension | None, str]:
    groups: dict[Dimension, str | None] = {"sector": sector, "committee": committee, "body": body}
    named = [(dimension, name) for dimension, name in groups.items() if name]
    if len(named) > 1:
        raise Invalid("界别、专委会和参加单位只能选一种。", code="two_groups")
    return named[0] if named else (None, "")


async def _wanted(
    year: Year = 0,
    kind: Kind = None,
    sector: Sector = None,
    committee: Committee = None,
    body: OfBody = None,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of one member.")] = None,
    measure: Annotated[Measure | None, Query(description="Only records with an amount of this.")] = None,
) -> RecordSelection:
    _known(kind)
    return RecordSelection(year, kind, *_group(sector, committee, body), seat_id, measure)


Selected = Annotated[RecordSelection, Depends(_wanted)]


@router.get("/groups", operation_id="bulletins_list_groups", response_model=list[BulletinGroup])
def list_groups(
    bulletin_id: Id64,
    actor: Reader,
    reads: Reads,
    *,
    by: Annotated[Dimension, Query(description="By sector, by committee or by body.")] = "sector",
    kind: Kind = None,
) -> Response:
    """Every sector, committee or body beside the year before, with what it did of a kind if one is named."""
    _known(kind)
    with reads.connect() as conn:
        return json_response(queries.groups(conn, actor, bulletin_id, by, kind))


@router.get("/kinds", operation_id="bulletins_list_kinds", response_model=BulletinGroupKinds)
def list_kinds(
    bulletin_id: Id64,
    actor: Reader,
    reads: Reads,
    sector: Sector = None,
    committee: Committee = None,
    body: OfBody = None,
) -> Response:
    """All that a sector, committee or body did, or the whole, by kind; members see the kinds that are open to all."""
    with reads.connect() as conn:
        return json_response(queries.group(conn, actor, bulletin_id, *_group(sector, committee, body)))


@router.get("/records", operation_id="bulletins_list_records", response_model=Page[BulletinRecord])
def list_records(
    bulletin_id: Id64, actor: Reader, reads: Reads, wanted: Selected, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The records that a figure counts, newest first, as they stood when the bulletin was counted."""
    wanted = wanted._replace(kind=wanted.kind or ANY)
    with reads.connect() as conn:
        return json_response(list_queries.page_of_records(conn, actor, bulletin_id, wanted, cursor, limit))


@router.get("/subjects", operation_id="bulletins_list_subjects", response_model=Page[BulletinSubject])
def list_subjects(
    bulletin_id: Id64, actor: Reader, reads: Reads, wanted: Selected, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The things that the records of a figure are about, each once."""
    wanted = wanted._replace(kind=wanted.kind or ANY)
    with reads.connect() as conn:
        return json_response(list_queries.page_of_subjects(conn, actor, bulletin_id, wanted, cursor, limit))


@router.get("/members", operation_id="bulletins_list_members", response_model=Page[BulletinMember])
def list_members(
    bulletin_id: Id64, actor: Reader, reads: Reads, wanted: Selected, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """The members of a figure: who sat, or who did something of a kind."""
    with reads.connect() as conn:
        return json_response(list_queries.page_of_members(conn, actor, bulletin_id, wanted, cursor, limit))


@router.get("/proposals", operation_id="bulletins_list_proposals", response_model=Page[BulletinProposalOut])
def list_proposals(
    bulletin_id: Id64,
    actor: Reader,
    reads: Reads,
    *,
    year: Year = 0,
    body: OfBody = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The collective proposals of bodies that were filed in a year, as they stood when the bulletin was counted."""
    with reads.connect() as conn:
        return json_response(
            list_queries.page_of_proposals(conn, actor, bulletin_id, year, body, cursor, limit)
        )


@router.get("/unmet", operation_id="bulletins_list_unmet", response_model=Page[BulletinUnmet])
def list_unmet(
    bulletin_id: Id64, actor: Maker, reads: Reads, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Members who had minimum duties left, with what would have met them; for staff only."""
    with reads.connect() as conn:
        return json_response(list_queries.page_of_unmet(conn, actor, bulletin_id, cursor, limit))


@router.get(
    "/unmet/{seat_id}/{duty}", operation_id="bulletins_list_done", response_model=Page[BulletinRecord]
)
def list_done(
    bulletin_id: Id64,
    seat_id: Id64,
    duty: Annotated[str, Path(max_length=40, description="Id of the minimum duty.")],
    actor: Maker,
    reads: Reads,
    *,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """What a member had done of a minimum duty that was left."""
    with reads.connect() as conn:
        return json_response(
            list_queries.page_of_done(conn, actor, bulletin_id, seat_id, duty, cursor, limit)
        )
