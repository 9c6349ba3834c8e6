"""Find (快速查找): the command palette."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, StringConstraints

from app.auth.actor import AnyActor
from app.core.db import Reads
from app.core.errors import problems
from app.core.language.text import clean
from app.core.paging import json_response
from app.find import queries
from app.find.schemas import FoundThings

router = APIRouter(prefix="/api/v1/find", tags=["快速查找"], responses=problems(401, 403, 422))

Words = Annotated[
    str,
    StringConstraints(max_length=60),
    AfterValidator(clean),
    Query(description="Number of a proposal in the present window, words of a title, part of a name."),
]


@router.get("", operation_id="find_things", response_model=FoundThings)
def find_things(q: Words, actor: AnyActor, reads: Reads) -> Response:
    """Up to five of each kind of thing that I may see, and of members and units."""
    with reads.connect() as conn:
        return json_response({"items": queries.find(conn, actor, q)})
