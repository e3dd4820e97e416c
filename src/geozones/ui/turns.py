"""Have pages drawn one after the other, not all at once.

Drawings are Python's work, of which a process does one at a time: twenty at once each take twenty
times as long, and whoever came first waits as long as whoever came last. A drawing that lasts waits
for something else (another process, an engine): it lets the next one begin.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

#: Drawings at work together: one may wait for the database while another is worked out.
_TOGETHER = 2
#: Seconds after which a drawing no longer keeps others waiting.
_LASTING_S = 0.5


class Turns:
    """Who is at work, and who waits, in the order that they came."""

    def __init__(self, together: int = _TOGETHER, lasting_s: float = _LASTING_S) -> None:
        self._together, self._lasting_s = together, lasting_s
        self._changed = Condition()
        self._began: dict[object, float] = {}
        self._waiting: deque[object] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and hold it for the block."""
        me = object()
        with self._changed:
            self._waiting.append(me)
            while self._waiting[0] is not me or self._busy() >= self._together:
                self._changed.wait(self._until_next())
            self._waiting.popleft()
            self._began[me] = time.monotonic()
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                del self._began[me]
                self._changed.notify_all()

    def _busy(self) -> int:
        since = time.monotonic() - self._lasting_s
        return sum(began > since for began in self._began.values())

    def _until_next(self) -> float:
        """Return the seconds until one of those at work has lasted."""
        since = time.monotonic() - self._lasting_s
        young = [began - since for began in self._began.values() if began > since]
        return min(young, default=self._lasting_s)


def take_turns() -> None:
    """Have every page of this process drawn so."""
    turns, run = Turns(), script_runner.ScriptRunner._run_script  # noqa: SLF001 - no other place

    def in_turn(runner: script_runner.ScriptRunner, asked: RerunData) -> None:
        with turns.turn():
            run(runner, asked)

    script_runner.ScriptRunner._run_script = in_turn  # type: ignore  # noqa: PGH003, SLF001
