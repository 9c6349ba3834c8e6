"""Jobs, backups and health, for the system administrator."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import FileResponse

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.auth.sessions import sign_in
from app.auth.sessions.routes import At
from app.core.db import Db, Reads
from app.core.errors import NotFound, problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.downloads import disposition
from app.operations import backups, health, jobs
from app.operations.copies import NAME
from app.operations.schemas import BackupLinkIn, BackupLinkOut, BackupsOut, HealthOut, JobOut
from app.people.organizations.queries import stands_above_all

SystemAdmin = Annotated[Actor, Depends(allow(Permission.SETTINGS_MANAGE))]
InState = Annotated[
    jobs.JobState | None, Query(description="Only those in this state; otherwise all that are not done.")
]
Name = Annotated[str, Path(pattern=NAME, max_length=90, description="Name of the file.")]
Token = Annotated[str, Query(max_length=100, description="From the link.")]

router = APIRouter(prefix="/api/v1", tags=["运行管理"], responses=problems(401, 403, 422))


@router.get("/jobs", operation_id="jobs_list", response_model=Page[JobOut])
def list_jobs(
    actor: SystemAdmin, reads: Reads, state: InState = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Work in the background that is about my organization, newest first."""
    with reads.connect() as conn:
        return json_response(jobs.page_of_jobs(conn, actor, state, cursor, limit))


@router.post(
    "/jobs/{job_id}/retry", operation_id="jobs_retry", response_model=JobOut, responses=problems(404, 409)
)
def retry_job(job_id: Id64, actor: SystemAdmin, db: Db) -> Response:
    """Let a job that failed too often run once more."""
    return json_response(jobs.retry(db, actor, job_id))


@router.get("/backups", operation_id="backups_list", response_model=BackupsOut)
def list_backups(request: Request, actor: SystemAdmin, reads: Reads) -> Response:
    """The backups in the data folder, newest first; for the organization above all others."""
    with reads.connect() as conn:
        backups.require(conn, actor)
        return json_response(backups.backups(conn, request.app.state.settings))


@router.post(
    "/backups",
    operation_id="backups_make",
    status_code=202,
    response_model=BackupsOut,
    responses=problems(409),
)
def make_backup(request: Request, actor: SystemAdmin, db: Db) -> Response:
    """Have a backup made and read to its end; one that is being made is not begun twice."""
    return json_response(backups.make(db, actor, request.app.state.settings), status=202)


@router.post(
    "/backups/{name}/link",
    operation_id="backups_make_link",
    response_model=BackupLinkOut,
    responses=problems(404, 429),
)
def make_link(name: Name, body: BackupLinkIn, actor: SystemAdmin, reads: Reads, at: At) -> Response:
    """Where to download a backup from for five minutes, once I have said my password again."""
    with reads.connect() as conn:
        if not stands_above_all(conn, actor.organization_id):
            raise NotFound
    sign_in.confirm_owner(at, actor, body.password)
    with at.database.transaction() as db:
        return json_response(backups.link(db, actor, at.tokens, at.config, name))


@router.get(
    "/backups/{name}/file",
    operation_id="backups_download",
    response_class=FileResponse,
    responses=problems(404) | {200: {"content": {"application/gzip": {}}, "description": "The backup."}},
)
def download_backup(
    name: Name, actor: SystemAdmin, reads: Reads, db: Db, at: At, token: Token = ""
) -> Response:
    """The backup of a link, in the session that asked for it."""
    with reads.connect() as conn:
        if not stands_above_all(conn, actor.organization_id):
            raise NotFound
    file = backups.opened(db, actor, at.tokens, at.config, name, token)
    headers = {"Content-Disposition": disposition(name, inline=False), "Cache-Control": "no-store"}
    return FileResponse(file, media_type="application/gzip", headers=headers)


@router.get("/health-summary", operation_id="health_summarize", response_model=HealthOut)
def health_summary(request: Request, actor: SystemAdmin, reads: Reads) -> Response:
    """How the server is doing, in sentences; for the organization above all others."""
    with reads.connect() as conn:
        backups.require(conn, actor)
        items = health.summary(conn, request.app.state.settings, actor.zone)
    return json_response({"ok": all(item["ok"] for item in items), "items": items})
