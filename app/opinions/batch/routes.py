"""One step of many reports."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Data
from app.core.errors import problems
from app.core.web import bulk
from app.core.web.bulk import BulkOut
from app.core.web.idempotency import OnceKey
from app.opinions.batch import service
from app.opinions.batch.schemas import OpinionBatch
from app.opinions.schemas import OpinionRow

router = APIRouter(prefix="/api/v1/opinions", tags=["社情民意"], responses=problems(401, 403, 422))

Editor = Annotated[Actor, Depends(allow(Permission.OPINION_EDIT))]


@router.post("/batch", operation_id="opinions_run_batch", response_model=BulkOut[OpinionRow])
def run_batch(body: OpinionBatch, actor: Editor, database: Data, once: OnceKey) -> Response:
    """Take one step of up to a hundred reports: each is done or refused by itself, under the rules of a single one.

    A retry with the same key finishes what was cut off, and does nothing twice.
    """
    body.check()
    act = service.act(actor, body)
    return bulk.run(database, once, actor.account_id, body, body.items, of=OpinionRow, act=act)
