"""Projects (办实事项目): begun and closed by staff or the head of a body, seen by all members."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfMatch, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.projects import queries, service
from app.projects.lifecycle import ProjectState
from app.projects.schemas import CampaignOut, ProjectIn, ProjectOut, ProjectRow, ProjectStepIn

router = APIRouter(prefix="/api/v1/projects", tags=["办实事"], responses=problems(401, 403, 422))

Reader = Annotated[Actor, Depends(allow(Permission.PROJECT_READ))]


def _filters(
    *,
    state: Annotated[ProjectState | None, Query(description="Only those that stand so.")] = None,
    campaign: Annotated[str | None, Query(max_length=60, description="Only of this campaign.")] = None,
    body_id: Annotated[int | None, Query(ge=1, le=2**63 - 1, description="Only of this body.")] = None,
    place: Annotated[str | None, Query(max_length=120, description="Only at this place.")] = None,
    mine: Annotated[
        bool | None, Query(description="Only those in which I take part, or (false) others.")
    ] = None,
    q: Annotated[str, Query(max_length=60, description="Words of title, campaign or place.")] = "",
) -> queries.ProjectFilter:
    return queries.ProjectFilter(state, campaign, body_id, place, mine, q)


Wanted = Annotated[queries.ProjectFilter, Depends(_filters)]


@router.get("", operation_id="projects_list", response_model=Page[ProjectRow])
def list_projects(
    actor: Reader, reads: Reads, wanted: Wanted, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Projects, those that are open first; cancelled ones for those who manage them."""
    with reads.connect() as conn:
        return json_response(queries.page_of_projects(conn, actor, wanted, cursor, limit))


@router.post("", operation_id="projects_begin", status_code=201, response_model=ProjectOut)
def begin(body: ProjectIn, actor: Reader, db: Db, once: OnceKey) -> Response:
    """Begin a project, as staff or as the head of its body; its members hear of it."""
    return once(db, actor.account_id, body, lambda: service.begin(db, actor, body))


@router.get("/campaigns", operation_id="projects_list_campaigns", response_model=list[CampaignOut])
def list_campaigns(actor: Reader, reads: Reads) -> Response:
    """The names of the campaigns that projects belong to, the newest first."""
    with reads.connect() as conn:
        return json_response(queries.campaigns(conn, actor))


@router.get("/{project_id}", operation_id="projects_get", response_model=ProjectOut, responses=problems(404))
def get_project(project_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One project, with its members, its track and the steps that are open to me."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, project_id))


@router.put("/{project_id}", operation_id="projects_edit", responses=problems(404, 409, 412))
def edit_project(project_id: Id64, body: ProjectIn, actor: Reader, db: Db, version: IfMatch) -> ProjectOut:
    """Change a project that is open; 412 carries the present one as `current`."""
    return service.edit(db, actor, project_id, version, body)


@router.post(
    "/{project_id}/transitions",
    operation_id="projects_run_transition",
    response_model=ProjectOut,
    responses=problems(404, 409, 412),
)
def run_transition(
    project_id: Id64, body: ProjectStepIn, actor: Reader, db: Db, once: OnceKey, version: IfMatch
) -> Response:
    """Run one of its `actions` on the version that I have seen: close, cancel, and their undoing."""
    asked = f"project {project_id} {version} {body.model_dump_json()}"
    return once(
        db, actor.account_id, asked, lambda: service.step(db, actor, project_id, version, body), status=200
    )
