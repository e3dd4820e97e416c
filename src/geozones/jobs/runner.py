"""Jobs in processes of their own: limits and queues of each kind, progress, stop and result.

Processes are forked from the fork server, which is launched here, and again if it dies.
"""

import atexit
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, perf_counter
from typing import Any, Protocol, Self

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import number, plural
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.common.pacing import SlotQueue, Ticket
from geozones.domain import SearchCancelledError
from geozones.jobs.pickling import ANSWER, PROGRESS, STOP, received, sent

#: Opens the data that jobs read, then modules that they use, once before the first job: by name,
#: because this room is below those of these modules.
_OPENER = "geozones.workspace.folder.atlas:open_atlas"
_MODULES = (
    "geozones.workspace.sharing.bundle",
    "geozones.intake.document_reader",
    "geozones.intake.resolve",
    "geozones.workspace.proposals.search",
    "geozones.workspace.teams",
    "geozones.export.pictures",
    "geozones.export.pdf",
    "geozones.export.deck",
    "geozones.export.xlsx",
    "geozones.export.geo",
    "geozones.optimize",
)
#: Environment of job processes: numerical libraries start no threads, because a fork would lose
#: them, and Arrow allocates from the system, so that its memory counts towards the limit.
_SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class ForkServer:
    """Handle on the fork server: starts it, stops it, connects to new processes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        atexit.register(self.stop)

    @property
    def pid(self) -> int | None:
        """Process id of the fork server; ``None`` before its first start."""
        return None if self._process is None else self._process.pid

    def start(self) -> str:
        """Start the fork server unless it runs; return the address of its socket."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._launch()
            assert self._folder is not None  # noqa: S101 - launched
            return str(Path(self._folder.name) / "jobs")

    def stop(self) -> None:
        """Stop the fork server; a running job ends with the process that waits for its answer."""
        with self._lock:
            if self._process is not None:
                self._process.terminate()
                self._process.wait()
            if self._folder is not None:
                self._folder.cleanup()
            self._process = self._folder = None

    def _launch(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        # only the owner may enter this folder: the process executes what its socket receives
        self._folder = tempfile.TemporaryDirectory(prefix="geozones-", ignore_cleanup_errors=True)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(Path(self._folder.name) / "jobs"))
            listening.listen(128)
            listening.set_inheritable(True)
            command = [sys.executable, "-m", "geozones.jobs.fork_server"]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(os.getpid()), str(listening.fileno()), _OPENER, *_MODULES],
                stdin=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
                env={
                    **os.environ,
                    **_SINGLE_THREADED,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )

    @contextmanager
    def connected(self) -> Iterator[tuple["Connection[Any, Any]", int, str]]:
        """Connect to a newly forked process; yield connection, its id, its data's stamp."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(self.start())
            except ConnectionRefusedError:  # the process died after `start` checked it
                with suppress(subprocess.TimeoutExpired):
                    assert self._process is not None  # noqa: S101 - started
                    self._process.wait(1)
                client.connect(self.start())
            connection = Connection(client.detach())
        with connection:
            process, stamp = connection.recv()
            yield connection, process, stamp


FORK_SERVER = ForkServer()


#: Field of `ServerLimits`: environment variable, default, minimum and maximum.
_VARIABLES = {
    "files": ("GEOZONES_WORK_FILES", 2, 1, 64),
    "searches": ("GEOZONES_WORK_SEARCHES", 4, 1, 64),
    "memory_mb": ("GEOZONES_WORK_MEMORY_MB", 1_500, 200, 1_000_000),
    "searches_each": ("GEOZONES_SEARCHES_EACH", 2, 1, 64),
    "uploads_mb": ("GEOZONES_UPLOADS_MB", 125, 31, 10_000),
    "uploads_total_mb": ("GEOZONES_UPLOADS_TOTAL_MB", 500, 31, 100_000),
    "sessions": ("GEOZONES_SESSIONS", 200, 1, 100_000),
    "visitor_sessions": ("GEOZONES_VISITOR_SESSIONS", 120, 1, 100_000),
    "link_sessions": ("GEOZONES_LINK_SESSIONS", 80, 1, 100_000),
    "visitor_files": ("GEOZONES_VISITOR_FILES", 1, 1, 64),
    "shared_files_mb": ("GEOZONES_SHARED_FILES_MB", 200, 1, 10_000),
    "seconds": ("GEOZONES_WORK_SECONDS", 600, 1, 86_400),
}


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the server."""

    #: Files drawn or read, and searches, that run at the same time; further jobs wait in a queue.
    files: int
    searches: int
    searches_each: int  # Searches that one visitor may have running.
    #: Megabytes that a job may allocate beyond the memory that its process starts with.
    memory_mb: int
    seconds: int  # Longest duration of a job.
    uploads_mb: int  # Megabytes of uploaded files, not yet read, that a page may have.
    uploads_total_mb: int  # The same limit for all pages together.
    sessions: int  # Pages open at once by logged-in users; by everybody where no login is set up.
    #: Pages open at once by visitors of shared links: of all links together, and of each link.
    visitor_sessions: int
    link_sessions: int
    visitor_files: int  # Files drawn at once for visitors of shared links, besides ``files``.
    #: Megabytes of files made for visitors of shared links that the server keeps.
    shared_files_mb: int


