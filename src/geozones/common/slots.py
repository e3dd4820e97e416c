"""Queue for a limited number of slots: a policy chooses which waiting caller begins next."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock


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
