"""Is it alive, is it ready, what does it measure."""

from collections.abc import Callable

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from app.core import migrations
from app.core.errors import NotFound, Unavailable, problems

#: What other packages have to say beside `ready`: short words by name, read from the database.
notes: list[Callable[[Connection], dict[str, str]]] = []

router = APIRouter(tags=["运行状态"])
log = structlog.get_logger()


@router.get("/healthz", operation_id="health_alive")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", operation_id="health_ready", responses=problems(503))
def ready(request: Request) -> dict[str, str]:
    """The database is reachable and migrated to this release; notes on stored files and the audit log."""
    read: Engine = request.app.state.database.read
    said: dict[str, str] = {}
    try:
        revision = migrations.current(read)
        if revision == migrations.head():
            with read.connect() as conn:
                for note in notes:
                    said |= note(conn)
    except SQLAlchemyError as e:
        log.warning("not ready", error=repr(e)[:200])
        raise Unavailable("数据库暂时不可用。", retry_after=5) from e
    if revision != migrations.head():
        raise Unavailable("数据库还没有升级到当前版本。", code="not_migrated", retry_after=30)
    return {"status": "ready", "revision": revision or "", **said}


@router.get("/metrics", operation_id="health_metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Prometheus metrics, for this machine only: proxies must not pass it on."""
    client = request.client.host if request.client else ""
    if client not in {"127.0.0.1", "::1"} or "x-forwarded-for" in request.headers:
        raise NotFound
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
