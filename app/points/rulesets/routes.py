"""Rulesets (积分办法): read by everybody once published; drafted, tried and published by staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.auth.actor import Actor, allow
from app.auth.permissions import Permission
from app.core.db import Db, Reads, Store
from app.core.errors import problems
from app.core.paging import Cursor, Id64, Limit, Page, json_response
from app.core.web.idempotency import OnceKey
from app.points import scores
from app.points.routes import OnBoard, Reader, Year
from app.points.ruleset_schemas import (
    PublicationIn,
    RulesetCodes,
    RulesetIn,
    RulesetTemplate,
    RulesetText,
    ValidationOut,
)
from app.points.rulesets import pages, service
from app.points.schemas import MovesPage, RulesetDetail, RulesetOut

Manager = Annotated[Actor, Depends(allow(Permission.RULESET_MANAGE))]

router = APIRouter(prefix="/api/v1", tags=["履职积分"], responses=problems(401, 403, 404, 422))


@router.get("/rulesets", operation_id="rulesets_list", response_model=Page[RulesetOut])
def list_rulesets(
    actor: Reader, reads: Reads, year: Year = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Versions of the rules, newest first; drafts for those who manage them."""
    with reads.connect() as conn:
        return json_response(pages.page_of_rulesets(conn, actor, year, cursor, limit))


@router.get(
    "/ruleset-templates", operation_id="rulesets_list_templates", response_model=list[RulesetTemplate]
)
def list_templates(actor: Manager) -> Response:
    """The published rules of cities that come with the program, to begin from."""
    return json_response(pages.templates())


@router.get("/ruleset-codes", operation_id="rulesets_list_codes", response_model=RulesetCodes)
def list_codes(actor: Manager) -> Response:
    """The codes that a ruleset may name, with their labels: what a form offers."""
    return json_response(pages.codes())


@router.post("/rulesets/validation", operation_id="rulesets_validate", response_model=ValidationOut)
def validate_ruleset(body: RulesetText, actor: Manager) -> Response:
    """What is wrong with a text, by rule and line; nothing is kept."""
    return json_response(service.check(body.text).model_dump())


@router.post("/rulesets", operation_id="rulesets_create", status_code=201, response_model=RulesetDetail)
def create_ruleset(body: RulesetIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Keep a text as the next draft of a duty year; a draft is never edited, a better one follows it."""
    return once(db, actor.account_id, body, lambda: service.create(db, actor, body))


@router.get("/rulesets/{ruleset_id}", operation_id="rulesets_get", response_model=RulesetDetail)
def get_ruleset(ruleset_id: Id64, actor: Reader, reads: Reads) -> Response:
    """One version: its text, its rules in sentences, and how far its scores are computed."""
    with reads.connect() as conn:
        return json_response(pages.detail(conn, actor, ruleset_id))


@router.put(
    "/rulesets/{ruleset_id}/trial", operation_id="rulesets_try", status_code=204, responses=problems(409)
)
def try_ruleset(ruleset_id: Id64, actor: Manager, db: Db) -> None:
    """Have a draft computed on the real year; `progress` of the version says how far it is."""
    service.begin_trial(db, actor, ruleset_id)


@router.get(
    "/rulesets/{ruleset_id}/moves",
    operation_id="rulesets_list_moves",
    response_model=MovesPage,
    responses=problems(409, 503),
)
def list_moves(
    ruleset_id: Id64,
    actor: Manager,
    reads: Reads,
    database: Store,
    board: OnBoard = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    """Who moves under a version, by how much, and by which rules, the farthest first."""
    with reads.connect() as conn:
        of, base = pages.compared(conn, actor, ruleset_id)
    for each in (of, base):
        if each is not None:
            scores.refresh(database, each)
    with reads.connect() as conn:
        return json_response(pages.moves(conn, of, base, board, cursor=cursor, limit=limit))


@router.put(
    "/rulesets/{ruleset_id}/publication",
    operation_id="rulesets_publish",
    status_code=204,
    responses=problems(409),
)
def publish_ruleset(ruleset_id: Id64, actor: Manager, db: Db, body: PublicationIn | None = None) -> None:
    """Put a draft in force as soon as the scores of all seats are computed under it."""
    service.publish(db, actor, ruleset_id, body.reason if body else None)
