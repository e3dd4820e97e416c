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
from geozones.workspace.jobs.fork_server_launcher import ZYGOTE
from geozones.workspace.jobs.limits import ServerLimits, read_bounds
from geozones.workspace.jobs.pickling import ANSWER, STOP, TOLD, received, sent
from geozones.workspace.jobs.queues import Lane

_LOG = logging.getLogger(__name__)

#: Queues of files drawn and read, and of searches.
FILES = Lane(lambda bounds: bounds.files, niceness=5)
SEARCHES = Lane(lambda bounds: bounds.searches, niceness=10)
#: Queue of files drawn for visitors of shared links. Each link has few jobs at once, so many
#: links may wait.
VISITOR_FILES = Lane(lambda bounds: bounds.visitor_files, niceness=10, waiting_each=40)

#: Seconds between two checks of whether a job may continue.
_LOOK_S = 0.1
#: Seconds that a job has to return its best result after it was asked to stop.
_STOPPING_S = 20.0
_LESS = "Demandez moins à la fois : un secteur, une zone, un fichier plus petit."


class WorkApartError(GeozonesError):
    """A job exceeded its limits or its process died; nothing changed."""


class Listener(Protocol):
    """Progress callback of a job; raises ``SearchCancelledError`` when the job should stop."""

    def __call__(self, *said: object) -> None:
        """Report progress; without arguments, only check whether to stop."""


def _silent(*_: object) -> None:
    """Do nothing."""


def work_apart[Outcome](
    lane: Lane,
    function: Callable[..., Outcome],
    *arguments: object,
    told: Callable[..., None] = _silent,
    check: Callable[[], None] = _silent,
    stop: Event | None = None,
) -> Outcome:
    """Call a function in a separate process and return its result.

    Parameters
    ----------
    lane
        The queue: `FILES`, `SEARCHES` or `VISITOR_FILES`.
    function
        A module-level function, called with a `Listener`, then the arguments.
    told
        Progress callback, called with the arguments that the function gives its listener.
    check
        Called ten times a second; if it raises, the process is killed at once.
    stop
        Once this event is set, the listener raises: the function returns its best result so far.

    Raises
    ------
    WorkApartError
        If the job exceeds the server's limits of memory or time, if its process dies, if the queue
        is full, or if the function raises anything but a ``GeozonesError``.
    """
    bounds = read_bounds()
    job = (function, arguments)
    try:
        with lane.turn(bounds, check), ZYGOTE.connected() as (connection, process, stamp):
            content, atlas = sent(job, stamp)
            try:
                connection.send((bounds.memory_mb, bounds.seconds, lane.niceness))
                connection.send_bytes(content)
                answer = _Watch(connection, bounds, told, check, stop or Event()).answer()
            finally:
                _end(connection, process)
    except (EOFError, OSError) as error:
        raise WorkApartError(_LOST) from error
    kind, outcome = received(answer, atlas)
    if kind == "done":
        found: Outcome = outcome
        return found
    if kind == "refused":
        raise outcome
    if kind == "memory":
        raise WorkApartError(_too_much(bounds))
    _LOG.error("Work apart failed:\n%s", outcome)
    raise WorkApartError(_BROKEN)


def _end(connection: "Connection[Any, Any]", process: int) -> None:
    """Kill a job with the processes that it started, if it still runs; wait until it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(EOFError, OSError):
        while connection.poll(_LOOK_S):
            connection.recv_bytes()


def called[Outcome](_: Listener, function: Callable[..., Outcome], *arguments: object) -> Outcome:
    """Call a function that reports no progress and cannot be stopped early."""
    return function(*arguments)


class _Watch:
    """Reader of a job's messages until its answer."""

    def __init__(
        self,
        connection: "Connection[Any, Any]",
        bounds: ServerLimits,
        told: Callable[..., None],
        check: Callable[[], None],
        stop: Event,
    ) -> None:
        self._connection, self._bounds = connection, bounds
        self._told, self._check, self._stop = told, check, stop
        self._end = monotonic() + bounds.seconds
        self._asked = False

    def answer(self) -> bytes:
        """Return the answer as bytes; pass earlier messages to the progress callback."""
        while True:
            self._look()
            if not self._connection.poll(_LOOK_S):
                continue
            message = self._connection.recv_bytes()
            if message.startswith(ANSWER):
                return message[len(ANSWER) :]
            self._told(*received(message[len(TOLD) :], None))

    def _look(self) -> None:
        self._check()
        if self._stop.is_set() and not self._asked:
            self._asked = True
            self._connection.send_bytes(STOP)
            self._end = min(self._end, monotonic() + _STOPPING_S)
        if monotonic() > self._end:
            raise WorkApartError(_STOPPED if self._asked else _too_long(self._bounds))


_LOST = (
    "Le processus qui faisait ce travail s'est arrêté avant la fin (mémoire insuffisante ou arrêt "
    "forcé) : rien n'a changé. Réessayez ; si cela recommence, demandez moins à la fois."
)
_STOPPED = "Le travail a été arrêté avant d'avoir trouvé quoi que ce soit : rien n'a changé."
_BROKEN = (
    "Ce travail s'est arrêté sur une erreur interne : rien n'a changé. Réessayez ; si cela "
    "recommence, dites-le à qui installe l'outil : le journal du serveur garde le détail."
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
