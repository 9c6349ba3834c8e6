"""Topics of online deliberation (网络议政)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.auth.actor import Actor, CircleReader, allow
from app.auth.permissions import Permission
from app.core import clock, live
from app.core.db import Db, Reads
from app.core.errors import problems
from app.core.paging import Cursor, Id64, IfNoneMatch, Limit, Page, fresh, json_response, not_modified
from app.core.web.idempotency import OnceKey
from app.deliberation import queries, service
from app.deliberation.schemas import (
    CloseIn,
    ExtensionIn,
    OutcomeIn,
    PaperText,
    TopicIn,
    TopicOut,
    TopicRow,
    TopicStepOut,
)
from app.people.name_lists.queries import matches
from app.people.name_lists.schemas import NameList, NameMatch

Which = Annotated[queries.Which, Query(description="Open and coming ones, ended ones, or drafts.")]
WaitsFor = Annotated[
    queries.Waiting | None,
    Query(description="Only those that wait for me to publish them, close within a week, or lack a report."),
]
Manager = Annotated[Actor, Depends(allow(Permission.TOPIC_MANAGE))]

router = APIRouter(prefix="/api/v1/topics", tags=["网络议政"], responses=problems(401, 403, 422))


@router.get("", operation_id="deliberation_list_topics", response_model=Page[TopicRow])
def list_topics(
    actor: CircleReader,
    reads: Reads,
    which: Which = "open",
    waits_for: WaitsFor = None,
    limit: Limit = 20,
    cursor: Cursor = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Open topics, closing soonest first; or ended ones, newest first; or drafts (staff)."""
    with reads.connect() as conn:
        etag = f'"o{live.last_seq(conn, actor.organization_id, "topics")}-{actor.session_id}"'
        rows = queries.page_of_topics(conn, actor, which, cursor, limit, waits_for)
        # the clock alone moves a topic to another state: its states belong to the tag
        etag = f'{etag[:-1]}-{"".join(row["state"][0] for row in rows["items"])}"'
        return not_modified(etag) if fresh(etag, if_none_match) else json_response(rows, etag=etag)


@router.post(
    "",
    operation_id="deliberation_create_topic",
    status_code=201,
    response_model=TopicOut,
    responses=problems(409),
)
def create_topic(body: TopicIn, actor: Manager, db: Db, once: OnceKey) -> Response:
    """Draft a topic with background papers, period and invited groups (staff)."""
    return once(db, actor.account_id, body, lambda: service.create(db, actor, body))


@router.post("/name-matches", operation_id="deliberation_match_names", response_model=list[NameMatch])
def match_names(body: NameList, actor: Manager, reads: Reads) -> Response:
    """Whom a pasted list of names means, before they are invited: namesakes are asked about, unknown ones named."""
    with reads.connect() as conn:
        today = clock.local_day(clock.now(), actor.zone)
        return json_response(matches(conn, actor.organization_id, body.text, today))


@router.get(
    "/{topic_id}", operation_id="deliberation_get_topic", response_model=TopicOut, responses=problems(404)
)
def get_topic(topic_id: Id64, actor: CircleReader, reads: Reads) -> Response:
    """A topic with its papers, groups and outcome."""
    with reads.connect() as conn:
        return json_response(queries.topic_row(conn, actor, topic_id))


@router.put(
    "/{topic_id}",
    operation_id="deliberation_edit_topic",
    responses=problems(404, 409),
)
def edit_topic(topic_id: Id64, body: TopicIn, actor: Manager, db: Db) -> TopicOut:
    """Rewrite a topic that is not yet published (staff)."""
    return service.edit(db, actor, topic_id, body)


@router.get(
    "/{topic_id}/papers/{paper_id}",
    operation_id="deliberation_get_paper",
    response_model=PaperText,
    responses=problems(404),
)
def get_paper(topic_id: Id64, paper_id: Id64, actor: CircleReader, reads: Reads) -> Response:
    """A background paper with its text."""
    with reads.connect() as conn:
        return json_response(queries.paper_row(conn, actor, topic_id, paper_id))


@router.get(
    "/{topic_id}/steps",
    operation_id="deliberation_list_steps",
    response_model=list[TopicStepOut],
    responses=problems(404),
)
def list_steps(topic_id: Id64, actor: CircleReader, reads: Reads) -> Response:
    """What staff did with a topic, with reasons."""
    with reads.connect() as conn:
        return json_response(queries.steps(conn, actor, topic_id))


@router.post(
    "/{topic_id}/publication",
    operation_id="deliberation_publish_topic",
    responses=problems(404, 409),
)
def publish_topic(topic_id: Id64, actor: Manager, db: Db) -> TopicOut:
    """Publish a drafted topic; those invited are notified (staff)."""
    return service.publish(db, actor, topic_id)


@router.post(
    "/{topic_id}/extension",
    operation_id="deliberation_extend_topic",
    responses=problems(404, 409),
)
def extend_topic(topic_id: Id64, body: ExtensionIn, actor: Manager, db: Db) -> TopicOut:
    """Move the end of a topic later, with a reason (staff)."""
    return service.extend(db, actor, topic_id, body)


@router.post(
    "/{topic_id}/closing",
    operation_id="deliberation_close_topic",
    responses=problems(404, 409),
)
def close_topic(topic_id: Id64, body: CloseIn, actor: Manager, db: Db) -> TopicOut:
    """End an open topic at once, with a reason (staff)."""
    return service.close(db, actor, topic_id, body.reason)


@router.put(
    "/{topic_id}/report",
    operation_id="deliberation_report_topic",
    responses=problems(404, 409),
)
def report_topic(topic_id: Id64, body: OutcomeIn, actor: Manager, db: Db) -> TopicOut:
    """Publish or revise the outcome report of a closed topic (staff)."""
    return service.report(db, actor, topic_id, body)
