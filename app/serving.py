"""Starts uvicorn: one process in this one, or several stateless ones on PostgreSQL."""

import uvicorn
from fastapi import FastAPI

from app.core.jobs.memory import begin_loading, end_loading

#: Seconds that open event streams get to end after SIGTERM.
STOP_SECONDS = 5
#: Seconds that an idle connection stays open: more than the 60 of nginx, which else asks by one that has just closed.
IDLE_SECONDS = 75


def create_app() -> FastAPI:
    """The application of a process that serves it and nothing else."""
    begin_loading()
    from app import main  # noqa: PLC0415 - slow to load, and the supervisor of several processes needs none of it

    app = main.create_app()
    end_loading()
    return app


def run(host: str, port: int, workers: int = 1) -> None:
    """Serve until SIGTERM or Ctrl-C; open streams end within `STOP_SECONDS`."""
    uvicorn.run(
        "app.serving:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers if workers > 1 else None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
