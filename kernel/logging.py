"""Logs: one JSON object a line on standard output, each with the correlation id, none with personal data.

The same form for our own events (structlog) and for what libraries write through the standard library.
"""

import logging
import logging.config
import re
import sys
from typing import Any

import structlog
from django.conf import settings

from kernel import correlation

_SECRET_KEY = re.compile(r"password|secret|token|authorization|cookie|api_?key|credential", re.IGNORECASE)
_PERSONAL = re.compile(r"(?<![\w.-])(?:\+?86)?1[3-9]\d{9}(?!\w)|\b\d{17}[\dXx]\b|[\w.+-]+@[\w-]+\.[\w.]+")
_QUIET = {
    # Refused requests have a line of ours already, with the correlation id that Django's comes too late for.
    "django.request": "ERROR",
    "django.server": "ERROR",
    "celery.app.trace": "ERROR",
    "celery.worker.strategy": "WARNING",
    "celery.worker.request": "WARNING",
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "kombu": "WARNING",
    "asyncio": "WARNING",
    "_granian": "INFO",
}


def configure() -> None:
    """Set up structlog and the standard library's logging for this process."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "line": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _shared(),
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        redact,
                        _renderer(),
                    ],
                }
            },
            "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
            "root": {"handlers": ["console"], "level": settings.OMS_LOG_LEVEL},
            "loggers": {name: {"level": level} for name, level in _QUIET.items()},
        }
    )


def add_correlation(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Every line tells to which story it belongs."""
    event.setdefault("correlation_id", correlation.current())
    return event


def redact(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """A net below the rule that nobody logs personal data: phones, id cards, mail addresses and secrets are blotted
    out.
    """
    for key, value in event.items():
        if _SECRET_KEY.search(key):
            event[key] = "(withheld)"
        elif isinstance(value, str):
            event[key] = _PERSONAL.sub("(personal)", value)
    return event


def _shared() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_correlation,
    ]


def _renderer() -> Any:
    if settings.OMS_LOG_FORMAT == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