def read_bounds(environment: Mapping[str, str] | None = None) -> ServerLimits:
    """Read the limits from the environment, by default the one of this process."""
    env = os.environ if environment is None else environment
    return ServerLimits(**{field: _whole(env, *variable) for field, variable in _VARIABLES.items()})


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise InputError(
            f"{name} : « {text[:40]} » n'est pas un nombre entier de {number(low)} à "
            f"{number(high)}."
        )
    return int(text)


#: Jobs that may wait in the queue for each running job.
_WAITING_EACH = 10
_QUEUE_CHECK_S = 0.1


class ServerBusyError(GeozonesError):
    """The queue of jobs is full."""

    def __init__(self) -> None:
        super().__init__(
            "Trop de travaux attendent déjà sur le serveur : rien n'a changé. Réessayez dans "
            "quelques minutes."
        )


class JobQueue:
    """Queue of one kind of job, with limited concurrency.

    ``niceness`` is the `nice` value of its processes: pages keep priority on the processor.
    ``waiting_each`` jobs may wait for each running job.
    """

    def __init__(
        self,
        most: Callable[[ServerLimits], int],
        *,
        niceness: int,
        waiting_each: int = _WAITING_EACH,
    ) -> None:
        self._most, self.niceness, self._waiting_each = most, niceness, waiting_each
        self._slots = SlotQueue(_first_come, _QUEUE_CHECK_S)

    @property
    def running(self) -> int:
        """Number of running jobs."""
        return len(self._slots.working)

    @property
    def waiting(self) -> int:
        """Number of jobs in the queue."""
        return len(self._slots.waiting)

    @contextmanager
    def slot(self, bounds: ServerLimits, check: Callable[[], None]) -> Iterator[None]:
        """Hold a slot for the duration of the block; wait for it first.

        ``check`` is called while waiting and may raise.
        """
        most = self._most(bounds)
        if self.waiting >= most * self._waiting_each:
            raise ServerBusyError
        with self._slots.slot(most, check):
            yield


def _first_come(
    waiting: Sequence[Ticket[int]], working: Sequence[Ticket[int]]
) -> Ticket[int] | None:
    """Return the first job that waits, if fewer run than the limit that it came with."""
    return waiting[0] if waiting and len(working) < waiting[0].claim else None


#: Queues of files drawn and read, and of searches.
FILES = JobQueue(lambda bounds: bounds.files, niceness=5)
SEARCHES = JobQueue(lambda bounds: bounds.searches, niceness=10)
#: Queue of files drawn for visitors of shared links. Each link has few jobs at once, so many
#: links may wait.
VISITOR_FILES = JobQueue(lambda bounds: bounds.visitor_files, niceness=10, waiting_each=40)


_LOG = logging.getLogger(__name__)

#: Seconds between two checks of whether a job may continue.
_CHECK_EVERY_S = 0.1
#: Seconds that a job has to return its best result after it was asked to stop.
_STOPPING_S = 20.0
_LESS = "Limitez la demande : un secteur, une zone, un fichier plus petit."


class JobError(GeozonesError):
    """A job exceeded its limits or its process died; nothing changed."""


class Listener(Protocol):
    """Progress callback of a job; raises ``SearchCancelledError`` when the job should stop."""

    def __call__(self, *report: object) -> None:
        """Report progress; without arguments, only check whether to stop."""


def _ignore(*_: object) -> None:
    """Do nothing."""


