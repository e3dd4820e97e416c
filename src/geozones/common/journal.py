"""What happens while the app runs, told once: the log keeps it, counters count it.

Only codes and numbers are told: never a name, an address, nor what someone wrote.
"""

import logging
import re
from enum import StrEnum

LOGGER = "geozones.events"
_LOG = logging.getLogger(LOGGER)
_CODE = re.compile(r"[\w.-]{1,40}", re.ASCII)
_UNTOLD = "other"


class Happening(StrEnum):
    """What is told of."""

    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    CHANGE = "change"
    SEARCH = "search"
    EXPORT = "export"
    FAULT = "fault"
    BACKUP = "backup"
    LOG_SEALED = "log_sealed"


def start_telling() -> None:
    """Have what happens reach the log, which by default keeps what is grave only."""
    logging.getLogger(LOGGER).setLevel(logging.INFO)


def tell(what: Happening, **facts: str | int) -> None:
    """Tell that something happened.

    ``facts`` are codes (40 letters, figures, dots or dashes at most; anything else becomes
    ``other``) and whole numbers.
    """
    kept = {
        name: fact if isinstance(fact, int) or _CODE.fullmatch(fact) else _UNTOLD
        for name, fact in facts.items()
    }
    _LOG.info(what.value, extra={"event": what.value, "facts": kept})
