"""Structured logs: one JSON object a line, holding nothing that names a person."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

FORBIDDEN = frozenset(
    {"email", "name", "token", "password", "query", "authorization", "address", "user_id", "body", "exc_info"}
)
"""Fields that no log line may have."""


def _drop_personal(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value for key, value in event.items() if key not in FORBIDDEN}


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _drop_personal,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return logger


def configure_logging(level: str) -> None:
    """Send the server's log lines to standard output; called once, by the command."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    root = logging.getLogger("sync")
    root.handlers[:] = [handler]
    root.propagate = False
    root.setLevel(level.upper())


def fault_place(fault: BaseException) -> dict[str, Any]:
    """Return what a log may say of a fault: its kind and place, not its words, which may quote what was sent."""
    places = []
    trace = fault.__traceback__
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    found: dict[str, Any] = {"fault": type(fault).__name__, "at": places[-8:]}
    sqlstate = getattr(fault, "sqlstate", None)
    return found | ({"sqlstate": sqlstate} if sqlstate else {})
