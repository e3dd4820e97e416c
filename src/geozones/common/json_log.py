"""The log as lines of JSON, without what people wrote, who they are, nor secrets.

Of an error it keeps the kind and where in the code it was, never the message: a message may quote a
name, or what was typed. ``GEOZONES_LOG=text``, the default, keeps all of it, for one's own machine.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import override

from geozones.common.errors import InputError

VARIABLE = "GEOZONES_LOG"
_FORMS = ("text", "json")
#: What no line holds, and what stands for it: the first that fits is put first.
_HIDDEN = (
    (re.compile(r"(?<=://)[^/\s@]+@"), "…@"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"\?[^\s\"'<>]+"), "?…"),
    (re.compile(r"\b(?!127\.0\.0\.1\b)\d{1,3}(\.\d{1,3}){3}\b"), "<ip>"),
    (re.compile(r"(?<![\w:])(?!::1\b)[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){3,7}(?![\w:])"), "<ip>"),
    (re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}\b"), "<code>"),
)


def wants_json(environment: Mapping[str, str] | None = None) -> bool:
    """Tell whether ``GEOZONES_LOG`` asks for lines of JSON.

    Raises
    ------
    InputError
        If it is neither ``json`` nor ``text``.
    """
    asked = (os.environ if environment is None else environment).get(VARIABLE, "text").strip()
    if asked not in _FORMS:
        msg = f"{VARIABLE} : « {asked[:40]} » n'est pas un journal connu ({' ou '.join(_FORMS)})."
        raise InputError(msg)
    return asked == "json"


def write_json() -> None:
    """Have every logger of Python write lines of JSON on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(capture=True)


class JsonFormatter(logging.Formatter):
    """A line of JSON: when (UTC), how grave, who says it, what; what happened, where it is told."""

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
            line |= {"error": kind.__name__, "where": _frames(where)}
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Return what is said, with the kind of an error in place of its message."""
    args = record.args
    if isinstance(args, tuple):
        record = logging.makeLogRecord(record.__dict__)
        record.args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in args)
    return record.getMessage()


def hidden(text: str) -> str:
    """Return a text without passwords, e-mails, addresses of machines, queries nor long codes."""
    for pattern, sign in _HIDDEN:
        text = pattern.sub(sign, text)
    return text


def _frames(where: TracebackType | None) -> list[str]:
    """Return the places of the code that an error went through, the innermost last."""
    return [
        f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(where)
    ]
