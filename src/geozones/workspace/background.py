"""Long work in a thread of its own: watched while it goes on, stopped when asked."""

from abc import ABC, abstractmethod
from threading import Event, Thread
from time import perf_counter

from geozones.common.errors import GeozonesError
from geozones.common.journal import Happening, tell
from geozones.domain import SearchCancelledError

_BROKEN = "La recherche s'est arrêtée sur une erreur interne ; votre plan n'a pas changé."


class Background[Outcome](ABC):
    """Work that begins at once; ``outcome`` is what it gave, once it ended."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        self._problem = ""
        self._stop = Event()
        self._start = perf_counter()
        # a daemon: closing the app does not wait for a proof
        self._thread = Thread(target=self._run, name="geozones-search", daemon=True)
        self._thread.start()
        tell(Happening.SEARCH, kind=type(self).__name__)

    @abstractmethod
    def work(self) -> Outcome:
        """Do the work; raise ``GeozonesError`` where it cannot be done."""

    def _run(self) -> None:
        try:
            self.outcome = self.work()
        except GeozonesError as error:
            self._problem = str(error)

    def check_stop(self) -> None:
        """Raise ``SearchCancelledError`` once someone asked to stop."""
        if self._stop.is_set():
            raise SearchCancelledError

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return perf_counter() - self._start

    def cancel(self) -> None:
        """Ask it to stop; it then ends with the best found so far."""
        self._stop.set()

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
