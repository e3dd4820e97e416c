"""Background job: a function called in a separate process, its progress, stop and result."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from time import perf_counter
from typing import Self

from geozones.common.errors import GeozonesError
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.domain import SearchCancelledError
from geozones.jobs.runner import SEARCHES, JobQueue, Listener, run_in_process

_BROKEN = "La recherche s'est arrêtée sur une erreur interne ; votre plan n'a pas changé."


@dataclass(frozen=True, slots=True)
class Steps:
    """Progress of a job in steps: steps done, total steps, what is done now in French."""

    done: int = 0
    total: int = 0
    what: str = ""

    @property
    def share(self) -> float:
        """Share of the steps done, from 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


class Job[Asked, Progress, Outcome]:
    """Function called in the background; ``outcome`` is its result once it ended.

    The job waits in ``queue`` for a process of its own; ``None`` calls the function in a thread of
    this process, without a limit of memory or time. ``function``, of a module, is called with a
    `Listener`, then ``asked``; it raises ``GeozonesError`` if it cannot do the job. ``asked`` is
    kept, since the plan on screen may be another by the end.

    ``progress`` is the progress before the first report. Each report replaces it by a value of its
    class, made of the arguments that the function gives its listener.
    """

    def __init__(
        self,
        queue: JobQueue | None,
        function: Callable[[Listener, Asked], Outcome],
        asked: Asked,
        progress: Progress,
    ) -> None:
        self.queue, self.asked, self.progress = queue, asked, progress
        self.outcome: Outcome | None = None
        self._function, self._problem = function, ""
        self._stop, self._left = Event(), Event()
        self._start = perf_counter()
        # a daemon thread: closing the app does not wait for a job to finish
        self._thread = Thread(target=self._run, name="geozones-job", daemon=True)

    def start(self) -> Self:
        """Start the job, and return it."""
        self._start = perf_counter()
        self._thread.start()
        if self.queue is SEARCHES:
            record_event(TelemetryEvent.SEARCH, kind=self._function.__name__)
        return self

    def _run(self) -> None:
        try:
            self.outcome = self._call()
        except GeozonesError as error:
            self._problem = str(error)

    def _call(self) -> Outcome:
        if self.queue is None:
            return self._function(self._listen, self.asked)
        return run_in_process(
            self.queue,
            self._function,
            self.asked,
            on_progress=self._on_progress,
            check=self._check_abandoned,
            stop=self._stop,
        )

    def _on_progress(self, *report: object) -> None:
        self.progress = type(self.progress)(*report)

    def _check_abandoned(self) -> None:
        if self.is_abandoned:
            raise SearchCancelledError

    def _listen(self, *report: object) -> None:
        """Take a report of a function called in this process: the `Listener` it is given."""
        if self.is_cancelled or self.is_abandoned:
            raise SearchCancelledError
        if report:
            self._on_progress(*report)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self._start

    def cancel(self) -> None:
        """Ask the job to stop; it then returns its best result so far."""
        self._stop.set()

    def abandon(self) -> None:
        """Kill the job without a result: nobody waits for it any more."""
        self._left.set()

    @property
    def is_abandoned(self) -> bool:
        """Whether the job was killed without a result."""
        return self._left.is_set()

    @property
    def is_cancelled(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    @property
    def is_running(self) -> bool:
        """Whether the job is still running."""
        return self._thread.is_alive()

    @property
    def problem(self) -> str:
        """Why the ended job has no outcome; empty if it has one or still runs."""
        if self.is_running or self.outcome is not None:
            return ""
        return self._problem or _BROKEN

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the job, at most ``seconds``."""
        self._thread.join(seconds)
