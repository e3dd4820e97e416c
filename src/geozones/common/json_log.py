"""JSON log of the running app, without names, secrets or anything that users wrote.

Of an error, the log has the class and the place in the code, never the message, which may quote a
name. Events have only codes and numbers. ``GEOZONES_LOG=text``, the default, logs everything, for a
personal machine.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import override

from geozones.common.errors import InputError

VARIABLE = "GEOZONES_LOG"
_FORMS = ("text", "json")
#: Patterns that no line may contain, and their replacements, applied in this order.
_HIDDEN = (
    (re.compile(r"(?<=://)[^/\s@]+@"), "…@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"\?[^\s\"'<>]+"), "?…"),
    (re.compile(r"\b(?!127\.0\.0\.1\b)\d{1,3}(\.\d{1,3}){3}\b"), "<ip>"),
    (re.compile(r"(?<![\w:])(?!::1\b)[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){3,7}(?![\w:])"), "<ip>"),
    (re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}\b"), "<code>"),
)


def wants_json(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether ``GEOZONES_LOG`` asks for lines of JSON."""
    asked = (os.environ if environment is None else environment).get(VARIABLE, "text").strip()
    if asked not in _FORMS:
        raise InputError(
            f"{VARIABLE} : « {asked[:40]} » n'est pas un journal connu ({' ou '.join(_FORMS)})."
        )
    return asked == "json"


def write_json() -> None:
    """Configure every logger of Python to write lines of JSON on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


class JsonFormatter(logging.Formatter):
    """Formatter of JSON lines: time (UTC), level, logger, message; event and facts, if any."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
        }
        if hasattr(record, "event"):
            line |= {"event": record.event, **getattr(record, "facts", {})}
        else:
            line["message"] = hidden(_message(record))
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, where = record.exc_info
            # the places in the code that an error went through, the innermost last
            line |= {
                "error": kind.__name__,
                "where": [
                    f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
                    for frame in traceback.extract_tb(where)
                ],
            }
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Return the message, with the class of each exception in place of its text."""
    args = record.args
    if isinstance(args, tuple):
        record = logging.makeLogRecord(record.__dict__)
        record.args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in args)
    return record.getMessage()


def hidden(text: str) -> str:
    """Return a text without passwords, e-mails, machine addresses, queries and long codes."""
    for pattern, sign in _HIDDEN:
        text = pattern.sub(sign, text)
    return text


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
