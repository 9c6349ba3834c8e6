"""Terms, sectors, committees, units and the directory of members."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, StringConstraints

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.language.text import clean
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.people import administration, queries, seat_ends
from app.people.models import Committee, Sector
from app.people.schemas import (
    GroupIn,
    GroupOut,
    GroupPatch,
    SeatEndIn,
    SeatIn,
    SeatOut,
    SeatPatch,
    TermIn,
    TermOut,
    TermPatch,
    UnitIn,
    UnitOut,
    UnitPatch,
)

Reader = Annotated[Actor, Depends(allow(Permission.PEOPLE_READ))]
Staff = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]
UnitReader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
OfTerm = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="By default the present term.")]
OfSector = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only seats of this sector.")]
OfCommittee = Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only seats of this committee.")]
SeatsOfTerm = Annotated[
    int | None, Query(ge=1, le=2**63 - 1, description="All seats of this term; by default those held today.")
]
NamePart = Annotated[
    str, StringConstraints(max_length=50), AfterValidator(clean), Query(description="Part of the name.")
]

router = APIRouter(prefix="/api/v1", tags=["组织与委员"], responses=problems(401, 403, 422))


@router.get("/terms", operation_id="people_list_terms", response_model=list[TermOut])
def list_terms(actor: Reader, reads: Reads) -> Response:
    """The terms (届) of my organization, newest first."""
    with reads.connect() as conn:
        return json_response(queries.terms(conn, actor.organization_id))


@router.post(
    "/terms",
    operation_id="people_add_term",
    status_code=201,
    response_model=TermOut,
    responses=problems(409),
)
def add_term(body: TermIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Add a term."""
    return once(db, actor.account_id, body, lambda: administration.add_term(db, actor, body))


@router.patch("/terms/{term_id}", operation_id="people_edit_term", responses=problems(404, 409))
def edit_term(term_id: Id64, body: TermPatch, actor: Staff, db: Db) -> TermOut:
    """Change a term; the seats that begin or end with it move along."""
    return administration.edit_term(db, actor, term_id, body)


@router.get(
    "/sectors", operation_id="people_list_sectors", response_model=list[GroupOut], responses=problems(404)
)
def list_sectors(actor: Reader, reads: Reads, term_id: OfTerm = None) -> Response:
    """The sectors (界别) of a term with the number of seats held today."""
    with reads.connect() as conn:
        return json_response(queries.groups(conn, actor, Sector, term_id))


@router.post(
    "/sectors",
    operation_id="people_add_sector",
    status_code=201,
    response_model=GroupOut,
    responses=problems(404, 409),
)
def add_sector(body: GroupIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Add a sector."""
    return once(db, actor.account_id, body, lambda: administration.add_group(db, actor, Sector, body))


@router.patch(
    "/sectors/{sector_id}",
    operation_id="people_edit_sector",
    responses=problems(404, 409),
)
def edit_sector(sector_id: Id64, body: GroupPatch, actor: Staff, db: Db) -> GroupOut:
    """Rename or move a sector."""
    return administration.edit_group(db, actor, Sector, sector_id, body)


@router.get(
    "/committees",
    operation_id="people_list_committees",
    response_model=list[GroupOut],
    responses=problems(404),
)
def list_committees(actor: Reader, reads: Reads, term_id: OfTerm = None) -> Response:
    """The committees (专委会) of a term with the number of seats held today."""
    with reads.connect() as conn:
        return json_response(queries.groups(conn, actor, Committee, term_id))


@router.post(
    "/committees",
    operation_id="people_add_committee",
    status_code=201,
    response_model=GroupOut,
    responses=problems(404, 409),
)
def add_committee(body: GroupIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Add a committee."""
    return once(db, actor.account_id, body, lambda: administration.add_group(db, actor, Committee, body))


@router.patch(
    "/committees/{committee_id}",
    operation_id="people_edit_committee",
    responses=problems(404, 409),
)
def edit_committee(committee_id: Id64, body: GroupPatch, actor: Staff, db: Db) -> GroupOut:
    """Rename or move a committee."""
    return administration.edit_group(db, actor, Committee, committee_id, body)


@router.get("/units", operation_id="people_list_units", response_model=list[UnitOut])
def list_units(actor: UnitReader, reads: Reads) -> Response:
    """The handling units (承办单位) of my organization."""
    with reads.connect() as conn:
        return json_response(queries.units(conn, actor.organization_id))


@router.post(
    "/units", operation_id="people_add_unit", status_code=201, response_model=UnitOut, responses=problems(409)
)
def add_unit(body: UnitIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Add a handling unit."""
    return once(db, actor.account_id, body, lambda: administration.add_unit(db, actor, body))


@router.patch("/units/{unit_id}", operation_id="people_edit_unit", responses=problems(404, 409))
def edit_unit(unit_id: Id64, body: UnitPatch, actor: Staff, db: Db) -> UnitOut:
    """Change a handling unit."""
    return administration.edit_unit(db, actor, unit_id, body)


@router.get("/seats", operation_id="people_list_seats", response_model=Page[SeatOut])
def list_seats(
    actor: Reader,
    reads: Reads,
    db: Db,
    sector_id: OfSector = None,
    committee_id: OfCommittee = None,
    term_id: SeatsOfTerm = None,
    q: NamePart = "",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """The directory in the order of the roster: seats held today, or all of one term."""
    wanted = queries.SeatFilter(sector_id, committee_id, term_id, q)
    with reads.connect() as conn:
        seats = queries.page_of_seats(conn, actor, wanted, cursor, limit)
    administration.tell_read(db, actor, [row["id"] for row in seats["items"]])
    return json_response(seats)


@router.post(
    "/seats",
    operation_id="people_add_seat",
    status_code=201,
    response_model=SeatOut,
    responses=problems(404, 409),
)
def add_seat(body: SeatIn, actor: Staff, db: Db, once: OnceKey) -> Response:
    """Give a person, known by phone or new, a seat; a new account waits for its first password."""
    return once(db, actor.account_id, body, lambda: administration.add_seat(db, actor, body))


@router.get(
    "/seats/{seat_id}", operation_id="people_get_seat", response_model=SeatOut, responses=problems(404)
)
def get_seat(seat_id: Id64, actor: Reader, reads: Reads, db: Db) -> Response:
    """One seat of my organization, of any term."""
    with reads.connect() as conn:
        seats = queries.seat(conn, actor, seat_id)
    administration.tell_read(db, actor, [seat_id])
    return json_response(seats)


@router.patch("/seats/{seat_id}", operation_id="people_edit_seat", responses=problems(404, 409))
def edit_seat(seat_id: Id64, body: SeatPatch, actor: Staff, db: Db) -> SeatOut:
    """Change sector, post, committees, days or employer; the right to act for a seat ends with it."""
    return administration.edit_seat(db, actor, seat_id, body)


@router.put("/seats/{seat_id}/end", operation_id="people_end_seat", responses=problems(404, 409))
def end_seat(seat_id: Id64, body: SeatEndIn, actor: Staff, db: Db) -> SeatOut:
    """Record how and when a seat ended, and by which document, or correct that; who died has the account closed."""
    return seat_ends.end_seat(db, actor, seat_id, body)


@router.delete("/seats/{seat_id}/end", operation_id="people_resume_seat", responses=problems(404, 409))
def resume_seat(seat_id: Id64, actor: Staff, db: Db) -> SeatOut:
    """Take a recorded end back: the seat goes on to the end of its term; a closed account stays closed."""
    return seat_ends.resume_seat(db, actor, seat_id)
