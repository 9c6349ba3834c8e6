"""The application without the limits of pace: a few members of a benchmark post as much as a city."""

from fastapi import FastAPI

from app.activities import codes
from app.threads.posting import pace


def lift() -> None:
    """Let members post as fast as they like."""
    for limit in (pace.UPDATES, pace.REPLIES, pace.SUPPORTS):
        object.__setattr__(limit, "most", 10**9)
    codes.TRIES = (codes.TRIES[0], 10**9)


def create_app() -> FastAPI:
    """The application, for members who never tire."""
    from app import serving  # noqa: PLC0415

    lift()
    return serving.create_app()
