"""Projects and deeds as Excel: each list takes the filters of its own route, and shows what that route shows."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.web.downloads import gives
from app.deeds import queries as deeds
from app.deeds import routes as deed_filters
from app.deeds.figures import one_page_of_figures
from app.exports.lists import deeds as sheets
from app.exports.lists.tables import AT_ONCE
from app.exports.service import sheet
from app.projects import queries as projects
from app.projects import routes as project_filters

ProjectReader = Annotated[Actor, Depends(allow(Permission.PROJECT_READ))]

router = APIRouter(
    prefix="/api/v1/exports",
    tags=["导出"],
    default_response_class=Response,
    responses=problems(401, 403, 422) | gives("xlsx"),
)


@router.get("/projects.xlsx", operation_id="exports_list_projects")
def list_projects(actor: ProjectReader, reads: Reads, db: Db, wanted: project_filters.Wanted) -> Response:
    """The list of projects as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        sheets.PROJECTS,
        lambda conn, cursor: projects.page_of_projects(conn, actor, wanted, cursor, AT_ONCE),
    )


@router.get("/deeds.xlsx", operation_id="exports_list_deeds")
def list_deeds(actor: ProjectReader, reads: Reads, db: Db, wanted: deed_filters.Wanted) -> Response:
    """The list of deeds as Excel, with its filters."""
    return sheet(
        reads,
        db,
        actor,
        sheets.DEEDS,
        lambda conn, cursor: deeds.page_of_deeds(conn, actor, wanted, cursor, AT_ONCE),
    )


@router.get("/deed-members.xlsx", operation_id="exports_list_deed_members")
def list_deed_members(actor: ProjectReader, reads: Reads, db: Db, wanted: deed_filters.Wanted) -> Response:
    """Who took part in deeds as Excel, with the filters of the list."""
    return sheet(
        reads,
        db,
        actor,
        sheets.DEED_MEMBERS,
        lambda conn, cursor: deeds.page_of_members(conn, actor, wanted, cursor, AT_ONCE),
    )


@router.get("/deed-figures.xlsx", operation_id="exports_list_deed_figures")
def list_deed_figures(
    actor: ProjectReader,
    reads: Reads,
    db: Db,
    wanted: deed_filters.Wanted,
    by: deed_filters.GroupedBy = "campaign",
) -> Response:
    """The figures of deeds as Excel, as their route divides them."""
    return sheet(
        reads,
        db,
        actor,
        sheets.DEED_FIGURES,
        lambda conn, _cursor: one_page_of_figures(conn, actor, by, wanted),
    )
