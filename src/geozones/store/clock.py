"""The time of writes."""

from datetime import UTC, datetime


def utc_now() -> str:
    """Return the time, ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
