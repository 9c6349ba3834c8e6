"""The settings that this process runs with, for job handlers, which get the database alone."""

from app.core.config import Settings, settings

_running: list[Settings] = []


def configure(config: Settings) -> None:
    """Let job handlers run with these settings."""
    _running[:] = [config]


def running() -> Settings:
    """The settings of the server or worker; those of the environment elsewhere."""
    return _running[0] if _running else settings()
