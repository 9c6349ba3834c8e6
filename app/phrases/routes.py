"""Phrases of the office (常用语) for the reasons of decisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import IfMatch, json_response
from app.phrases import queries, service
from app.phrases.kinds import PhraseKind
from app.phrases.schemas import PhrasesIn, PhrasesList, PhrasesOut

router = APIRouter(prefix="/api/v1/phrases", tags=["常用语"], responses=problems(401, 403, 422))

Kind = Annotated[PhraseKind, Path(description="For which kind of decision.")]
Staff = Annotated[Actor, Depends(allow(Permission.NOTE_TAKE))]


@router.get("", operation_id="phrases_list", response_model=PhrasesList)
def list_phrases(actor: Staff, reads: Reads) -> Response:
    """The phrases of my organization for every kind of decision that is mine to take."""
    with reads.connect() as conn:
        return json_response({"items": queries.phrases(conn, actor)})


@router.put("/{phrase_kind}", operation_id="phrases_keep", responses=problems(404, 412))
def keep_phrases(phrase_kind: Kind, body: PhrasesIn, actor: Staff, db: Db, version: IfMatch) -> PhrasesOut:
    """Add, change, remove and order the phrases of a kind (`If-Match: "0"` the first time).

    412 carries the present ones as `current`.
    """
    return service.keep(db, actor, phrase_kind, version, body)
