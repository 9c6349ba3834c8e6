"""Drafts: a copy on the server of what a member is writing, for their other phones."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.auth.actor import AnyActor
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import IfMatch, json_response
from app.drafts import queries, service
from app.drafts.schemas import DraftIn, DraftList, DraftOut

router = APIRouter(prefix="/api/v1/drafts", tags=["草稿"], responses=problems(401, 403, 422))

_NAME = r"^[0-9A-Za-z_-]+$"
Kind = Annotated[str, Path(max_length=20, pattern=_NAME, description="What it will be.", examples=["reply"])]
Key = Annotated[
    str, Path(max_length=40, pattern=_NAME, description="Which one of its kind.", examples=["12"])
]


@router.get("", operation_id="drafts_list", response_model=DraftList)
def list_drafts(actor: AnyActor, reads: Reads) -> Response:
    """Everything that I am writing, on whatever phone, without the words; the last edited first."""
    with reads.connect() as conn:
        return json_response({"items": queries.mine(conn, actor)})


@router.get("/{kind}/{key}", operation_id="drafts_get", response_model=DraftOut, responses=problems(404))
def get_draft(kind: Kind, key: Key, actor: AnyActor, reads: Reads) -> Response:
    """A draft of mine with its words; proposals and opinion reports are read by their ids instead."""
    with reads.connect() as conn:
        return json_response(queries.read(conn, actor, kind, key))


@router.put("/{kind}/{key}", operation_id="drafts_save", responses=problems(409, 412, 413))
def save_draft(kind: Kind, key: Key, body: DraftIn, actor: AnyActor, db: Db, version: IfMatch) -> DraftOut:
    """Save a draft over a version, 0 for a new one; 412 carries the present one as `current`, null when it is gone."""
    return service.save(db, actor, kind, key, version, body)


@router.delete("/{kind}/{key}", operation_id="drafts_delete", status_code=204)
def delete_draft(
    kind: Kind,
    key: Key,
    actor: AnyActor,
    db: Db,
    text_id: Annotated[str | None, Query(max_length=36, description="Only if it still is this text.")] = None,
) -> None:
    """Delete a draft of mine, whose text was sent or given up; what is not there is deleted already."""
    service.delete(db, actor, kind, key, text_id)
