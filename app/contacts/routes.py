"""Contacts (联系): who looks after whom, and how many were visited in a duty year."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.contacts import queries, service
from app.contacts.coverage import coverage
from app.contacts.rules import PartyKind
from app.contacts.schemas import ContactIn, ContactOut, CoverageGroup, CoverageOut
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/contacts", tags=["联系走访"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.CONTACT_READ))]
Manager = Annotated[Actor, Depends(allow(Permission.CONTACT_MANAGE))]
OfYear = Annotated[
    int | None, Query(ge=1990, le=2100, description="The duty year; the present one when left out.")
]
GroupedBy = Annotated[CoverageGroup, Query(description="What the figures are divided by.")]


def _filters(
    *,
    seat_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this member.")] = None,
    sector_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of this sector.")] = None,
    committee_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Of this committee.")] = None,
    kind: Annotated[PartyKind | None, Query(description="Only parties of this kind.")] = None,
    year: OfYear = None,
    visited: Annotated[bool | None, Query(description="Whether visited in the duty year.")] = None,
    mine: Annotated[bool, Query(description="Only those that I look after.")] = False,
    of_me: Annotated[bool, Query(description="Only those who look after me.")] = False,
    current: Annotated[bool, Query(description="Only those in force today.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of a name or place.")] = "",
) -> queries.ContactFilter:
    return queries.ContactFilter(
        seat_id, sector_id, committee_id, kind, year, visited, mine, of_me, current, q
    )


Wanted = Annotated[queries.ContactFilter, Depends(_filters)]


@router.get("", operation_id="contacts_list", response_model=Page[ContactOut])
def list_contacts(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Contacts of a duty year, those not yet visited first; members see their own and who looks after them."""
    with reads.connect() as conn:
        return json_response(queries.page_of_contacts(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="contacts_set", status_code=201, response_model=ContactOut)
def set_contact(body: ContactIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Set who looks after whom; both hear of it."""
    return once(db, actor.account_id, body, lambda: service.set_contact(db, actor, body))


@router.get("/coverage", operation_id="contacts_coverage", response_model=CoverageOut)
def get_coverage(actor: Reader, reads: Reads, by: GroupedBy = "member", year: OfYear = None) -> Response:
    """How many contacts were visited in a duty year, by member, committee or sector; each figure with its list."""
    with reads.connect() as conn:
        return json_response(coverage(conn, actor, by, year))


@router.get("/{contact_id}", operation_id="contacts_get", response_model=ContactOut, responses=problems(404))
def get_contact(contact_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One contact."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, contact_id))


@router.put("/{contact_id}", operation_id="contacts_edit", responses=problems(404, 409, 412))
def edit_contact(contact_id: Id64, body: ContactIn, actor: Manager, db: Db, version: IfMatch) -> ContactOut:
    """Change a contact, or set its last day; 412 carries the present one as `current`."""
    return service.edit(db, actor, contact_id, version, body)


@router.delete("/{contact_id}", operation_id="contacts_remove", status_code=204, responses=problems(404, 409))
def remove_contact(contact_id: Id64, actor: Manager, db: Db) -> None:
    """Remove a contact that was set by mistake and never visited."""
    service.remove(db, actor, contact_id)
