"""Background search, run in a separate process: progress, cancellation, result."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter
from typing import Any

from geozones.common.errors import GeozonesError
from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.domain import SearchCancelledError
from geozones.workspace.jobs import SEARCHES, work_apart
from geozones.workspace.jobs.queues import Lane

_BROKEN = "La recherche s'est arrêtée sur une erreur interne ; votre plan n'a pas changé."


class Background[Outcome](ABC):
    """Work that starts at once in the background; ``outcome`` is its result once it ended.

    A thread waits for the process that does the work (`work_apart`).
    """

    #: The queue in which the work waits.
    lane: Lane = SEARCHES

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._problem = ""
        self._stop, self._left = Event(), Event()
        self._start = perf_counter()
        # a daemon thread: closing the app does not wait for a search to finish
        self._thread = Thread(target=self._run, name="geozones-search", daemon=True)
        self._thread.start()
        if self.lane is SEARCHES:
            record_event(TelemetryEvent.SEARCH, kind=type(self).__name__)

    @abstractmethod
    def work(self) -> Outcome:
        """Do the work through `apart`; raise ``GeozonesError`` if it cannot be done."""

    def apart[Given](self, function: Callable[..., Given], *arguments: object) -> Given:
        """Call a function in a separate process (see `work_apart`) and return its result."""
        return work_apart(
            self.lane,
            function,
            *arguments,
            told=self.hear,
            check=self._check_left,
            stop=self._stop,
        )

    def hear(self, *said: Any) -> None:  # noqa: ANN401, B027 - some work tells nothing
        """Take a progress report of the work."""

    def _run(self) -> None:
        try:
            self.outcome = self.work()
        except GeozonesError as error:
            self._problem = str(error)

    def _check_left(self) -> None:
        if self._left.is_set():
            raise SearchCancelledError

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self._start

    def cancel(self) -> None:
        """Ask the work to stop; it then returns its best result so far."""
        self._stop.set()

    def abandon(self) -> None:
        """Kill the work without a result: nobody waits for it any more."""
        self._left.set()

    @property
    def is_abandoned(self) -> bool:
        """Whether the work was killed without a result."""
        return self._left.is_set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the work was asked to stop."""
        return self._stop.is_set()

    @property
    def is_running(self) -> bool:
        """Whether the work is still running."""
        return self._thread.is_alive()

    @property
    def problem(self) -> str:
        """Why the ended work has no outcome; empty if it has one or still runs."""
        if self.is_running or self.outcome is not None:
            return ""
        return self._problem or _BROKEN

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the work, at most ``seconds``."""
        self._thread.join(seconds)
