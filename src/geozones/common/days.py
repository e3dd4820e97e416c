"""Format of days in files and stores."""

from datetime import date


def is_day(value: object) -> bool:
    """Return whether a value is a day ``2026-09-01``: other forms of ISO dates do not sort."""
    try:
        return date.fromisoformat(value).isoformat() == value  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
