"""Runner of jobs: calls a function in a separate process, watches it, ends it at its limits."""

import contextlib
import logging
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Event
from time import monotonic
from typing import Any, Protocol

from geozones.common.errors import GeozonesError
from geozones.common.french import number, plural
from geozones.workspace.jobs.fork_server_launcher import FORK_SERVER
from geozones.workspace.jobs.limits import ServerLimits, read_bounds
from geozones.workspace.jobs.pickling import ANSWER, PROGRESS, STOP, received, sent
from geozones.workspace.jobs.queues import JobQueue

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

    Parameters
    ----------
    queue
        The queue: `FILES`, `SEARCHES` or `VISITOR_FILES`.
    function
        A module-level function, called with a `Listener`, then the arguments.
    on_progress
        Called with the arguments that the function gives its listener.
    check
        Called ten times a second; if it raises, the process is killed at once.
    stop
        Once this event is set, the listener raises: the function returns its best result so far.

    Raises
    ------
    JobError
        If the job exceeds the server's limits of memory or time, if its process dies, if the queue
        is full, or if the function raises anything but a ``GeozonesError``.
    """
    bounds = read_bounds()
    job = (function, arguments)
    try:
        with queue.slot(bounds, check), FORK_SERVER.connected() as (connection, process, stamp):
            content, atlas = sent(job, stamp)
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
    kind, outcome = received(answer, atlas)
    if kind == "done":
        found: Outcome = outcome
        return found
    if kind == "refused":
        raise outcome
    if kind == "memory":
        raise JobError(_too_much(bounds))
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
            self._check_limits()
            if not self._connection.poll(_CHECK_EVERY_S):
                continue
            message = self._connection.recv_bytes()
            if message.startswith(ANSWER):
                return message[len(ANSWER) :]
            self._on_progress(*received(message[len(PROGRESS) :], None))

    def _check_limits(self) -> None:
        self._check()
        if self._stop.is_set() and not self._asked:
            self._asked = True
            self._connection.send_bytes(STOP)
            self._end = min(self._end, monotonic() + _STOPPING_S)
        if monotonic() > self._end:
            raise JobError(_STOPPED if self._asked else _too_long(self._bounds))


_LOST = (
    "Le processus qui faisait ce travail s'est arrêté avant la fin (mémoire insuffisante ou arrêt "
    "forcé) : rien n'a changé. Réessayez ; si cela recommence, demandez moins à la fois."
)
_STOPPED = "Le travail a été arrêté avant d'avoir trouvé quoi que ce soit : rien n'a changé."
_BROKEN = (
    "Ce travail s'est arrêté sur une erreur interne : rien n'a changé. Réessayez ; si cela "
    "recommence, prévenez l'administrateur de l'outil : le journal du serveur garde le détail."
)


def _too_much(bounds: ServerLimits) -> str:
    return (
        "Ce travail demande plus de mémoire que le serveur n'en accorde "
        f"({number(bounds.memory_mb)} Mo) : rien n'a changé. {_LESS}"
    )


def _too_long(bounds: ServerLimits) -> str:
    minutes = bounds.seconds / 60
    limit = plural(round(minutes), "minute") if minutes >= 2 else f"{number(bounds.seconds)} s"
    return (
        f"Ce travail a dépassé le temps que le serveur accorde ({limit}) : rien n'a changé. {_LESS}"
    )
