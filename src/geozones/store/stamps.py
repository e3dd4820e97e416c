"""Ids of new scenarios, and the time of writes."""

import secrets
from datetime import UTC, datetime


def new_id() -> str:
    """Return an id that nobody can guess, for a scenario: who has it may edit."""
    return secrets.token_urlsafe(16)


def utc_now() -> str:
    """Return the time, ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
