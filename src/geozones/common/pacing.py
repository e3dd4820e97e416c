"""Rate limits of web services: calls per time window, and the ``Retry-After`` header."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

MINUTE_S = 60.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Clock, sleep and random numbers: replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = _utc_now
    chance: random.Random = field(default_factory=random.Random)


class RateLimiter:
    """Limit of ``calls`` in any ``window_s`` seconds, as the service counts them; thread-safe."""

    def __init__(self, calls: int, window_s: float = MINUTE_S) -> None:
        self._slots: deque[float] = deque(maxlen=calls)
        self._window_s = window_s
        self._lock = Lock()

    def reserve(self, now: float, latest: float) -> float | None:
        """Reserve the next slot and return its time; return ``None`` if it is past ``latest``."""
        with self._lock:
            slot = now
            if len(self._slots) == self._slots.maxlen:
                slot = max(now, self._slots[0] + self._window_s)
            if slot > latest:
                return None
            self._slots.append(slot)
            return slot


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Parse ``Retry-After``: seconds, or an HTTP date; ``None`` if it is neither.

    Parameters
    ----------
    value
        The header as received.
    now
        With its time zone.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
