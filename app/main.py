"""`create_app()`: settings, engines, error handlers and the list of routers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from pkgutil import walk_packages

import anyio.to_thread
from fastapi import APIRouter, FastAPI

from app import __version__, web, worker
from app.audit import keys as audit_keys
from app.auth.keys.tokens import tokens_of
from app.cards.issued import keys
from app.core import logs
from app.core.config import Settings, settings
from app.core.database.timeouts import REQUESTS
from app.core.db import Database
from app.core.jobs import running
from app.core.web import api_page, http
from app.notifications.live import transport
from app.notifications.push import service
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
    "app.points.routes",
    "app.points.rulesets.routes",
    "app.points.snapshots.routes",
    "app.cards.issued.verification.routes",
    "app.cards.routes",
    "app.cards.issued.routes",
    "app.duty.routes",
    "app.archive.routes",
    "app.archive.reports.routes",
    "app.notifications.routes",
    "app.notifications.live.routes",
    "app.notifications.push.routes",
    "app.deliberation.routes",
    "app.files.routes",
    "app.proposals.bodies.routes",
    "app.proposals.entry.routes",
    "app.proposals.batch.routes",
    "app.proposals.reminders.routes",
    "app.proposals.supervision.routes",
    "app.proposals.routes",
    "app.proposals.windows.routes",
    "app.proposals.handling.routes",
    "app.proposals.handling.talks.routes",
    "app.opinions.figures.routes",
    "app.opinions.entry.routes",
    "app.opinions.batch.routes",
    "app.opinions.routes",
    "app.opinions.leads.routes",
    "app.findings.routes",
    "app.outputs.routes",
    "app.cases.routes",
    "app.speeches.calls.routes",
    "app.speeches.routes",
    "app.contacts.routes",
    "app.projects.routes",
    "app.deeds.routes",
    "app.contacts.visits.routes",
    "app.consultations.venues.routes",
    "app.consultations.venues.public.routes",
    "app.consultations.matters.strangers.routes",
    "app.consultations.matters.routes",
    "app.suggestions.routes",
    "app.lineage.routes",
    "app.reading.routes",
    "app.drafts.routes",
    "app.activities.hall.routes",
    "app.activities.routes",
    "app.people.bodies.routes",
    "app.people.bodies.members.routes",
    "app.body_pages.routes",
    "app.people.routes",
    "app.people.duplicates.routes",
    "app.people.organizations.routes",
    "app.settings.routes",
    "app.people.offices.routes",
    "app.auth.sessions.routes",
    "app.auth.accounts.routes",
    "app.audit.routes",
    "app.workdays.routes",
    "app.cards.month.routes",
    "app.statistics.routes",
    "app.desks.routes",
    "app.setup.routes",
    "app.bulletins.routes",
    "app.bulletins.lists.routes",
    "app.library.routes",
    "app.library.units.routes",
    "app.choices.routes",
    "app.imports.routes",
    "app.exports.routes.documents",
    "app.exports.routes.lists",
    "app.exports.routes.deeds",
    "app.exports.routes.administration",
    "app.exports.routes.opinions",
    "app.exports.routes.outputs",
    "app.exports.routes.speeches",
    "app.exports.routes.consultations",
    "app.exports.routes.reports",
    "app.exports.routes.bulletins",
    "app.privacy.routes",
    "app.notes.routes",
    "app.presence.routes",
    "app.phrases.routes",
    "app.saved_views.routes",
    "app.find.routes",
    "app.operations.routes",
    "app.core.web.health",
)


@cache
def load_routers() -> tuple[APIRouter, ...]:
    """Every router; importing them also registers subjects, desks, thread rules, job handlers, recounts and queues."""
    routers = tuple(import_module(name).router for name in ROUTERS)
    for package in dict.fromkeys(".".join(name.split(".")[:2]) for name in ROUTERS):
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if module.name.rpartition(".")[2] in {"desk", "recount", "queues"}:
                import_module(module.name)
    return routers


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    config: Settings = app.state.settings
    # as many threads as pooled connections: more could only wait for each other
    anyio.to_thread.current_default_thread_limiter().total_tokens = config.threads
    async with transport.running(app):
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
    service.configure(config)
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
        api_page.install(app)
    web.install(app)
    # once: it takes a second of CPU, and anybody may ask for it
    app.openapi = cache(lambda: describe(app, routers))  # type: ignore[method-assign] # FastAPI's documented way
    return app
