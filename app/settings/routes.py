"""Settings of my organization, each explained; their history; and its duty years."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.auth.actor import Actor, AnyActor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Limit, Page, json_response
from app.settings import queries, service
from app.settings.schemas import (
    DutyYearsIn,
    DutyYearsOut,
    DutyYearsPreview,
    Key,
    SettingChangeOut,
    SettingsList,
    SettingsPatch,
)

Reader = Annotated[Actor, Depends(allow(Permission.SETTINGS_READ))]
Administrator = Annotated[Actor, Depends(allow(Permission.SETTINGS_MANAGE))]
OfKey = Annotated[Key | None, Query(description="Only changes of this setting; `duty_years`, `name` … too.")]

router = APIRouter(prefix="/api/v1", tags=["组织设置"], responses=problems(401, 403, 422))


@router.get("/settings", operation_id="settings_list", response_model=SettingsList)
def list_settings(actor: Reader, reads: Reads, request: Request) -> Response:
    """All settings of my organization by group: what each means, may be, is by default and now, and since when."""
    with reads.connect() as conn:
        config = request.app.state.settings
        return json_response({"items": queries.settings_of(conn, actor.organization_id, config)})


@router.patch("/settings", operation_id="settings_change", response_model=SettingsList)
def change_settings(body: SettingsPatch, actor: Administrator, db: Db, request: Request) -> Response:
    """Set some settings by key, or with null take them back to their defaults; all or none of them.

    They hold from the commit on. What runs already (deadlines, issued cards, passwords in use) stays as it is where
    the setting's explanation says so.
    """
    service.set_values(db, actor.organization_id, body.values, by=actor, reason=body.reason)
    config = request.app.state.settings
    return json_response({"items": queries.settings_of(db.connection(), actor.organization_id, config)})


@router.get("/setting-changes", operation_id="settings_list_changes", response_model=Page[SettingChangeOut])
def list_changes(
    actor: Reader,
    reads: Reads,
    request: Request,
    key: OfKey = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Who changed which setting when, from what to what and why, newest first; duty years and the name too."""
    config, of = request.app.state.settings, actor.organization_id
    with reads.connect() as conn:
        return json_response(queries.page_of_changes(conn, of, key, config, cursor, limit))


@router.get("/duty-years", operation_id="duty_years_list", response_model=DutyYearsOut)
def list_duty_years(actor: AnyActor, reads: Reads) -> Response:
    """The duty years of my organization: which days each has, and what it is called everywhere."""
    with reads.connect() as conn:
        return json_response(queries.duty_years(conn, actor.organization_id))


@router.post("/duty-years/preview", operation_id="duty_years_preview", response_model=DutyYearsPreview)
def preview_duty_years(body: DutyYearsIn, actor: Administrator, reads: Reads) -> Response:
    """What a change of the duty years would do: the years, how many records move, what stays; nothing is changed."""
    with reads.connect() as conn:
        return json_response(service.preview(conn, actor.organization_id, body))


@router.put(
    "/duty-years", operation_id="duty_years_change", response_model=DutyYearsOut, responses=problems(409)
)
def change_duty_years(body: DutyYearsIn, actor: Administrator, db: Db) -> Response:
    """Let duty years begin on another day, from one year on or always.

    Years never overlap and leave no day out: the year before the change lasts until its eve. Every figure, label and
    deadline follows at once or, where records must be refiled (`filing`), within minutes. Published bulletins and
    issued cards stay as they are. 422 when the year before the change would have fewer than 180 or more than 550 days.
    """
    service.set_years(db, actor.organization_id, body, by=actor)
    return json_response(queries.duty_years(db.connection(), actor.organization_id))
