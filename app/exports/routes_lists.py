"""Lists as Excel: each takes the filters of its own route, and shows what that route shows."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.activities import queries as activities
from app.activities import routes as activity_filters
from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.downloads import gives
from app.core.errors import problems
from app.core.paging import Id64
from app.duty import queries as duty
from app.duty.routes import Wanted
from app.exports import lists
from app.exports.service import sheet
from app.heat import pages
from app.heat import routes as board_filters
from app.opinions import queries as opinions
from app.opinions import routes as opinion_filters
from app.people import queries as people
from app.people import routes as people_filters
from app.proposals import filters as proposal_filters
from app.proposals import queries_lists as proposals

ProposalReader = Annotated[Actor, Depends(allow(Permission.PROPOSAL_READ))]
OpinionReader = Annotated[Actor, Depends(allow(Permission.OPINION_READ))]
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
    scope: proposal_filters.InScope = proposals.Scope.FILED,
    sort: proposal_filters.Sorted = None,
) -> Response:
    """The list of proposals as Excel, with its filters and order."""
    return sheet(
        reads,
        db,
        actor,
        lists.PROPOSALS,
        lambda conn, cursor: proposals.page_of_proposals(
            conn, actor, scope, wanted, cursor, lists.AT_ONCE, sort
        ),
    )


@router.get("/opinions.xlsx", operation_id="exports_list_opinions")
def list_opinions(
    actor: OpinionReader,
    reads: Reads,
    db: Db,
    wanted: opinion_filters.Wanted,
    *,
    scope: opinion_filters.InScope = opinions.Scope.MINE,
) -> Response:
    """The list of opinion reports as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        lists.OPINIONS,
        lambda conn, cursor: opinions.page_of_reports(conn, actor, scope, wanted, cursor, lists.AT_ONCE),
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
        lists.LEADERBOARD,
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
        lists.MEMBERS,
        lambda conn, cursor: people.page_of_seats(conn, actor, wanted, cursor, lists.AT_ONCE),
    )


@router.get("/activities.xlsx", operation_id="exports_list_activities")
def list_activities(
    actor: ActivityReader,
    reads: Reads,
    db: Db,
    when: activity_filters.When = "all",
    *,
    mine: activity_filters.Mine = False,
    kind: activity_filters.OfKind = None,
) -> Response:
    """The list of activities as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        lists.ACTIVITIES,
        lambda conn, cursor: activities.page_of_activities(
            conn, actor, when=when, mine=mine, kind=kind, cursor=cursor, limit=lists.AT_ONCE
        ),
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
        lists.ATTENDANCE,
        lambda conn, cursor: activities.page_of_attendance(
            conn, actor, activity_id, state, cursor, lists.AT_ONCE
        ),
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
        lists.RECORDS,
        lambda conn, cursor: duty.page_of_records(conn, actor, seat_id, wanted, cursor, lists.AT_ONCE),
        ("seat", seat_id),
    )
