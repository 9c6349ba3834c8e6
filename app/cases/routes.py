"""Cases (履职呼叫、企业问题): reported by members, answered by units or the office, judged by who reported them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.cases import queries, service
from app.cases.figures import figures
from app.cases.lifecycle import CaseState
from app.cases.rules import CaseKind, Judgement, ProblemClass
from app.cases.schemas import CaseFigures, CaseGroup, CaseIn, CaseOut, CaseRow, CaseStepIn, CompanyOut
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey

router = APIRouter(prefix="/api/v1/cases", tags=["履职呼叫"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.CASE_READ))]
Reporter = Annotated[Actor, Depends(allow(Permission.CASE_REPORT))]
Manager = Annotated[Actor, Depends(allow(Permission.CASE_MANAGE))]
GroupedBy = Annotated[CaseGroup, Query(description="What the figures are divided by.")]


def _one(description: str) -> Any:
    return Query(ge=1, le=2**63 - 1, description=description)


def _filters(
    *,
    state: Annotated[CaseState | None, Query(description="Only those that stand so.")] = None,
    kind: Annotated[CaseKind | None, Query(description="Only those of a kind.")] = None,
    problem_class: Annotated[
        ProblemClass | None, Query(description="Only problems of companies of a class.")
    ] = None,
    unit_id: Annotated[int | None, _one("Only those given to this unit.")] = None,
    company_id: Annotated[int | None, _one("Only those of this company.")] = None,
    judgement: Annotated[
        Judgement | None, Query(description="Only those whose answer was judged so.")
    ] = None,
    in_time: Annotated[
        bool | None, Query(description="Only those answered by their day, or (false) later.")
    ] = None,
    answered: Annotated[
        bool | None, Query(description="Only those with an answer, or (false) without.")
    ] = None,
    late: Annotated[bool, Query(description="Only those whose answer is overdue.")] = False,
    mine: Annotated[bool, Query(description="Only those that I reported, newest first.")] = False,
    q: Annotated[str, Query(max_length=60, description="Words of the title.")] = "",
) -> queries.CaseFilter:
    return queries.CaseFilter(
        state, kind, problem_class, unit_id, company_id, judgement, in_time, answered, late, mine, q
    )


Wanted = Annotated[queries.CaseFilter, Depends(_filters)]


@router.get("", operation_id="cases_list", response_model=Page[CaseRow])
def list_cases(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Cases: all for staff, mine for members, those of the unit for its officers; the most urgent first."""
    with reads.connect() as conn:
        return json_response(queries.page_of_cases(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="cases_report", status_code=201, response_model=CaseOut)
def report(body: CaseIn, actor: Reporter, db: Db, once: OnceKey) -> Response:
    """Report a difficulty, a wish, or a company's problem."""
    return once(db, actor.account_id, body, lambda: service.report(db, actor, body))


@router.get("/figures", operation_id="cases_figures", response_model=CaseFigures)
def get_figures(actor: Reader, reads: Reads, by: GroupedBy = "kind") -> Response:
    """How many, answered in time, satisfied: by kind, unit or class of problem; each figure with its list."""
    with reads.connect() as conn:
        return json_response(figures(conn, actor, by))


@router.get("/companies", operation_id="cases_list_companies", response_model=list[CompanyOut])
def list_companies(
    actor: Manager,
    reads: Reads,
    q: Annotated[str, Query(max_length=60, description="Words of the name.")] = "",
) -> Response:
    """The first companies of the register whose name has these words, each with the list of its problems."""
    with reads.connect() as conn:
        return json_response(queries.companies(conn, actor, q))


@router.get("/{case_id}", operation_id="cases_get", responses=problems(404))
def get_case(case_id: Id64, actor: Reader, db: Db) -> CaseOut:
    """One case, with its track and the steps that are open to me; that staff saw a contact is in the audit log."""
    return service.read(db, actor, case_id)


@router.post(
    "/{case_id}/transitions",
    operation_id="cases_run_transition",
    response_model=CaseOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    case_id: Id64, body: CaseStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the version that I have seen: accept, assign, answer, judge, and their undoing."""
    asked = f"case {case_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, case_id, version, body), status=200
    )
