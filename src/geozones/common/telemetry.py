"""Telemetry events of the running app, written once to a logger, which log and counters read.

They contain only codes and numbers: never a name, an address, or a text that someone wrote.
"""

import logging
import re
from enum import StrEnum

LOGGER = "geozones.events"
_LOG = logging.getLogger(LOGGER)
_CODE = re.compile(r"[\w.-]{1,40}", re.ASCII)
_UNKNOWN = "other"


class TelemetryEvent(StrEnum):
    """Kind of a telemetry event."""

    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    CHANGE = "change"
    SEARCH = "search"
    EXPORT = "export"
    FAULT = "fault"
    BACKUP = "backup"
    LOG_SEALED = "log_sealed"


def enable_telemetry() -> None:
    """Enable telemetry events in the log, which by default keeps warnings and errors only."""
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def record_event(what: TelemetryEvent, **facts: str | int) -> None:
    """Write a telemetry event to the log.

    ``facts`` are codes (40 letters, figures, dots or dashes at most; anything else becomes
    ``other``) and whole numbers.
    """
    kept = {
        name: fact if isinstance(fact, int) or _CODE.fullmatch(fact) else _UNKNOWN
        for name, fact in facts.items()
    }
    _LOG.info(what.value, extra={"event": what.value, "facts": kept})
