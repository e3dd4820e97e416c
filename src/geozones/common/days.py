"""Days as files and stores write them."""

from datetime import date


def is_day(value: object) -> bool:
    """Tell whether this is a day written ``2026-09-01``: ISO dates of other forms do not sort."""
    try:
        return date.fromisoformat(value).isoformat() == value  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
