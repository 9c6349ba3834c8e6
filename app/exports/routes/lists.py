"""Lists as Excel: each takes the filters of its own route, and shows what that route shows."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.activities import queries as activities
from app.activities import routes as activity_filters
from app.activities.hall.queries import seating_list
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cases import queries as cases
from app.cases import routes as case_filters
from app.contacts import queries as contacts
from app.contacts import routes as contact_filters
from app.contacts.coverage import one_page_of_coverage
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Id64
from app.core.web.downloads import gives
from app.duty import queries as duty
from app.duty.routes import Wanted
from app.exports.lists import tables
from app.exports.service import sheet
from app.findings import queries as findings
from app.findings import routes as finding_filters
from app.heat import pages
from app.heat import routes as board_filters
from app.opinions import queries as opinions
from app.opinions import routes as opinion_filters
from app.outputs import queries as outputs
from app.outputs import routes as output_filters
from app.people import queries as people
from app.people import routes as people_filters
from app.proposals.lists import filters as proposal_filters
from app.proposals.lists import queries as proposals

ProposalReader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
OpinionReader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
OutputReader = Annotated[Actor, Depends(allow(Permission.OUTPUT_READ))]
FindingReader = Annotated[Actor, Depends(allow(Permission.FINDING_READ))]
ContactReader = Annotated[Actor, Depends(allow(Permission.CONTACT_READ))]
CaseReader = Annotated[Actor, Depends(allow(Permission.CASE_READ))]
BoardReader = Annotated[Actor, Depends(allow(Permission.BOARD_READ))]
RosterKeeper = Annotated[Actor, Depends(allow(Permission.PEOPLE_MANAGE))]
ActivityReader = Annotated[Actor, Depends(allow(Permission.ACTIVITY_READ))]
ActivityStaff = Annotated[Actor, Depends(allow(Permission.ACTIVITY_MANAGE))]
DutyReader = Annotated[Actor, Depends(allow(Permission.DUTY_READ))]

router = APIRouter(
    prefix="/api/v1/exports",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 404, 422) | gives("xlsx"),
)


@router.get("/proposals.xlsx", operation_id="exports_list_proposals")
def list_proposals(
    actor: ProposalReader,
    reads: Reads,
    db: Db,
    wanted: proposal_filters.Filter,
    *,
    scope: proposal_filters.InScope = proposals.ProposalScope.FILED,
    sort: proposal_filters.Sorted = None,
) -> Response:
    """The list of proposals as Excel, with its filters and order."""
    return sheet(
        reads,
        db,
        actor,
        tables.PROPOSALS,
        lambda conn, cursor: proposals.page_of_proposals(
            conn, actor, scope, wanted, cursor, tables.AT_ONCE, sort
        ),
    )


@router.get("/opinions.xlsx", operation_id="exports_list_opinions")
def list_opinions(
    actor: OpinionReader,
    reads: Reads,
    db: Db,
    wanted: opinion_filters.Wanted,
    *,
    scope: opinion_filters.InScope = opinions.OpinionScope.MINE,
) -> Response:
    """The list of opinion reports as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        tables.OPINIONS,
        lambda conn, cursor: opinions.page_of_reports(conn, actor, scope, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/findings.xlsx", operation_id="exports_list_findings")
def list_findings(actor: FindingReader, reads: Reads, db: Db, wanted: finding_filters.Wanted) -> Response:
    """The list of suggestions as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        tables.FINDINGS,
        lambda conn, cursor: findings.page_of_findings(conn, actor, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/outputs.xlsx", operation_id="exports_list_outputs")
def list_outputs(actor: OutputReader, reads: Reads, db: Db, wanted: output_filters.Wanted) -> Response:
    """The list of outputs as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        tables.OUTPUTS,
        lambda conn, cursor: outputs.page_of_outputs(conn, actor, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/contacts.xlsx", operation_id="exports_list_contacts")
def list_contacts(actor: ContactReader, reads: Reads, db: Db, wanted: contact_filters.Wanted) -> Response:
    """The list of contacts as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        tables.CONTACTS,
        lambda conn, cursor: contacts.page_of_contacts(conn, actor, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/coverage.xlsx", operation_id="exports_list_coverage")
def list_coverage(
    actor: ContactReader,
    reads: Reads,
    db: Db,
    by: contact_filters.GroupedBy = "member",
    year: contact_filters.OfYear = None,
) -> Response:
    """The coverage of a duty year as Excel, as its route divides it."""
    return sheet(
        reads,
        db,
        actor,
        tables.COVERAGE,
        lambda conn, _cursor: one_page_of_coverage(conn, actor, by, year),
    )


@router.get("/cases.xlsx", operation_id="exports_list_cases")
def list_cases(actor: CaseReader, reads: Reads, db: Db, wanted: case_filters.Wanted) -> Response:
    """The list of cases as Excel, with its filters; whom to ask at a company stands in none."""
    return sheet(
        reads,
        db,
        actor,
        tables.CASES,
        lambda conn, cursor: cases.page_of_cases(conn, actor, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/leaderboard.xlsx", operation_id="exports_list_leaderboard")
def list_leaderboard(
    actor: BoardReader,
    reads: Reads,
    db: Db,
    boards: board_filters.KeptBoards,
    *,
    window: board_filters.InWindow = "week",
    board: board_filters.OnBoard = "all",
    group_id: board_filters.Group = None,
    on: board_filters.On = None,
) -> Response:
    """A whole leaderboard as Excel."""
    of = actor.organization_id
    with reads.connect() as conn:
        pages.group(conn, of, board, group_id)
    span, ranked = boards.present(of, window, on, board, group_id)
    return sheet(
        reads,
        db,
        actor,
        tables.LEADERBOARD,
        lambda _conn, _cursor: {"items": pages.rows(ranked, span), "next": None},
    )


@router.get("/members.xlsx", operation_id="exports_list_members")
def list_members(
    actor: RosterKeeper,
    reads: Reads,
    db: Db,
    sector_id: people_filters.OfSector = None,
    committee_id: people_filters.OfCommittee = None,
    term_id: people_filters.SeatsOfTerm = None,
    q: people_filters.NamePart = "",
) -> Response:
    """The directory of members as Excel, for those who keep it: with phones and days of birth."""
    wanted = people.SeatFilter(sector_id, committee_id, term_id, q)
    return sheet(
        reads,
        db,
        actor,
        tables.MEMBERS,
        lambda conn, cursor: people.page_of_seats(conn, actor, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/activities.xlsx", operation_id="exports_list_activities")
def list_activities(
    actor: ActivityReader,
    reads: Reads,
    db: Db,
    wanted: activity_filters.Wanted,
    when: activity_filters.When = "all",
) -> Response:
    """The list of activities as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        tables.ACTIVITIES,
        lambda conn, cursor: activities.page_of_activities(conn, actor, when, wanted, cursor, tables.AT_ONCE),
    )


@router.get("/activities/{activity_id}/attendance.xlsx", operation_id="exports_list_attendance")
def list_attendance(
    activity_id: Id64, actor: ActivityStaff, reads: Reads, db: Db, state: activity_filters.InState = None
) -> Response:
    """The attendance of an activity as Excel."""
    return sheet(
        reads,
        db,
        actor,
        tables.ATTENDANCE,
        lambda conn, cursor: activities.page_of_attendance(
            conn, actor, activity_id, state, cursor, tables.AT_ONCE
        ),
        ("activity", activity_id),
    )


@router.get("/activities/{activity_id}/seating.xlsx", operation_id="exports_list_seating")
def list_seating(activity_id: Id64, actor: ActivityStaff, reads: Reads, db: Db) -> Response:
    """Who sits where in an activity as Excel, row by row; who has no place stands at the end."""
    return sheet(
        reads,
        db,
        actor,
        tables.SEATING,
        lambda conn, _cursor: seating_list(conn, actor, activity_id),
        ("activity", activity_id),
    )


@router.get("/seats/{seat_id}/records.xlsx", operation_id="exports_list_records")
def list_records(seat_id: Id64, actor: DutyReader, reads: Reads, db: Db, wanted: Wanted) -> Response:
    """One's own duty archive as Excel; those of others are for staff who keep records."""
    with reads.connect() as conn:
        duty.require_own(conn, actor, seat_id)
    return sheet(
        reads,
        db,
        actor,
        tables.RECORDS,
        lambda conn, cursor: duty.page_of_records(conn, actor, seat_id, wanted, cursor, tables.AT_ONCE),
        ("seat", seat_id),
    )
