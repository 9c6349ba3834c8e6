"""The codes of forms and filters (选项): one static document."""

from hashlib import sha256

from fastapi import APIRouter, Response
from pydantic_core import to_json

from app.auth.actor import AnyActor
from app.choices.schemas import CHOICES, Choices
from app.core.errors import problems
from app.core.paging import IfNoneMatch, fresh, json_response, not_modified

_BODY = to_json(CHOICES)
_ETAG = f'"c{sha256(_BODY).hexdigest()[:16]}"'

router = APIRouter(prefix="/api/v1/choices", tags=["选项"], responses=problems(401, 403, 422))


@router.get("", operation_id="choices_get", response_model=Choices)
def get_choices(actor: AnyActor, if_none_match: IfNoneMatch = None) -> Response:
    """Codes with their Chinese labels; they change with a new version of the server only."""
    return not_modified(_ETAG) if fresh(_ETAG, if_none_match) else json_response(_BODY, etag=_ETAG)
