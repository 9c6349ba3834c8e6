"""Is it alive, is it ready, what does it measure."""

import hmac
from collections.abc import Callable
from contextlib import suppress

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from app.core.errors import NotFound, Unavailable, problems
from app.core.jobs import workers
from app.core.schema import migrations

#: What other packages have to say beside `ready`: short words by name, read from the database.
notes: list[Callable[[Connection], dict[str, str]]] = []

router = APIRouter(tags=["运行状态"])
log = structlog.get_logger()
_jobs = Gauge("lvyi_jobs", "Jobs in the database, by what becomes of them.", ["state"])
_worker = Gauge("lvyi_worker_running", "1 when a worker said lately that it lives.")


class Ready(BaseModel):
    """The server is ready; what waits in the background does not change that. `notes` add fields of their own."""

    model_config = ConfigDict(extra="allow")

    status: str = "ready"
    revision: str = Field(description="Of the database's schema.", examples=["0013"])
    worker_running: bool = Field(
        description="Whether jobs are run; without a worker pages are served all the same, so this is no 503."
    )
    jobs_waiting: int = Field(description="Due and not done yet.")
    jobs_given_up: int = Field(description="Failed too often; they rest until somebody tries them again.")
    notice: str | None = Field(
        description="What an administrator should do about jobs, in Chinese; null when nothing."
    )


@router.get("/healthz", operation_id="health_alive")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", operation_id="health_ready", responses=problems(503))
def ready(request: Request) -> Ready:
    """The database is reachable and migrated to this release; and how the work in the background is doing."""
    state = request.app.state
    engine = state.database.read
    try:
        revision = migrations.current(engine)
        if revision != migrations.head():
            raise Unavailable("数据库还没有升级到当前版本。", code="not_migrated", retry_after=30)
        if not getattr(state, "schema_checked", False):
            migrations.check_schema(engine)
            state.schema_checked = True  # it does not change under a running server
        with engine.connect() as conn:
            now = workers.background(conn)
            said = {key: word for note in notes for key, word in note(conn).items()}
    except migrations.MigrationError as e:
        raise Unavailable(str(e), code="schema_differs", retry_after=300) from e
    except SQLAlchemyError as e:
        log.warning("not ready", error=repr(e)[:200])
        raise Unavailable("数据库暂时不可用。", retry_after=5) from e
    return Ready.model_validate(
        {
            "revision": revision or "",
            "worker_running": now.running,
            "jobs_waiting": now.waiting,
            "jobs_given_up": now.given_up,
            "notice": now.notice,
        }
        | said
    )


def _may_measure(request: Request) -> bool:
    token = request.app.state.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, f"Bearer {token.get_secret_value()}".encode())
    client = request.client.host if request.client else ""
    return client in {"127.0.0.1", "::1"} and "x-forwarded-for" not in request.headers


@router.get("/metrics", operation_id="health_metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Prometheus metrics: for this machine only, or for whoever has the token of the settings."""
    if not _may_measure(request):
        raise NotFound
    with suppress(SQLAlchemyError), request.app.state.database.read.connect() as conn:
        now = workers.background(conn)
        _jobs.labels("waiting").set(now.waiting)
        _jobs.labels("given_up").set(now.given_up)
        _worker.set(now.running)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
