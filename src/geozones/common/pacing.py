"""Pace of long work: progress, calls per time window, a queue for a number of slots."""

import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Lock

from geozones.common import clock

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Clock, sleep and random numbers: replaced in tests."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = clock.now
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
    """Parse the header ``Retry-After``: seconds, or an HTTP date; ``None`` if it is neither.

    ``now`` has its time zone.
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


@dataclass(eq=False, slots=True)
class Ticket[Claim]:
    """Place in a queue, waiting since ``since``, then at work since ``since`` (monotonic time).

    ``claim`` is what the policy needs to know of the caller.
    """

    claim: Claim
    since: float = field(default_factory=time.monotonic)
    may_begin: Event = field(default_factory=Event)


#: Policy of a queue: from the tickets waiting and at work, in order, the next to begin, if any.
type Policy[Claim] = Callable[
    [Sequence[Ticket[Claim]], Sequence[Ticket[Claim]]], Ticket[Claim] | None
]


class SlotQueue[Claim]:
    """Queue whose ``policy`` is asked at each change, and by each waiting caller every ``look_s``.

    ``waiting`` and ``working`` are the tickets in order of arrival; only a policy may rely on both.
    """

    def __init__(self, policy: Policy[Claim], look_s: float) -> None:
        self._policy, self._look_s = policy, look_s
        self._lock = Lock()
        self.waiting: list[Ticket[Claim]] = []
        self.working: list[Ticket[Claim]] = []

    @contextmanager
    def slot(self, claim: Claim, check: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Acquire a slot for the duration of the block; ``check`` may raise to leave the queue."""
        mine = Ticket(claim)
        with self._lock:
            self.waiting.append(mine)
            self._begin_next()
        try:
            while not mine.may_begin.wait(self._look_s):
                check()
                with self._lock:  # time alone may change what the policy answers
                    self._begin_next()
            yield
        finally:
            with self._lock:
                (self.working if mine.may_begin.is_set() else self.waiting).remove(mine)
                self._begin_next()

    def _begin_next(self) -> None:
        """Let every waiting caller whose turn has come begin."""
        while (one := self._policy(self.waiting, self.working)) is not None:
            self.waiting.remove(one)
            one.since = time.monotonic()
            self.working.append(one)
            one.may_begin.set()


type Progress = Callable[[int, int], None]
"""Called with (done, total); any exception that it raises stops the work."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore progress."""