def run_in_process[Outcome](
    queue: JobQueue,
    function: Callable[..., Outcome],
    *arguments: object,
    on_progress: Callable[..., None] = _ignore,
    check: Callable[[], None] = _ignore,
    stop: Event | None = None,
) -> Outcome:
    """Call a function in a separate process and return its result.

    ``queue`` is `FILES`, `SEARCHES` or `VISITOR_FILES`. ``function``, of a module, is called with a
    `Listener`, then the arguments; ``on_progress`` with the arguments that the function gives its
    listener. ``check`` is called ten times a second; if it raises, the process is killed at once.
    Once ``stop`` is set, the listener raises: the function returns its best result so far.
    """
    bounds = read_bounds()
    job = (function, arguments)
    try:
        with queue.slot(bounds, check), FORK_SERVER.connected() as (connection, process, stamp):
            content, opened = sent(job, stamp)
            try:
                connection.send((bounds.memory_mb, bounds.seconds, queue.niceness))
                connection.send_bytes(content)
                answer = _AnswerReader(
                    connection, bounds, on_progress, check, stop or Event()
                ).answer()
            finally:
                _end(connection, process)
    except (EOFError, OSError) as error:
        raise JobError(_LOST) from error
    kind, outcome = received(answer, opened)
    if kind == "done":
        found: Outcome = outcome
        return found
    if kind == "refused":
        raise outcome
    if kind == "memory":
        raise JobError(
            "Ce travail demande plus de mémoire que le serveur n'en accorde "
            f"({number(bounds.memory_mb)} Mo) : rien n'a changé. {_LESS}"
        )
    _LOG.error("Job failed:\n%s", outcome)
    raise JobError(_BROKEN)


def _end(connection: "Connection[Any, Any]", process: int) -> None:
    """Kill a job with the processes that it started, if it still runs; wait until it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(EOFError, OSError):
        while connection.poll(_CHECK_EVERY_S):
            connection.recv_bytes()


def call[Outcome](_: Listener, function: Callable[..., Outcome], *arguments: object) -> Outcome:
    """Call a function that reports no progress and cannot be stopped early."""
    return function(*arguments)


class _AnswerReader:
    """Reader of a job's messages until its answer."""

    def __init__(
        self,
        connection: "Connection[Any, Any]",
        bounds: ServerLimits,
        on_progress: Callable[..., None],
        check: Callable[[], None],
        stop: Event,
    ) -> None:
        self._connection, self._bounds = connection, bounds
        self._on_progress, self._check, self._stop = on_progress, check, stop
        self._end = monotonic() + bounds.seconds
        self._asked = False

    def answer(self) -> bytes:
        """Return the answer as bytes; pass earlier messages to the progress callback."""
        while True:
            self._check()
            if self._stop.is_set() and not self._asked:
                self._asked = True
                self._connection.send_bytes(STOP)
                self._end = min(self._end, monotonic() + _STOPPING_S)
            if monotonic() > self._end:
                raise JobError(_STOPPED if self._asked else _too_long(self._bounds))
            if not self._connection.poll(_CHECK_EVERY_S):
                continue
            message = self._connection.recv_bytes()
            if message.startswith(ANSWER):
                return message[len(ANSWER) :]
            self._on_progress(*received(message[len(PROGRESS) :], None))


_LOST = (
    "Le processus qui faisait ce travail s'est arrêté avant la fin (mémoire insuffisante ou arrêt "
    "forcé) : rien n'a changé. Réessayez ; si cela recommence, demandez moins à la fois."
)
_STOPPED = "Le travail a été arrêté avant d'avoir trouvé quoi que ce soit : rien n'a changé."
_BROKEN = (
    "Ce travail s'est arrêté sur une erreur interne : rien n'a changé. Réessayez ; si cela "
    "recommence, prévenez l'administrateur de l'outil : le journal du serveur garde le détail."
)


def _too_long(bounds: ServerLimits) -> str:
    minutes = bounds.seconds / 60
    limit = plural(round(minutes), "minute") if minutes >= 2 else f"{number(bounds.seconds)} s"
    return (
        f"Ce travail a dépassé le temps que le serveur accorde ({limit}) : rien n'a changé. {_LESS}"
    )


_FAILED = "La recherche s'est arrêtée sur une erreur interne ; votre plan n'a pas changé."


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
        return self._problem or _FAILED

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the end of the job, at most ``seconds``."""
        self._thread.join(seconds)
