"""Structured logs that cannot carry what must stay private: a redaction processor stands before every renderer."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

# Fields that may be logged. Everything else is dropped by name: a new field has to be thought about here.
ALLOWED = frozenset(
    """
    event level timestamp request_id logger program method route status milliseconds task promise attempt order case
    item check platform action act state reason error kind count generation entry port pid version exception shard replica
    """.split()  # noqa: SIM905  a list to read, not to parse
)
SECRETS = re.compile(
    r"sd_live_[A-Za-z0-9_-]+|AGE-SECRET-KEY-1[A-Z0-9]+|whsec_[A-Za-z0-9+/=]+"
    r"|(?<=/enter/)[^\s/]+|(?<=/report/)[^\s/]+"  # one-time links
    r"|\b[0-9A-HJKMNP-TV-Z]{4}(?:-?[0-9A-HJKMNP-TV-Z]{4}){3}\b"  # a receipt given before they had words
    r"|(?<![A-Za-z])[A-Za-z]{4,8}(?:(?:[-+,.\s]|%20)+[A-Za-z]{4,8}){6,}"  # a receipt: seven words and what is next to it
    r"|\b(?:\d{1,3}\.){3}\d{1,3}\b(?!:87)"  # an address of a person
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
)


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Drop fields that are not on the list, and blank what looks like a secret or a person in those that are."""
    kept = {name: value for name, value in event.items() if name in ALLOWED}
    if dropped := sorted(set(event) - ALLOWED - {"_record", "_from_structlog"}):
        kept["redacted"] = dropped
    return {name: SECRETS.sub("[redacted]", value) if isinstance(value, str) else value for name, value in kept.items()}


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's logging through the same processors, as JSON lines (on stderr)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its lines name addresses
    logging.getLogger("httpcore").setLevel(logging.WARNING)
