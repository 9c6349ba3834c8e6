"""`create_app()`: settings, engines, error handlers and the list of routers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec

import anyio.to_thread
from fastapi import APIRouter, FastAPI

from app import __version__, web, worker
from app.audit import keys as audit_keys
from app.auth.tokens import tokens_of
from app.cards import keys
from app.core import docs, http, logs, running
from app.core.config import Settings, settings
from app.core.db import Database
from app.core.limits import REQUESTS
from app.notifications import push, wires
from app.openapi import describe

#: Matched before all others, because routing is linear: what phones poll, and replies. `cards_get` would take the path
#: of `cards_verify`, whose router stands before it here.
HOT = {
    "feed_list_updates",
    "threads_list_replies",
    "threads_post_reply",
    "leaderboard_get",
    "cards_verify",
    "cards_get",
}
#: Each router carries its full prefix; none is nested.
ROUTERS = (
    "app.feed.routes",
    "app.threads.routes",
    "app.heat.routes",
    "app.heat.signals.routes",
    "app.points.routes_points",
    "app.points.routes_rulesets",
    "app.points.routes_snapshots",
    "app.cards.routes_public",
    "app.cards.routes",
    "app.cards.routes_issued",
    "app.duty.routes",
    "app.archive.routes",
    "app.archive.routes_reports",
    "app.notifications.routes",
    "app.notifications.routes_live",
    "app.notifications.routes_push",
    "app.deliberation.routes",
    "app.files.routes",
    "app.proposals.bodies.routes",
    "app.proposals.entry.routes",
    "app.proposals.batch.routes",
    "app.proposals.reminders.routes",
    "app.proposals.routes",
    "app.proposals.routes_windows",
    "app.proposals.routes_handling",
    "app.proposals.talks.routes",
    "app.opinions.routes_figures",
    "app.opinions.entry.routes",
    "app.opinions.batch.routes",
    "app.opinions.routes",
    "app.opinions.routes_leads",
    "app.lineage.routes",
    "app.reading.routes",
    "app.drafts.routes",
    "app.activities.routes",
    "app.people.bodies.routes",
    "app.people.routes",
    "app.people.duplicates.routes",
    "app.people.organizations.routes",
    "app.settings.routes",
    "app.people.offices.routes",
    "app.auth.routes",
    "app.auth.routes_accounts",
    "app.audit.routes",
    "app.workdays.routes",
    "app.statistics.routes",
    "app.desks.routes",
    "app.bulletins.routes",
    "app.bulletins.routes_lists",
    "app.library.routes",
    "app.library.routes_units",
    "app.choices.routes",
    "app.imports.routes",
    "app.exports.routes",
    "app.exports.routes_lists",
    "app.exports.routes_administration",
    "app.exports.routes_opinions",
    "app.exports.routes_reports",
    "app.exports.routes_bulletins",
    "app.privacy.routes",
    "app.notes.routes",
    "app.presence.routes",
    "app.saved_views.routes",
    "app.find.routes",
    "app.operations.routes",
    "app.core.health",
)


def load_routers() -> list[APIRouter]:
    """Every router; importing them also registers subjects, desks, thread rules, job handlers, recounts and queues."""
    modules = [import_module(name) for name in ROUTERS]
    for module in modules:
        for registering in ("desk", "recount", "queues"):
            if find_spec(name := f"{module.__package__}.{registering}"):
                import_module(name)
    return [module.router for module in modules]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    config: Settings = app.state.settings
    # as many threads as pooled connections: more could only wait for each other
    anyio.to_thread.current_default_thread_limiter().total_tokens = config.threads
    async with wires.running(app):
        with worker.beside(app.state.database, config):
            yield
    app.state.database.dispose()


def create_app(config: Settings | None = None, database: Database | None = None) -> FastAPI:
    """The application for `config` (the environment's by default), on `database` if one is given."""
    config = config or settings()
    logs.configure(config)
    app = FastAPI(
        title="履易 lvyi",
        version=__version__,
        openapi_url="/api/openapi.json" if config.api_docs else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat whatever `Host` says
        telemetry={"tracing": False, "metrics": False, "logs": False},  # there are own ones
        lifespan=_lifespan,
    )
    app.state.settings = config
    app.state.tokens = tokens_of(config)
    running.configure(config)
    push.configure(config)
    keys.configure(config)
    audit_keys.configure(config)
    app.state.database = database or Database.connect(
        config.database_url, pool=config.threads, limits=REQUESTS
    )
    http.install(app, config)
    routers = load_routers()
    # flat, because an included router matches each request twice
    routes = [route for router in routers for route in router.routes]
    routes.sort(key=lambda route: getattr(route, "operation_id", None) not in HOT)
    app.router.routes.extend(routes)
    if config.api_docs:
        docs.install(app)
    web.install(app)
    app.openapi = lambda: describe(app, routers)  # type: ignore[method-assign] # FastAPI's documented way
    return app
