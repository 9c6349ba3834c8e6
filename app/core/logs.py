"""Structured logs: one line an event, as JSON or as text."""

import logging
import sys

import structlog

from app.core.config import Settings


def configure(config: Settings) -> None:
    """Send structlog and the standard library's logging to standard error in the asked format."""
    level = logging.getLevelNamesMapping()[config.log_level]
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if config.log_format == "json"
        else [structlog.dev.ConsoleRenderer()]
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer()]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    standard = "%(levelname)s %(name)s %(message)s"
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format=standard)
