"""Long work in a process of its own: watched while it goes on, stopped when asked."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from threading import Event, Thread
from time import perf_counter
from typing import Any

from geozones.common.errors import GeozonesError
from geozones.common.journal import Happening, tell
from geozones.domain import SearchCancelledError
from geozones.workspace.apart import SEARCHES, work_apart
from geozones.workspace.apart.lanes import Lane

_BROKEN = "La recherche s'est arrêtée sur une erreur interne ; votre plan n'a pas changé."


class Background[Outcome](ABC):
    """Work that begins at once; ``outcome`` is what it gave, once it ended.

    A thread waits for the process that does it (`work_apart`).
    """

    #: Whose turn it waits for.
    lane: Lane = SEARCHES

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._problem = ""
        self._stop, self._left = Event(), Event()
        self._start = perf_counter()
        # a daemon: closing the app does not wait for a proof
        self._thread = Thread(target=self._run, name="geozones-search", daemon=True)
        self._thread.start()
        if self.lane is SEARCHES:
            tell(Happening.SEARCH, kind=type(self).__name__)

    @abstractmethod
    def work(self) -> Outcome:
        """Have the work done by `apart`; raise ``GeozonesError`` where it cannot be done."""

    def apart[Given](self, function: Callable[..., Given], *arguments: object) -> Given:
        """Return what a function gives in a process of its own, as `work_apart` calls it."""
        return work_apart(
            self.lane,
            function,
            *arguments,
            told=self.hear,
            check=self._check_left,
            stop=self._stop,
        )

    def hear(self, *said: Any) -> None:  # noqa: ANN401, B027 - some work tells nothing
        """Take what the work tells while it goes on."""

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
        """Seconds since it began."""
        return perf_counter() - self._start

    def cancel(self) -> None:
        """Ask it to stop; it then ends with the best found so far."""
        self._stop.set()

    def abandon(self) -> None:
        """End it at once, with nothing: nobody waits for it any more."""
        self._left.set()

    @property
    def is_abandoned(self) -> bool:
        """Whether it was ended with nothing."""
        return self._left.is_set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def is_running(self) -> bool:
        """Whether it still goes on."""
        return self._thread.is_alive()

    @property
    def problem(self) -> str:
        """Why there is no outcome, once it ended; empty where there is one."""
        if self.is_running or self.outcome is not None:
            return ""
        return self._problem or _BROKEN

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end, or some seconds at most."""
        self._thread.join(seconds)
