"""Current time and today's date, in the time zone of the territory; alone to read the system clock.

Neither the time zone of the machine nor that of a browser decides what day it is.
"""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

#: Time zone of a territory whose folder names none.
DEFAULT_ZONE = "Europe/Paris"
#: Seconds that tests add to the system clock; child processes inherit the variable.
SHIFT = "GEOZONES_CLOCK_SHIFT"

_zone = ZoneInfo(DEFAULT_ZONE)


def use_zone(name: str) -> None:
    """Set the time zone of the territory, for the whole process: when its folder is opened."""
    global _zone  # noqa: PLW0603 - one territory a process, as one data folder
    _zone = ZoneInfo(name)


def now() -> datetime:
    """Return the current time, in the time zone of the territory."""
    shift = timedelta(seconds=float(os.environ.get(SHIFT) or 0))
    return (datetime.now(UTC) + shift).astimezone(_zone)


def today() -> date:
    """Return today's date in the territory."""
    return now().date()


def local(stamp: str) -> datetime:
    """Return an ISO time in the time zone of the territory."""
    return datetime.fromisoformat(stamp).astimezone(_zone)


def local_day(stamp: str) -> str:
    """Return the day (ISO) of an ISO time in the territory; a day alone is returned as it is."""
    return local(stamp).date().isoformat() if "T" in stamp else stamp
