"""Setup (首次使用引导): how far the conference is set up."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Reads
from app.core.errors import problems
from app.core.paging import json_response
from app.setup import queries
from app.setup.schemas import Setup

Staff = Annotated[Actor, Depends(allow(Permission.SETTINGS_READ))]

router = APIRouter(prefix="/api/v1/setup", tags=["组织与委员"], responses=problems(401, 403))


@router.get("", operation_id="setup_get", response_model=Setup)
def get_setup(actor: Staff, reads: Reads) -> Response:
    """The eight steps from organization to invited members: what is there, and who sees to what is missing.

    Nothing of it is stored: a step stands as long as what it asks for is there.
    """
    with reads.connect() as conn:
        return json_response(queries.progress(conn, actor))
